"""A person takes words along, and what is left of that afterwards."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from authored import Mistakes
from bot import report
from bot.app import Service
from bot.channels.contract import Outgoing, Pressed, Words
from bot.persons import Person as Held
from bot.persons import open_session
from bot.slipping import named_in
from bot.slips import SlipKeys, Slips
from bot.vault import SigningKeys
from tests.canary import find
from tests.handing.people import Person, said
from tests.slips.conftest import made
from tests.slips.room import LISTS

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def at_a_service(person: Person, listing: str = "ua-npa") -> Outgoing:
    """On the screen of one service in Ukraine."""
    await person.do(Words("hello"))
    out = await person.choose("yes", "psychosocial")
    for place in ("=UA", "=UA-46"):
        if place in [option.key for option in out.listed]:
            out = await person.do(Pressed(place, out.mark))
    shown = [option.key for option in out.options if option.key.startswith("=")]
    assert shown, said(out)
    key = f"={listing}" if f"={listing}" in shown else shown[0]
    return await person.do(Pressed(key, out.mark))


def words_on(out: Outgoing) -> str:
    """The five words on a screen."""
    (card,) = [block for block in out.blocks if block.kind == "card"]
    (line,) = card.lines
    assert len(line.text.split()) == 5
    return line.text


async def session_of(service: Service, person: Person) -> str:
    """All that is remembered of a person, opened."""
    address = person.address
    alias = service.vault.alias(service.ring.today(), address.channel, address.bot, address.person)
    held = Held(address, alias)
    with service.store.group() as group:
        held.row = group.load([alias])[alias]
    open_session(service.vault, held)
    return repr(held.session)


async def test_the_words_stand_alone_can_be_seen_again_and_are_gone_with_the_next_step(
    service: Service,
) -> None:
    person = Person(service)
    await at_a_service(person)
    out = await person.choose("slip", "make")
    words = words_on(out)
    assert words_on(await person.look()) == words
    assert words.split()[0] in await session_of(service, person)
    before = said(await person.choose("noted"))
    assert words not in before
    left = await session_of(service, person)
    assert not [word for word in words.split() if f"'{word}'" in left]
    assert "'took': 'yes'" in left
    out = await person.choose("slip", "said", "helped")
    assert "'slip_said': 'helped'" in await session_of(service, person)
    slips = service.slips
    assert slips is not None
    assert slips.answer(words, "arrived", b"somewhere").outcome == "good"


async def test_two_people_who_came_the_same_way_are_each_shown_their_own_words(
    service: Service,
) -> None:
    people = [Person(service), Person(service)]
    shown = []
    for person in people:
        await at_a_service(person)
        shown.append(words_on(await person.choose("slip", "make")))
    assert shown[0] != shown[1]
    assert [words_on(await person.look()) for person in people] == shown


@pytest.mark.parametrize("away", ["!help_now", "!back", "!human"])
async def test_the_words_go_whatever_way_a_person_leaves_their_screen(
    service: Service, away: str
) -> None:
    person = Person(service)
    await at_a_service(person)
    out = await person.choose("slip", "make")
    words = words_on(out)
    await person.do(Pressed(away, out.mark))
    left = await session_of(service, person)
    assert not [word for word in words.split() if f"'{word}'" in left]


async def test_what_is_not_understood_leaves_the_words_on_the_screen(service: Service) -> None:
    person = Person(service)
    await at_a_service(person)
    words = words_on(await person.choose("slip", "make"))
    assert words in said(await person.do(Words("zzzz")))
    assert words in said(await person.do(Pressed("@uk", "")))


async def test_in_a_messenger_the_words_are_brought_and_made_once(service: Service) -> None:
    person = Person(service, "telegram")
    await at_a_service(person)
    await person.choose("slip")
    out = await person.choose("make")
    words = words_on(out)
    await person.hears(words)
    assert words_on(await person.look()) == words


async def test_erasing_leaves_a_slip_that_leads_to_nobody(service: Service) -> None:
    person = Person(service)
    await at_a_service(person)
    out = await person.choose("slip", "make")
    words = words_on(out)
    await person.do(Pressed("!leave", out.mark))
    slips = service.slips
    assert slips is not None
    assert slips.look(words, b"", "en").outcome == "good"


async def test_only_the_first_slip_of_a_conversation_changes_the_counts(service: Service) -> None:
    person = Person(service)
    await at_a_service(person)
    first = words_on(await person.choose("slip", "make"))
    await person.choose("noted", "slip")
    second = words_on(await person.choose("more"))
    slips = service.slips
    assert slips is not None

    def counts() -> list[tuple[bytes, ...]]:
        with closing(sqlite3.connect(service.settings.data / "quietline.db")) as looked:
            return looked.execute("SELECT id, sealed FROM tally").fetchall()

    before = counts()
    assert slips.answer(second, "arrived", b"").outcome == "good"
    assert counts() == before
    assert slips.answer(first, "arrived", b"").outcome == "good"
    assert counts() != before


async def test_a_seized_machine_that_is_off_tells_nothing_of_slips(
    service: Service, tmp_path: Path
) -> None:
    words = []
    for person in [Person(service) for _ in range(3)]:
        await at_a_service(person)
        words.append(words_on(await person.choose("slip", "make")))
        await person.choose("noted")
    store = service.settings.data
    files = sorted(store.glob("quietline.db*"))
    listings = [f'"{name}"' for name in service.live.ids()]
    assert find(files, [*words, *service.live.ids(), *listings, "psychosocial", "UA-46"]) == []
    with closing(sqlite3.connect(store / "quietline.db")) as looked:
        rows = looked.execute("SELECT lookup, until, sealed FROM slip").fetchall()
    assert len(rows) >= 3
    assert len({until for _, until, _ in rows}) == 1
    assert {len(sealed) for *_, sealed in rows} == {12 + 256 + 16}
    # Who has the database and the true words has still nothing to try them on.
    thief = SlipKeys(SigningKeys.open(tmp_path / "signing-of-a-thief"), service.ring.today)
    slips = Slips(service.store, thief, LISTS)
    assert [slips.find(one, b"", lambda _: True).outcome for one in words] == ["unknown"] * 3


async def test_a_copy_for_a_backup_holds_no_slip(service: Service, tmp_path: Path) -> None:
    person = Person(service)
    await at_a_service(person)
    await person.choose("slip", "make")
    service.store.backup(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as looked:
        assert looked.execute("SELECT count(*) FROM slip").fetchall() == [(0,)]


@pytest.mark.parametrize("setting", ["off", "ua-somewhere-else"])
async def test_nobody_is_offered_what_nobody_takes(tmp_path: Path, setting: str) -> None:
    service = await made(tmp_path, slips=setting)
    person = Person(service)
    out = await at_a_service(person)
    keys = [option.key for option in out.options]
    if setting == "off":
        assert "slip" not in keys
        assert service.slips is None
    else:
        out = await person.choose("slip")
        assert "does not use such words" in said(out)
        assert "make" not in [option.key for option in out.options]
    await service.stop()


async def test_no_paper_is_offered_where_a_person_may_be_searched(service: Service) -> None:
    person = Person(service)
    await person.do(Words("hello"))
    out = await person.choose("yes", "psychosocial")
    if "occupied" not in [option.key for option in out.options]:
        out = await person.do(Pressed("=UA", out.mark))
    out = await person.choose("occupied", "go_on")
    shown = [option.key for option in out.options if option.key.startswith("=")]
    out = await person.do(Pressed(shown[0], out.mark))
    assert "slip" not in [option.key for option in out.options]


async def test_who_starts_a_service_is_told_of_slips_for_services_that_are_not_published(
    tmp_path: Path,
) -> None:
    heard: list[str] = []
    ended = report.on_alarm(heard.append)
    for setting, told in (("ua-npa", []), ("ua-npa, ua-npaa", ["slips_not_published"])):
        heard.clear()
        service = await made(tmp_path, slips=setting)
        await service.stop()
        assert heard == told, setting
    ended()


@pytest.mark.parametrize("setting", ["all, ua-npa", "ua-npa,off", "all,off"])
async def test_all_or_off_beside_others_is_refused_with_what_to_write(setting: str) -> None:
    with pytest.raises(Mistakes, match="Write all, off, or the ids of listings"):
        named_in(setting)
    assert named_in(" ua-npa , ua-npa,") == {"ua-npa"}
    assert named_in("off") == named_in("all") == named_in("") == frozenset()
