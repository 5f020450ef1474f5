"""The console answers to whoever is signed in, and to nobody else."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest

from tests.console_frame.visitors import (
    NOON,
    Clock,
    Console,
    Fields,
    Visitor,
    a_console,
    an_office,
)

PASSWORD = "seven calm rivers bend"


async def fill(visitor: Visitor, page: str, path: str, **fields: str) -> tuple[int, str, str]:
    """Sends a form of that page: status, where it leads, and the text."""
    hidden = {name: value for name, value in Fields(page).values.items() if name == "token"}
    async with visitor.http.post(
        visitor.url + path,
        data={**hidden, **fields},
        headers=visitor.headers(),
        allow_redirects=False,
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def set_up(console: Console, name: str, code: str) -> tuple[Visitor, str, list[str]]:
    """Somebody's first time: their browser, the secret of their authenticator, their codes."""
    browser = console.browser()
    page = await browser.get("/sign-in/first")
    status, where, _ = await fill(browser, page, "/sign-in/first", name=name, code=code)
    assert (status, where) == (303, "/set-up")
    page = await browser.get("/set-up")
    (letters,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    secret = letters.replace(" ", "")
    digits = pyotp.TOTP(secret).at(int(console.office.clock()))
    given = {"password": PASSWORD, "digits": digits}
    status, _, page = await fill(browser, page, "/set-up", **given)
    assert status == 200, page
    return browser, secret, re.findall(r"<li>([a-z2-9-]{23})</li>", page)


async def sign_in(browser: Visitor, name: str, password: str, second: str) -> tuple[int, str]:
    page = await browser.get("/sign-in")
    given = {"name": name, "password": password, "second": second}
    status, where, text = await fill(browser, page, "/sign-in", **given)
    return status, where or text


async def test_the_first_time_with_a_code_then_with_a_password_and_six_digits(
    console: Console, clock: Clock
) -> None:
    _, code = console.office.book.accounts.add("Anna Example", ["editor"])
    browser, secret, codes = await set_up(console, "anna example", code.upper())
    assert "Anna Example" in await browser.get("/")
    assert len(codes) == 10

    clock.now = NOON + 60
    other = console.browser()
    digits = pyotp.TOTP(secret).at(int(clock.now))
    assert await sign_in(other, "Anna Example", PASSWORD, digits) == (303, "/")
    assert "Anna Example" in await other.get("/")

    again = console.browser()
    assert (await sign_in(again, "Anna Example", PASSWORD, digits))[0] == 422
    assert await sign_in(again, "Anna Example", PASSWORD, codes[3]) == (303, "/")
    assert (await sign_in(console.browser(), "Anna Example", PASSWORD, codes[3]))[0] == 422


async def test_strangers_who_guess_keep_nobody_out_of_the_browser_in_which_they_signed_in(
    tmp_path: Path, clock: Clock
) -> None:
    tries: list[float] = []
    office = an_office(tmp_path / "data", clock=clock, wait=lambda _: sum(tries))
    async with a_console(office) as console:
        _, code = office.book.accounts.add("Anna Example", ["editor"])
        browser, secret, _ = await set_up(console, "Anna Example", code)
        token = Fields(await browser.get("/")).values["token"]
        out = {"token": token}
        async with browser.http.post(
            f"{console.url}/sign-out", data=out, headers=browser.headers(), allow_redirects=False
        ) as answer:
            assert answer.status == 303
            assert "cookies" not in answer.headers["Clear-Site-Data"]
        await browser.get("/", status=303)

        stranger = console.browser()
        for guess in range(12):
            assert (await sign_in(stranger, "Anna Example", f"guess {guess}", "000000"))[0] == 422
        clock.now += 60
        digits = pyotp.TOTP(secret).at(int(clock.now))
        assert (await sign_in(console.browser(), "Anna Example", PASSWORD, digits))[0] == 422
        # Nor when their whole network has no try left, or asks for every challenge there is.
        tries.append(60.0)
        page = await stranger.get("/sign-in")
        assert (await fill(stranger, page, "/passkey/begin"))[0] == 503
        assert await sign_in(browser, "Anna Example", PASSWORD, digits) == (303, "/")
        known = [one for one in browser.http.cookie_jar if one.key == "known"]
        assert [(one["httponly"], one["samesite"], one["path"]) for one in known] == [
            (True, "Strict", "/")
        ]


async def test_a_set_up_code_counts_for_a_day_and_until_it_was_used(
    console: Console, clock: Clock
) -> None:
    _, code = console.office.book.accounts.add("Anna Example", ["editor"])
    clock.now += 24 * 3600
    browser = console.browser()
    page = await browser.get("/sign-in/first")
    status, *_ = await fill(browser, page, "/sign-in/first", name="Anna Example", code=code)
    assert status == 422

    fresh = console.office.book.accounts.reset(
        console.office.book.accounts.named("Anna Example").id
    )
    await set_up(console, "Anna Example", fresh)
    status, *_ = await fill(browser, page, "/sign-in/first", name="Anna Example", code=fresh)
    assert status == 422


async def test_whoever_has_only_a_set_up_code_reaches_no_page_but_the_choice(
    console: Console,
) -> None:
    _, code = console.office.book.accounts.add("Anna Example", ["administrator", "lead"])
    browser = console.browser()
    page = await browser.get("/sign-in/first")
    await fill(browser, page, "/sign-in/first", name="Anna Example", code=code)
    for path in ("/", "/people", "/me", "/who-may.json"):
        async with browser.http.get(browser.url + path, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/set-up")


async def test_every_wrong_answer_is_the_same_page(console: Console) -> None:
    book = console.office.book
    _, code = book.accounts.add("Anna Example", ["editor"])
    _, secret, _ = await set_up(console, "Anna Example", code)
    gone, gone_code = book.accounts.add("Boris Example", ["editor"])
    await set_up(console, "Boris Example", gone_code)
    book.accounts.revoke(gone.id)
    book.accounts.add("Not Ready", ["editor"])
    later = pyotp.TOTP(secret).at(int(console.office.clock()) + 30)
    tries = [
        ("Anna Example", "wrong password here", later),
        ("Anna Example", PASSWORD, "000000"),
        ("Anna Example", "", ""),
        ("Boris Example", PASSWORD, later),
        ("Not Ready", PASSWORD, later),
        ("Nobody Example", PASSWORD, later),
        ("Nobody" * 500, "x" * 5000, "\u0661\u0662\u0663\u0664\u0665\u0666"),
    ]
    pages = set()
    for name, password, second in tries:
        status, text = await sign_in(console.browser(), name, password, second)
        assert status == 422
        pages.add(re.sub(r'value="[^"]*"', "", text))
    assert len(pages) == 1


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
async def test_signing_in_never_leads_to_another_site(console: Console, next_: str) -> None:
    page = await console.browser().get(f"/sign-in?next={next_}")
    assert Fields(page).values["next"] == "/"


async def test_whoever_is_not_signed_in_is_asked_who_they_are(console: Console) -> None:
    nobody = console.browser()
    async with nobody.http.get(f"{console.url}/me?x=1", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/sign-in?next=/me%3Fx%3D1"
    page = await nobody.get("/sign-in?next=/me%3Fx%3D1")
    assert Fields(page).values["next"] == "/me?x=1"
    await nobody.get("/no-such-page", status=404)


async def test_what_was_typed_is_shown_again_when_the_session_ended_meanwhile(
    console: Console, clock: Clock
) -> None:
    anna = await console.someone("Anna Example", "administrator")
    clock.now += 15 * 60
    kept_by_the_page = {"began": "as it stood", "contacts.0.was": "its old number"}
    typed = {"name": "Clara <b>Example</b>", "password": "a secret"}
    answer = await anna.post("/people", **typed, **kept_by_the_page)
    page = await answer.text()
    assert answer.status == 401
    assert "Clara &lt;b&gt;Example" in page
    for other in ("a secret", "as it stood", "its old number"):
        assert other not in page


async def test_a_file_of_somebody_whom_nobody_knows_is_not_read(console: Console) -> None:
    async def forever() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        await asyncio.sleep(60)

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "30000000"}
    async with (
        asyncio.timeout(20),
        console.browser().http.post(
            f"{console.url}/imports", data=forever(), headers=headers, allow_redirects=False
        ) as answer,
    ):
        assert answer.status == 401


async def test_signing_out_ends_it_for_whoever_copied_the_cookie(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    thief = console.browser()
    for cookie in anna.http.cookie_jar:
        thief.http.cookie_jar.update_cookies({cookie.key: cookie.value})
    assert "Anna Example" in await thief.get("/")
    assert (await anna.post("/sign-out")).status == 303
    await thief.get("/", status=303)


async def test_pages_are_in_the_language_that_somebody_chose(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    answer = await anna.post("/me/language", language="en", next="/help")
    assert (answer.status, answer.headers["Location"]) == (303, "/help")
    assert '<html lang="en">' in await anna.get("/")
