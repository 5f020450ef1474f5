"""What the desk keeps from who should not have it: locked pages, keys, rosters. And what it gives
to who works there: pauses, an end of the shift, a page that everybody can read.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.console_desk_ui.conftest import (
    NARROW,
    WIDE,
    Room,
    Shift,
    begin_shift,
    ended,
    faults,
    make_keys,
    typed,
)
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
MINUTES = 60_000
CANARY = "heliotropewaltz"
"""A word that a person writes, and nobody else."""
DRAFT = "xylophoneharbour"
"""A word that an operator has written and not sent."""


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def nina(room: Room) -> AsyncIterator[Page]:
    """An operator with a phrase, and a clock in her browser that tests may turn."""
    page = await room.sits("Nina")
    await page.clock.install()
    await page.reload()
    nina_words[page] = await make_keys(page)
    await begin_shift(page, "Nina")
    yield page


nina_words: dict[Page, str] = {}


async def strings(page: Page) -> str:
    """Everything that the page's memory holds, after it was tidied up."""
    wire = await page.context.new_cdp_session(page)
    parts: list[str] = []
    wire.on("HeapProfiler.addHeapSnapshotChunk", lambda one: parts.append(one["chunk"]))
    await wire.send("HeapProfiler.enable")
    await wire.send("HeapProfiler.collectGarbage")
    await wire.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    await wire.detach()
    return "".join(parts)


async def test_after_fifteen_minutes_without_a_hand_no_word_and_no_key_is_left_in_the_page(
    room: Room, nina: Page
) -> None:
    chat = await room.taken(nina, f"My word is {CANARY}")
    await nina.keyboard.type(DRAFT)
    assert CANARY in await strings(nina)
    await nina.clock.run_for(16 * MINUTES)
    await expect(nina.locator(".gate h2")).to_have_text("Locked")
    assert await nina.locator(".chat").count() == 0
    left = await strings(nina)
    assert CANARY not in left
    assert DRAFT not in left

    # Wrong words open nothing; the right ones bring everything back, also what was not sent.
    await nina.fill("[name=phrase]", "one two three four five six seven")
    await typed(nina, "Enter")
    await expect(nina.locator(".gate .fault")).to_contain_text("did not open the keys")
    await nina.fill("[name=phrase]", nina_words[nina])
    await typed(nina, "Enter")
    await expect(nina.locator(".chat .cover")).to_be_focused()
    await typed(nina, "Space")
    await expect(nina.locator(".talk .them")).to_contain_text(CANARY)
    await expect(nina.locator(".compose textarea")).to_have_value(DRAFT)
    assert room.desk.now(chat).state == "claimed"


async def test_a_roster_that_the_organisation_did_not_sign_is_not_sealed_to(
    room: Room, nina: Page
) -> None:
    async def forged(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        await route.fulfill(json={**told, "signature": "A" * 170 + "=="})

    await nina.route("**/desk/roster.json", forged)
    await room.desk.operator("Rita")
    await expect(nina.locator(".line.bad")).to_contain_text("is not signed as it should be")
    # Nothing of hers was sealed to whoever came with it.
    await nina.click("text=Notes to colleagues")
    await nina.click("button:has-text('Note to Rita')")
    await nina.fill("dialog textarea", "Good evening")
    await nina.click("dialog[open] button:has-text('Send')")
    await expect(nina.locator(".line.bad")).to_be_visible()
    assert not any(b"Good evening" in one for one in room.desk.wire)
    await nina.unroute_all(behavior="wait")


async def test_a_passkey_locks_and_unlocks_the_keys(room: Room) -> None:
    page = await room.sits("Petra")
    wire = await page.context.new_cdp_session(page)
    await wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "hasPrf": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    # The press leads to the proof of who sits here, and back.
    await page.click("text=Lock with a passkey")
    await begin_shift(page, "Petra")
    await page.reload()
    await page.click("text=Unlock with the passkey")
    await page.wait_for_selector(".bar")


async def test_what_comes_opens_in_each_browser_of_the_same_operator(
    room: Room, nina: Page
) -> None:
    other = await room.sits("Nina")
    await make_keys(other)
    await other.click("button:has-text('Go on here')")
    await expect(other.locator(".bar")).to_be_visible()
    await room.taken(other, "Hello")
    await expect(other.locator(".talk .them")).to_have_text("Hello")
    await nina.locator(".chat .cover").click()
    await expect(nina.locator(".talk .them")).to_have_text("Hello")
    await other.context.close()
    room.pages.remove(other)


async def test_whoever_carried_something_heavy_has_a_pause_and_a_shift_ends_kindly(
    room: Room, nina: Page
) -> None:
    await room.taken(nina, "It is a lot")
    await nina.click("text=Mark as heavy")
    await ended(nina)
    await expect(nina.locator(".care")).to_contain_text("nothing new comes to you: 15 minutes")
    await nina.click("text=End shift")
    await nina.click("dialog[open] button:has-text('End shift')")
    await expect(nina.locator("dialog[open]")).to_contain_text("nothing is stored")
    # Nothing is decided there, so there is one way out of it.
    await expect(nina.locator("dialog[open] button")).to_have_text(["Done"])
    await typed(nina, "Enter")
    await expect(nina.locator(".gate h2")).to_have_text("Begin your shift")


async def test_every_part_is_read_out_well_light_and_dark_and_fits_a_narrow_screen(
    shift: Shift,
) -> None:
    page, found = shift.larysa, dict[str, list[str]]()

    async def look(name: str, at: Page) -> None:
        found[name] = await faults(at)
        if await at.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("wider than the screen")
        await picture(at, f"desk-{name}")

    new = await shift.room.sits("Ada", bypass_csp=True, viewport=NARROW)
    await new.wait_for_selector("text=Lock with seven words")
    await look("set-up-narrow", new)
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # as playwright takes it
    for text in ("I would like to talk to somebody", "Somebody follows me"):
        await shift.room.taken(page, text, place="UA-63")
        await page.keyboard.type("I am here.")
        await typed(page, "Enter")
    shift.room.desk.asks("Hello", severity=2, need="shelter")
    await expect(page.locator("[data-part=waiting] .sign.grave")).to_have_count(1)
    await typed(page, "Escape", "w")
    await look("working-narrow", page)
    await typed(page, "Escape", "l", "/")
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # as above
    await page.emulate_media(color_scheme="dark")
    await look("lead-wide-dark", page)
    assert {name: said for name, said in found.items() if said} == {}
    await typed(page, "Escape", "Escape", "l")
    await page.emulate_media(color_scheme="light")
