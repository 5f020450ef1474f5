"""The same conversation on the terminal, the page and Telegram: the same words and choices in the
same order, the same state after it, the same kind refusals.
"""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.dialogue.hear import MOST_CHARACTERS
from bot.dialogue.session import Session
from tests.contract.at_terminal import AtTerminal
from tests.contract.hands import Hands, Refused, Seen
from tests.contract.house import House, open_house
from tests.contract.in_telegram import InTelegram
from tests.contract.on_page import OnPage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
"""A Monday morning, for all channels: what is open depends on it."""
STEPS = 14
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Press:
    """Press what has these words, or stands at that place."""

    what: str | int


@dataclass(frozen=True, slots=True)
class Say:
    """Write."""

    text: str


Do = Press | Say
CASES: dict[str, tuple[Do, ...]] = {
    "from the first word to services": (
        *(Press("Yes"), Press(0), Press(0), Press(0), Press(0), Press(0)),
        *(Press("Back"), Press("Back")),
    ),
    "a place from the long list": (Press("Yes"), Press(1), Press(-9), Press(0), Press(0)),
    "by numbers and words": (
        Say("1"),
        Say("medical"),
        Say("1"),
        Say("2"),
        Say("back"),
        Say("menu"),
    ),
    "what cannot be understood": (Say("жж"), Say("???"), Say("\u202e\u200b"), Say("1"), Say("zz")),
    "a story": (Press("Yes"), Say("a" * (MOST_CHARACTERS + 1)), Say("я " * 700), Press(0)),
    "what looks like markup": (
        Say("<b>&amp;</b> *x* _y_ [z](https://a.b)"),
        Say("/nothing"),
        Say("1"),
    ),
    "in danger": (Press("Yes"), Say("he is here"), Press("Back"), Press("Help now"), Press(0)),
    "a person": (Press("Talk to a person"), Press("Back"), Say("human"), Press(0)),
    "another language in the middle": (
        *(Press("Yes"), Press("Language / Мова"), Press("Українська"), Press(0), Say("назад")),
        *(Say("english"), Press("Language / Мова"), Say("українська")),
    ),
    "what is kept, and back": (Press("Yes"), Say("/privacy"), Press("Back"), Say("privacy")),
    "leaving by the bar": (Press("Yes"), Press("Leave")),
    "leaving by the first choice": (Press("No, leave"),),
    "leaving by a word": (Press("Yes"), Press(0), Say("СТОП")),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Open all the time: everyone who comes is somebody new."""
    async with open_house(tmp_path_factory.mktemp("house"), lambda: NOW) as house:
        yield house


@pytest.fixture
def language() -> str:
    return "en"


@pytest_asyncio.fixture(loop_scope="module")
async def everyone(house: House, language: str) -> AsyncIterator[list[Hands]]:
    """One person on each channel."""
    hands: list[Hands] = [kind(house, language) for kind in (AtTerminal, OnPage, InTelegram)]
    yield hands
    for one in hands:
        await one.go()


async def come(everyone: Sequence[Hands]) -> Seen:
    return _one([await hands.come() for hands in everyone])


async def act(house: House, everyone: Sequence[Hands], do: Do, last: Seen) -> Seen:
    """Everyone does it; they see the same and are where the others are."""
    seen = []
    for hands in everyone:
        if isinstance(do, Say):
            seen.append(await hands.say(do.text))
        else:
            place = last.labels.index(do.what) if isinstance(do.what, str) else do.what
            seen.append(await hands.press(place))
    await stand_together(house, everyone)
    return _one(seen)


async def stand_together(house: House, everyone: Sequence[Hands]) -> None:
    remembered = [_place(await house.remembered(hands.address)) for hands in everyone]
    assert remembered.count(remembered[0]) == len(remembered), remembered
    given = [house.given(hands.address.channel) for hands in everyone]
    shown = [(o.blocks, o.options, o.listed, o.bar, o.language, o.forgotten) for o in given]
    assert shown.count(shown[0]) == len(shown)


def _place(session: Session | None) -> object:
    """What is remembered, but for turns and deliveries: the page tells of an arrival by showing the
    first step, without a turn.
    """
    if session is None:
        return None
    here = session.position, session.landed, session.trail, session.said, session.misses
    return session.language, session.slots, session.values, here


def _one(seen: list[Seen]) -> Seen:
    """What everyone saw, when it was the same."""
    first = seen[0]
    assert first.blocks
    for other in seen[1:]:
        assert other.blocks == first.blocks
        assert other.labels == first.labels
    return first


@pytest.mark.parametrize("case", CASES)
async def test_the_same_is_said_and_offered_on_every_channel(
    house: House, everyone: list[Hands], case: str
) -> None:
    last = await come(everyone)
    for do in CASES[case]:
        last = await act(house, everyone, do, last)
    assert house.telegram.refusals() == []


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("seed", range(2))
async def test_a_way_by_chance_is_the_same_on_every_channel(
    house: House, everyone: list[Hands], language: str, seed: int
) -> None:
    chance = random.Random(f"{language} {seed}")
    last = await come(everyone)
    for _ in range(STEPS):
        bar = len(house.given("telegram").bar)
        # Leaving has cases of its own; here everyone goes on.
        places = [p for p, label in enumerate(last.labels[: -bar + 4]) if not _leaves(label)]
        last = await act(house, everyone, Press(chance.choice(places)), last)
        if not last.labels:
            last = await come(everyone)


def _leaves(label: str) -> bool:
    return any(word in label.lower() for word in ("leave", "erase", "вийти", "стерти", "піти"))


@pytest.mark.parametrize("case", [name for name in CASES if name.startswith("leaving")])
async def test_who_left_is_unknown_and_begins_anew_on_every_channel(
    house: House, everyone: list[Hands], case: str
) -> None:
    first = last = await come(everyone)
    for do in CASES[case]:
        last = await act(house, everyone, do, last)
    assert last.labels == ()
    for hands in everyone:
        assert house.given(hands.address.channel).forgotten
        assert await house.remembered(hands.address) is None
    assert await come(everyone) == first


async def test_an_old_button_shows_the_present_step_wherever_there_are_buttons(
    house: House, everyone: list[Hands]
) -> None:
    last = await come(everyone)
    for do in (Press("Yes"), Press(0)):
        last = await act(house, everyone, do, last)
    with_buttons = [hands for hands in everyone if hands.has_buttons]
    before = [_where(await house.remembered(hands.address)) for hands in with_buttons]
    seen = _one([await hands.press_old(1, 2) for hands in with_buttons])
    assert seen.labels == last.labels
    assert len(seen.blocks) == len(last.blocks) + 1
    # The one that was pressed then: to the page it is the same form, sent twice.
    again = [await hands.press_old(0, 3) for hands in with_buttons]
    assert {one.labels for one in again} == {last.labels}
    assert [_where(await house.remembered(hands.address)) for hands in with_buttons] == before
    # What is always open is good whenever it comes.
    bar = len(house.given("web").bar)
    helped = _one([await hands.press_old(-bar, 4) for hands in with_buttons])
    assert "102" in " ".join(helped.blocks)


@pytest.mark.parametrize(
    ("key", "mark"),
    [("yes", "1"), ("=UA-63", "1"), ("~1", "1"), ("nonsense", ""), ("<b>", "2")],
)
async def test_a_button_that_was_never_shown_leads_nowhere(
    house: House, everyone: list[Hands], key: str, mark: str
) -> None:
    last = await come(everyone)
    last = await act(house, everyone, Press("Yes"), last)
    with_buttons = [hands for hands in everyone if hands.has_buttons]
    before = [_where(await house.remembered(hands.address)) for hands in with_buttons]
    for hands in with_buttons:
        assert (await hands.press_forged(key, mark)).labels == last.labels
    assert [_where(await house.remembered(hands.address)) for hands in with_buttons] == before


async def test_a_voice_message_is_not_taken_anywhere(house: House, everyone: list[Hands]) -> None:
    last = await come(everyone)
    last = await act(house, everyone, Press("Yes"), last)
    before = [_where(await house.remembered(hands.address)) for hands in everyone]
    heard = [await hands.send_voice() for hands in everyone]
    taken = [one for one in heard if not isinstance(one, Refused)]
    assert len(taken) == 2, "a page has no way to send one, and refuses what is made up"
    assert _one(taken).labels == last.labels
    assert "cannot open" in _one(taken).blocks[0]
    assert [_where(await house.remembered(hands.address)) for hands in everyone] == before
    seen = [await hands.press(0) for hands in everyone]
    assert _one(seen).labels != last.labels


def _where(session: Session | None) -> object:
    return (session.position, session.slots, session.trail) if session else None
