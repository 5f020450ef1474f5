"""What a dishonest server, or somebody in between, can make the page show: never the text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.channels.contract import Sealed, TalkTold
from bot.sealing import Context, Organisation, SignedRoster, seal_for_person, sign_reply
from bot.sealing.roster import APART
from bot.vault.signing import SigningKeys
from tests.web_chat.conftest import Site, Visit, until
from tests.web_chat.desk import Desk, in_clear, swapped
from tests.web_chat.on_duty import Operator
from tests.web_chat.test_sealed import sealed, write

pytestmark = pytest.mark.asyncio(loop_scope="session")
TEXT = "come to the old bridge tonight"
Forge = Callable[[TalkTold], TalkTold]


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def each(told: TalkTold, change: Callable[[Sealed], Sealed]) -> TalkTold:
    """Other replies than the desk has."""
    return swapped(told, replies=tuple(change(one) for one in told.replies))


def older_roster(desk: Desk) -> SignedRoster:
    entries = [one.on_duty(desk.organisation) for one in (desk.maple, desk.birch)]
    return desk.organisation.roster(entries, int(desk.now()), desk.serial - APART - 1)


def forgeries(desk: Desk, other: Organisation) -> dict[str, Forge]:
    """What the server may try, by name."""
    rogue = Operator("Maple", desk.maple.prekey.public.until)
    old = older_roster(desk)
    entries = [one.on_duty(other) for one in (desk.maple, desk.birch)]
    theirs = other.roster(entries, int(desk.now()), 2**40)

    def by_rogue(one: Sealed) -> Sealed:
        # The server knows what replies are sealed to: it lacks only the operator's signature.
        return rogue.write(TEXT, one.number, desk.suite, desk.public)

    def of_other_chat(one: Sealed) -> Sealed:
        place = Context(bytes(16), "out", one.number)
        body = seal_for_person(place, TEXT, 1, desk.public)
        signature = sign_reply(place, body, desk.maple.identity)
        return replace(one, sealed=body, signature=signature)

    return {
        "a reply by somebody else": lambda told: each(told, by_rogue),
        "in the name of who answers": lambda told: each(
            told, lambda one: replace(by_rogue(one), signer=one.signer)
        ),
        "a changed signature": lambda told: each(
            told, lambda one: replace(one, signature=flipped(one.signature))
        ),
        "changed bytes": lambda told: each(
            told, lambda one: replace(one, sealed=flipped(one.sealed))
        ),
        "a reply twice": lambda told: each(told, lambda one: replace(one, number=one.number + 1)),
        "a reply withheld": lambda told: swapped(told, replies=told.replies[1:]),
        "a reply of another chat": lambda told: each(told, of_other_chat),
        "another chat": lambda told: swapped(told, chat=bytes(16)),
        "a changed roster": lambda told: swapped(told, roster=told.roster + b" "),
        "an older roster": lambda told: swapped(told, roster=old.data, signature=old.signature),
        "a roster of others": lambda told: swapped(
            told,
            roster=theirs.data,
            signature=theirs.signature,
            organisation={"ed25519": other.keys.ed25519, "p256": other.keys.p256},
        ),
        "a reader who is on no roster": lambda told: swapped(
            told, receivers=(*told.receivers, rogue.prekey.public.id)
        ),
    }


async def refused(page: Page) -> None:
    """The page says calmly that something is wrong, and what can be done."""
    trouble = page.locator("#trouble")
    await expect(trouble).to_contain_text("does not fit its seal")
    await expect(trouble.locator("a")).to_have_attribute("href", "/now/en")
    await expect(trouble.locator("input")).to_have_count(2)
    await expect(page.locator("#seal")).to_have_text("")
    assert TEXT not in await page.content()


async def test_whatever_is_forged_the_page_says_that_it_does_not_fit_and_shows_nothing(
    site: Site, visit: Visit, tmp_path: Path
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    other = Organisation(SigningKeys.open(tmp_path / "other"))
    async with visit() as page:
        await sealed(page)
        tried = forgeries(desk, other)
        for name, forge in tried.items():
            desk.forge = forge
            desk.write(TEXT)
            desk.write(TEXT)
            await refused(page)
            await write(page, "not sent like this")
            await expect(page.locator("#write")).to_have_value("not sent like this")
            assert desk.said == [], name
            desk.forge = lambda told: told
            await page.get_by_role("button", name="Try again with new keys").click()
            await sealed(page)
        await expect(page.get_by_text("could not be checked")).to_have_count(len(tried))
        desk.write("an honest reply")
        await expect(page.locator(".them .said")).to_have_text("an honest reply")
    assert len(tried) == 12
    assert in_clear(desk) == ""


async def test_nothing_is_sent_to_anybody_whom_the_organisation_has_not_named(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.forge = lambda told: swapped(told, signature=flipped(told.signature))
    async with visit() as page:
        await page.locator("#write").fill("my first words")
        await page.locator("[data-person] [type=submit]").click()
        await refused(page)
        await expect(page.locator("#write")).to_have_value("my first words")
        assert (desk.said, in_clear(desk)) == ([], "")
        desk.forge = lambda told: told
        await page.get_by_role("button", name="Try again with new keys").click()
        await expect(page.locator("#seal")).to_contain_text("people on duty")
        await expect(page.locator(".lines")).to_contain_text("could not be checked")
        await page.keyboard.press("Enter")
        await until(lambda: desk.said)
        assert desk.maple.read(desk.said[0]) == "my first words"


async def test_the_seal_is_given_up_only_when_the_person_says_so_and_is_told_what_changes(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        desk.forge = lambda told: swapped(told, chat=bytes(16))
        desk.changed()
        await refused(page)
        await expect(page.locator("#trouble")).to_contain_text("our server sees each message")
        assert desk.mode == "device"
        await page.get_by_role("button", name="Go on without the seal").click()
        await expect(page.locator(".door")).to_contain_text("sees it for a moment")
        await expect(page.locator("#seal, #trouble")).to_have_count(0)
        assert desk.mode == "door"
        await write(page, "through the door")
        await expect(page.locator(".me .said")).to_have_text("through the door")
        await expect(page.locator("#write")).to_have_value("")
        desk.write("and back")
        await expect(page.locator(".them .said")).to_have_text("and back")
        assert desk.said == []


async def test_when_another_page_gave_the_seal_up_this_one_does_not_follow_unasked(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        desk.mode = "door"
        desk.changed()
        await expect(page.locator("#trouble")).to_contain_text("goes on in another tab")
        await write(page, "kept")
        await expect(page.locator("#write")).to_have_value("kept")
        assert in_clear(desk) == ""
