"""Shown again who one is: what counts as a proof, for how long, and that nothing typed is lost."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyotp
import pytest

from bot.console.cookie import PLAIN, SECURE
from bot.console.frame import ConsoleSettings
from bot.staff import StaffBook
from bot.staff.passkeys import Site
from tests.console_frame.doors import CLOCK, NAME, Came, ask, at_the_door, come, status
from tests.console_frame.visitors import NOON, Console, Fields, Visitor
from tests.staff.device import Device

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = "seven calm rivers bend"
SITE = Site(NAME, f"https://{NAME}")
FIT_NOT = "That did not fit, or it came too often."
AGAIN = "Is it still you?"


@dataclass
class Worker:
    """Somebody with a password, an authenticator and a passkey, five minutes after they came."""

    visitor: Visitor
    secret: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    held: Device

    @property
    def proof(self) -> dict[str, str]:
        digits = pyotp.TOTP(self.secret).at(int(CLOCK.now))
        return {"_proof_password": PASSWORD, "_proof_second": digits}

    async def come(self, method: str, path: str, **fields: str) -> Came:
        """At the console that is opened under a number: there are no passkeys."""
        more: dict[str, Any] = {"headers": self.visitor.headers()}
        if method == "POST":
            more["data"] = {"token": self.visitor.token, **fields}
        return await come(self.visitor, method, path, **more)

    async def come_by_name(self, method: str, path: str, **fields: str) -> Came:
        """At the console that has a name."""
        assert self.visitor.opened is not None
        text = urlsafe_b64encode(self.visitor.opened.secret).rstrip(b"=").decode()
        headers = {"Host": NAME, "Origin": SITE.origin, "Cookie": f"{SECURE}={text}"}
        data = {"token": self.visitor.token, **fields} if method == "POST" else None
        return await come(self.visitor, method, path, headers=headers, data=data)

    def cookie(self) -> str:
        """What their browser holds now."""
        (found,) = [one.value for one in self.visitor.http.cookie_jar if one.key == PLAIN]
        return found


def worker(door: Console, name: str) -> Worker:
    """Of that name, which nobody has yet."""
    CLOCK.now = NOON
    book, visitor = door.office.book, door.browser()
    _, code = book.accounts.add(name, ["editor"])
    begun = book.signing_in.with_code(name, code)
    secret = book.signing_in.authenticator(begun.session)
    digits = pyotp.TOTP(secret).at(int(CLOCK.now))
    opened, codes = book.signing_in.choose(begun.session, PASSWORD, digits, begun.secret)
    held = Device(SITE.name, SITE.origin)
    answer = held.add(book.passkeys.begin_adding(opened.session, SITE))
    book.passkeys.add(opened.session, opened.secret, answer, "key ring", SITE)
    visitor.hold(opened)
    CLOCK.now = NOON + 300
    return Worker(visitor, secret, codes, held)


def shown(book: StaffBook, held: Device, who: Worker) -> str:
    """What that device says when the browser of that person asks it."""
    assert who.visitor.opened is not None
    return held.show(book.passkeys.begin(who.visitor.opened.session.csrf, SITE))


def forms(page: str) -> tuple[set[str], dict[str, str]]:
    """Where the forms that ask for a proof lead, and what they keep."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    kept = {name: value for name, value in Fields(main).values.items() if name != "token"}
    return set(re.findall(r'action="([^"]+)"', main)), kept


async def test_a_proof_lets_the_form_go_on_with_all_that_was_typed_and_changes_the_cookie(
    door: Console,
) -> None:
    anna = worker(door, "Anna Example")
    typed = {"said": "a <word>", "next": "/mine"}
    asked = await anna.come("POST", "/again?x=1&y=%C3%A9", **typed)
    assert asked.status == 401
    assert AGAIN in asked.text
    assert FIT_NOT not in asked.text
    leads, kept = forms(asked.text)
    assert leads == {"/again?x=1&amp;y=%C3%A9"}
    assert {name: kept.get(name) for name in typed} == typed
    assert "_proof_demo" not in asked.text
    assert "_proof_passkey" not in asked.text
    before = anna.cookie()
    went = await anna.come("POST", "/again", **typed, **anna.proof)
    assert went.status == 200
    assert '"said": "a <word>"' in went.text
    assert PASSWORD not in went.text
    after = anna.cookie()
    assert after != before
    # What somebody copied before opens nothing now.
    thief = {"Cookie": f"{PLAIN}={before}"}
    assert await status(door.browser(), "GET", "/mine", headers=thief) == 303
    assert await status(anna.visitor, "GET", "/again") == 200
    CLOCK.now += 299
    assert await status(anna.visitor, "GET", "/again") == 200
    assert anna.cookie() == after
    CLOCK.now += 1
    assert await status(anna.visitor, "GET", "/again") == 401


async def test_a_page_that_asks_leads_back_to_itself_and_never_elsewhere(door: Console) -> None:
    anna = worker(door, "Anna Back")
    asked = await anna.come("GET", "/again?x=1&y=2")
    assert asked.status == 401
    assert forms(asked.text) == ({"/prove"}, {"next": "/again?x=1&y=2"})
    wrong = await anna.come("POST", "/prove", next="/again?x=1", _proof_password="wrong")
    assert (wrong.status, FIT_NOT in wrong.text, AGAIN in wrong.text) == (401, True, True)
    assert forms(wrong.text) == ({"/prove"}, {"next": "/again?x=1"})
    assert "_proof_demo" not in wrong.text
    right = await anna.come("POST", "/prove", next="/again?x=1", **anna.proof)
    assert (right.status, right.where) == (303, "/again?x=1")
    for given in ({}, {"next": "https://evil.example/"}, {"next": "//evil.example"}):
        fresh = await anna.come("POST", "/prove", **given)
        assert (fresh.status, fresh.where) == (303, "/")


