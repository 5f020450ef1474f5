"""Takes the pictures that stand in the documents, from the running program.

    .venv/bin/python -m tests.documents.pictures [FOLDER]       default: docs/pictures

It starts the demonstration, with made-up visitors and made-up staff, walks it in a real browser and
takes what it sees. Nothing in a picture is of a person. It decides what is shown, and nothing else.
"""

import base64
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.documents.reading import ROOT
from tests.web.conftest import CHROMIUM, FLAGS

FOLDER = ROOT / "docs" / "pictures"
TAKEN = ("console.png", "desk.png", "page.png")
"""Everything that it takes; a test holds the folder and the documents to it."""
MOST_BYTES = 200_000
PHONE: ViewportSize = {"width": 320, "height": 620}
DESK: ViewportSize = {"width": 1280, "height": 700}
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)
SIDE_BY_SIDE = """
<body style="margin:0;background:#e9e6e1;display:flex;gap:12px;padding:12px">{}</body>
"""
PHONE_FRAME = '<img style="border-radius:14px;width:320px" src="data:image/png;base64,{}">'


@contextmanager
def demonstration() -> Iterator[int]:
    """A demonstration of its own, and the port of its page; the console is two further on."""
    port = _free()
    command = [str(ROOT / "quietline"), "demo", "--scenario", "queue", "--port", str(port)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        for line in running.stdout:
            if "Made-up visitors" in line:
                break
        yield port
    finally:
        running.terminate()
        running.wait(30)


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return min(port, 60_000)


def phone(browser: Browser, port: int, locale: str) -> Page:
    """The page on a small telephone."""
    page = browser.new_context(viewport=PHONE, locale=locale).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"http://127.0.0.1:{port}/")
    return page


def choose(page: Page, *keys: str) -> None:
    """Presses the choices with these keys, each when the page has gone on."""
    for key in keys:
        form = page.locator(f"form:has(input[name=c][value='{key}'])").first
        mark = form.locator("input[name=m]").input_value()
        form.locator("input[type=submit]").click()
        expect(page.locator(f"main input[name=m][value='{mark}']")).to_have_count(0)


def write(page: Page, words: str) -> None:
    """Writes and sends."""
    page.locator("#write").fill(words)
    page.locator("form:has(#write) [type=submit]").click()


def press(page: Page, *labels: str) -> None:
    """Presses buttons of the console one after the other, each when it is there."""
    for label in labels:
        page.get_by_role("button", name=label, exact=True).first.click()


def at_work(browser: Browser, port: int, who: str) -> Page:
    """The console, as somebody of the demonstration."""
    page = browser.new_context(viewport=DESK, locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"http://localhost:{port + 2}/sign-in")
    press(page, who)
    page.wait_for_load_state()
    return page


def taken(page: Page, folder: Path, name: str) -> None:
    """Writes a picture. Raises `ValueError` when it is too large for a document."""
    seen = page.screenshot(path=folder / name)
    if len(seen) > MOST_BYTES:
        message = f"{name} has {len(seen)} bytes; at most {MOST_BYTES} load quickly"
        raise ValueError(message)


def console(browser: Browser, port: int, folder: Path) -> None:
    """A listing whose parts were asked for by telephone."""
    page = at_work(browser, port, "Demo Editor")
    page.goto(f"http://localhost:{port + 2}/listings/ua-lastrada-nhl")
    press(page, "All of it is right")
    expect(page.get_by_text("The check is noted.")).to_be_visible()
    page.goto(page.url)
    taken(page, folder, "console.png")


def desk(browser: Browser, port: int) -> Page:
    """Somebody at the desk, on shift, with nobody yet."""
    page = at_work(browser, port, "Demo Operator")
    page.goto(f"http://localhost:{port + 2}/desk")
    press(page, "Lock with seven words", "I wrote them down")
    expect(page.get_by_role("button", name="Begin", exact=True)).to_be_visible()
    for box in page.locator("input[name^='languages:']").all():
        box.check()
    page.get_by_label("Who people see").fill("Oksana")
    press(page, "Begin")
    expect(page.locator(".bar")).to_be_visible()
    return page


def talk(browser: Browser, port: int, folder: Path) -> bytes:
    """A made-up person and the desk talk: takes the desk, and gives what the person sees."""
    person = phone(browser, port, "en-GB")
    choose(person, "yes")
    at = desk(browser, port)
    choose(person, "!human", "yes", "noted")
    write(person, "Hello. I do not know where to begin.")
    # The visitors of the demonstration who speak English name a need; this person named none.
    mine = at.locator("[data-key-row^='waits']", has_text="English").filter(has_not_text="place")
    mine.first.press("Enter")
    expect(at.locator(".chat.here .cover").first).to_be_visible()
    at.keyboard.press("Space")
    at.locator(".chat.here textarea").focus()
    at.keyboard.type("/gr")
    at.keyboard.press("Enter")
    at.keyboard.press("Enter")
    expect(person.locator("main")).to_contain_text("I am a person, and I am here with you now")
    write(person, "Is there somebody who knows about papers?")
    expect(at.locator(".chat.here .cover")).to_be_visible()
    at.locator("#directory").fill("legal aid")
    at.locator("#directory").press("Enter")
    expect(at.locator("aside .results button").first).to_be_visible()
    taken(at, folder, "desk.png")
    person.locator(".me").first.evaluate("line => scrollTo(0, line.offsetTop - 150)")
    return person.screenshot()


def page(browser: Browser, shown: Iterable[bytes], folder: Path) -> None:
    """Telephones side by side."""
    frames = [PHONE_FRAME.format(base64.b64encode(one).decode()) for one in shown]
    sheet = browser.new_page(viewport={"width": 1008, "height": PHONE["height"] + 24})
    sheet.set_content(SIDE_BY_SIDE.format("".join(frames)), wait_until="load")
    taken(sheet, folder, "page.png")


def needs(browser: Browser, port: int) -> bytes:
    """What would help, in Ukrainian."""
    seen = phone(browser, port, "uk-UA")
    choose(seen, "yes")
    return seen.screenshot()


def understood(browser: Browser, port: int) -> bytes:
    """A sentence that was understood, and a service, in Spanish."""
    seen = phone(browser, port, "es-CO")
    choose(seen, "yes")
    write(seen, "necesito un abogado en Cali")
    expect(seen.locator("main")).to_contain_text("155")
    seen.evaluate("scrollTo(0, 0)")
    return seen.screenshot()


def main(folder: Path = FOLDER) -> None:
    """Takes all of them."""
    with demonstration() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        console(browser, port, folder)
        shown = [needs(browser, port), understood(browser, port), talk(browser, port, folder)]
        page(browser, shown, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
