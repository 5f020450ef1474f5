"""The console in a real browser: by keyboard, with passkeys, narrow, and read out."""

import re
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from tests.console_frame.test_frame import PASSWORD
from tests.console_frame.visitors import Clock, Console, a_console, a_member, an_office

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
SHORTLY = "document, {resultTypes: ['violations']}"
"""Looks for everything, and does not write down every place where all is well."""
PAGES = ("/people", "/me", "/me/authenticator", "/keys", "/audit", "/who-may")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder = tmp_path_factory.mktemp("desk")
    async with a_console(an_office(folder / "data", clock=Clock())) as console:
        # Browsers give passkeys to names alone.
        console.url = console.url.replace("127.0.0.1", "localhost")
        yield console


async def opened(browser: Browser, desk: Console, name: str = "", **more: Any) -> BrowserContext:
    """A browser, of somebody who is signed in when a name is given."""
    context = await browser.new_context(**more)
    if name:
        staff = a_member(desk.office.book, name, "administrator", "lead", "auditor")
        visitor = await desk.someone(name)
        assert visitor.staff == staff
        (cookie,) = visitor.http.cookie_jar
        await context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": desk.url, "sameSite": "Strict"}]
        )
    return context


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong, and where."""
    found = await page.evaluate(f"(async () => {{ {AXE}; return await axe.run({SHORTLY}); }})()")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


@pytest.mark.asyncio(loop_scope="session")
async def test_somebody_new_sets_up_and_signs_in_by_keyboard_alone(
    chromium: Browser, desk: Console
) -> None:
    book, clock = desk.office.book, desk.office.clock
    _, code = book.accounts.add("Oksana Example", ["viewer"])
    context = await opened(chromium, desk, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{desk.url}/sign-in/first")
    await page.focus("[name=name]")
    await page.keyboard.type("Oksana Example")
    await press(page, "Tab")
    await page.keyboard.type(code)
    await press(page, "Enter")
    await page.wait_for_url("**/set-up")
    secret = re.sub(r"\s", "", await page.inner_text("code"))
    await page.focus("[name=password]")
    await page.keyboard.type(PASSWORD)
    await press(page, "Tab")
    await page.keyboard.type(pyotp.TOTP(secret).at(int(clock())))
    await press(page, "Enter")
    await page.wait_for_selector(".codes li")
    assert await page.locator(".codes li").count() == 10
    await press(page, "Tab")
    await page.goto(f"{desk.url}/help")
    assert await page.inner_text(".who span") == "Oksana Example"
    await context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_passkey_is_made_and_signs_in_and_proves(chromium: Browser, desk: Console) -> None:
    context = await opened(chromium, desk, "Passkey Example")
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    await wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    await page.goto(f"{desk.url}/me")
    await page.fill("[name=label]", "my laptop")
    await page.click("text=Add a passkey")
    await page.wait_for_selector("text=The passkey is added.")
    assert "my laptop" in await page.inner_text("main")

    await page.click("text=Sign out")
    await page.wait_for_url("**/sign-in")
    await page.click("text=Sign in with a passkey")
    await page.wait_for_url(f"{desk.url}/")
    assert await page.inner_text(".who span") == "Passkey Example"

    clock = desk.office.clock
    assert isinstance(clock, Clock)
    clock.now += 400
    await page.goto(f"{desk.url}/keys")
    await page.fill("[name=name]", "Partner Example")
    await page.click("text=Make a key")
    await page.click("text=Show a passkey")
    await page.wait_for_selector("text=It is shown this once.")
    await context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_goes_away_when_the_account_is_revoked(
    chromium: Browser, desk: Console
) -> None:
    context = await opened(chromium, desk, "Gone Example")
    page = await context.new_page()
    async with page.expect_websocket():
        await page.goto(f"{desk.url}/help")
    desk.office.book.accounts.revoke(desk.office.book.accounts.named("Gone Example").id)
    await page.wait_for_url("**/sign-in")
    await context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_goes_away_also_when_its_line_never_stood(
    chromium: Browser, desk: Console
) -> None:
    context = await opened(chromium, desk, "Late Example")
    page = await context.new_page()
    late = desk.office.book.accounts.named("Late Example").id

    async def first(route: Any) -> None:
        desk.office.book.accounts.revoke(late)
        await route.continue_()

    await page.route("**/static/console.js", first)
    await page.goto(f"{desk.url}/help", wait_until="commit")
    await page.wait_for_url("**/sign-in")
    await context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_keys_of_the_keyboard_lead_to_pages_and_through_rows(
    chromium: Browser, desk: Console
) -> None:
    for name in ("Row One Example", "Row Two Example"):
        a_member(desk.office.book, name, "viewer")
    context = await opened(chromium, desk, "Keys Example")
    page = await context.new_page()
    await page.goto(f"{desk.url}/me")
    await press(page, "g", "a")
    await page.wait_for_url("**/people")
    await press(page, "j", "j", "k", "j")
    focused = await page.evaluate("document.activeElement.closest('[data-row]').rowIndex")
    assert focused == 2
    await press(page, "Enter")
    await page.wait_for_url("**/people/s*")
    await press(page, "?")
    await page.wait_for_url("**/help")
    await press(page, "/")
    await page.keyboard.type("g a ?")
    assert await page.input_value("#find") == "g a ?"
    assert page.url.endswith("/help")
    await context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_every_page_is_read_out_well_light_and_dark_and_fits_a_narrow_screen(
    chromium: Browser, desk: Console
) -> None:
    blocked: list[str] = []
    for scheme, pages in (("light", PAGES), ("dark", ("/me",))):
        context = await opened(
            chromium,
            desk,
            "Reading Example",
            color_scheme=scheme,
            viewport={"width": 320, "height": 640},
        )
        page = await context.new_page()
        page.on("console", lambda said: blocked.append(said.text))
        for path in pages:
            await page.goto(desk.url + path)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, path
            assert await faults(page) == [], path
        await context.clear_cookies()
        for path in ("/sign-in",):
            await page.goto(desk.url + path)
            assert await faults(page) == [], path
        await context.close()
    # What the policy blocks, a browser says here. A page that asks for a proof or is not there is
    # said too.
    assert [said for said in blocked if " 40" not in said] == []


@pytest.mark.asyncio(loop_scope="session")
async def test_no_name_becomes_markup(chromium: Browser, desk: Console) -> None:
    bad = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"[:60]
    book = desk.office.book
    made = book.accounts.add(bad, ["viewer"])[0]
    book.keys.create(bad, ["hsds.read"], made.id)
    context = await opened(chromium, desk, "Marks Example")
    page = await context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    for path in ("/people", f"/people/{made.id}", "/keys", "/audit"):
        await page.goto(desk.url + path)
        assert await page.locator("main img, main script").count() == 0
        assert bad in await page.inner_text("main")
    assert said == []
    await context.close()


def test_the_screens_hold_no_style_or_script_of_their_own() -> None:
    templates = Path(__file__).resolve().parents[2] / "bot" / "console" / "templates"
    for path in sorted(templates.glob("*.html")):
        text = path.read_text(encoding="utf-8")
        if "<!doctype" in text and path.name != "base.html":
            continue  # a paper of its own, with a policy of its own
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", text), path.name
        assert "|safe" not in text, path.name
        # A script is a file of ours, and nothing else.
        ours = r'<script type="module" src="/static/[a-z/_]+\.js">'
        assert [
            one for one in re.findall(r"<script[^>]*>", text) if not re.fullmatch(ours, one)
        ] == []