async def test_a_recovery_code_is_a_second_proof_and_the_last_blank_of_a_password_counts(
    door: Console,
) -> None:
    anna = worker(door, "Anna Codes")
    code = f" {anna.codes[0].upper()} "
    given = {"_proof_password": f"{PASSWORD} ", "_proof_second": code}
    assert (await anna.come("POST", "/again", **given)).status == 401
    given["_proof_password"] = PASSWORD
    assert (await anna.come("POST", "/again", **given)).status == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda _: {}, False),
        (lambda mine: {"_proof_second": mine["_proof_second"]}, False),
        (lambda mine: {"_proof_password": mine["_proof_password"]}, True),
        (lambda mine: {**mine, "_proof_password": "another calm river"}, True),
        (lambda mine: {**mine, "_proof_second": mine["_proof_password"]}, True),
        (lambda mine: {"_proof_password": mine["_proof_second"], "_proof_second": PASSWORD}, True),
        (lambda _: {"_proof_demo": "yes"}, False),
        (lambda _: {"_proof_passkey": "{}"}, False),
    ],
)
async def test_what_is_no_proof_does_nothing_and_says_so_only_when_something_was_given(
    door: Console, wrong: Callable[[dict[str, str]], dict[str, str]], said: bool
) -> None:
    name = f"Boris {len(door.office.book.accounts.everyone())}"
    boris = worker(door, name)
    before = boris.cookie()
    for path in ("/again", "/prove"):
        came = await boris.come("POST", path, said="a word", **wrong(boris.proof))
        assert (came.status, FIT_NOT in came.text) == (401, said)
        assert forms(came.text)[1]["said"] == "a word"
    assert boris.cookie() == before


async def test_the_proof_of_a_colleague_proves_nothing(door: Console) -> None:
    anna, boris = worker(door, "Anna Own"), worker(door, "Boris Own")
    assert (await anna.come("POST", "/again", **boris.proof)).status == 401
    book = door.office.book
    foreign = shown(book, boris.held, anna)
    came = await anna.come_by_name("POST", "/again", _proof_passkey=foreign)
    assert (came.status, FIT_NOT in came.text) == (401, True)


async def test_a_passkey_is_proof_enough_where_the_console_has_a_name(door: Console) -> None:
    anna = worker(door, "Anna Passkey")
    book = door.office.book
    for path, method in (("/again", "GET"), ("/again", "POST"), ("/prove", "POST")):
        asked = await anna.come_by_name(method, path)
        assert asked.status == 401
        assert "_proof_passkey" in asked.text
    answer = shown(book, anna.held, anna)
    given = {"_proof_passkey": answer, "said": "a word"}
    # Under a number there are none: nothing was shown.
    assert (await anna.come("POST", "/again", **given)).status == 401
    came = await anna.come_by_name("POST", "/again", **given)
    assert came.status == 200
    assert '"said": "a word"' in came.text
    # The secret is another one from then on.
    assert (await anna.come_by_name("GET", "/mine")).status == 303


async def test_where_there_are_passkeys_a_password_still_is_a_proof(door: Console) -> None:
    anna = worker(door, "Anna Both")
    assert (await anna.come_by_name("POST", "/again")).status == 401
    assert (
        await anna.come_by_name("POST", "/again", _proof_passkey="", **anna.proof)
    ).status == 200


async def test_in_a_demonstration_a_button_is_proof_enough_for_whoever_is_in_it(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    people: list[tuple[str, str]] = []
    demo = ConsoleSettings(demo=True)
    folder = tmp_path_factory.mktemp("demo")
    async with at_the_door(folder, settings=demo, demo_staff=people) as door:
        tried, other = worker(door, "Demo Editor"), worker(door, "Anna Example")
        assert tried.visitor.staff is not None
        people.append((tried.visitor.staff.id, "Demo Editor"))
        for path in ("/again", "/prove"):
            for who, offered in ((tried, True), (other, False)):
                came = await who.come("POST", path, said="a word")
                assert (came.status, "_proof_demo" in came.text) == (401, offered)
        assert (await other.come("POST", "/again", _proof_demo="yes")).status == 401
        before = tried.cookie()
        assert (await tried.come("POST", "/again", _proof_demo="yes")).status == 200
        assert tried.cookie() != before
        assert (await come(tried.visitor, "GET", "/again")).status == 200
        await _ended_meanwhile(door, tried, monkeypatch)


async def _ended_meanwhile(door: Console, who: Worker, patch: pytest.MonkeyPatch) -> None:
    """A session that ends while its form is on the way is proven by nothing."""
    sessions = door.office.book.sessions
    find = vars(type(sessions))["find"]

    def and_then_it_ends(self: Any, secret: bytes, **more: Any) -> Any:
        found = find(self, secret, **more)
        self.end(secret)
        return found

    CLOCK.now += 300
    patch.setattr(type(sessions), "find", and_then_it_ends)
    async with ask(
        who.visitor,
        "POST",
        "/again",
        data={"token": who.visitor.token, "_proof_demo": "yes"},
        headers=who.visitor.headers(),
    ) as answer:
        assert answer.status == 401
        assert FIT_NOT in await answer.text()
