"""From the first screen to a named service: at most four choices and three questions."""

import re

import pytest

from bot.channels.contract import Outgoing
from tests.walks.guide import Guide, directory, text_of

NEEDS = ("medical", "psychosocial", "legal", "reparations", "shelter")
MORE = ("livelihood", "basic", "children", "tracing", "documentation", "information")
MOST_CHOICES, MOST_QUESTIONS = 4, 3
PLACES = [place.code for place in directory().places if place.kind == "region"]
OTHERS = ("abroad", "skip")


def cards(outgoing: Outgoing) -> list[str]:
    return [
        line.text
        for block in outgoing.blocks
        if block.kind == "card"
        for line in block.lines
        if line.kind == "title"
    ]


def reach(language: str, *presses: str) -> tuple[Outgoing, int]:
    """What is shown after these presses, and how many questions were asked on the way."""
    guide = Guide(language)
    shown, asked = guide.look(), 0
    for press in presses:
        asked += text_of(shown).count("?")
        shown = guide.press(press)
    return shown, asked


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("need", NEEDS + MORE)
def test_a_service_is_four_choices_and_three_questions_away(language: str, need: str) -> None:
    way = ("yes", need) if need in NEEDS else ("yes", "more", need)
    for place in (*(f"={code}" for code in PLACES), *OTHERS):
        presses = (*way, place)
        shown, asked = reach(language, *presses)
        if place in ("=UA-43", "=UA-40", "=UA-09"):
            # Occupied: one warning about the device first, and then the same.
            presses, (shown, _) = (*presses, "go_on"), reach(language, *presses, "go_on")
            assert len(presses) <= MOST_CHOICES + 1
        else:
            assert len(presses) <= MOST_CHOICES
        assert asked <= MOST_QUESTIONS
        assert cards(shown), (need, place)


@pytest.mark.parametrize("need", NEEDS + MORE)
def test_no_call_is_shown_to_someone_in_occupied_territory(need: str) -> None:
    way = ("yes", need) if need in NEEDS else ("yes", "more", need)
    shown, _ = reach("uk", *way, "occupied", "go_on")
    assert text_of(shown).strip()
    assert not [line for block in shown.blocks for line in block.lines if line.kind == "phone"]


def test_nobody_is_asked_what_happened() -> None:
    shown, _ = reach("en", "yes")
    assert "You do not have to say what happened" in text_of(shown)


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("place", ["occupied", "=UA-43", "=UA-40", "=UA-09"])
@pytest.mark.parametrize("command", ["!help_now", "!human"])
def test_help_in_occupied_territory_is_reached_online_and_speaks_of_no_call(
    command: str, place: str, language: str
) -> None:
    shown, _ = reach(language, "yes", "shelter", place, "go_on", command)
    kinds = {line.kind for block in shown.blocks for line in block.lines}
    assert "link" in kinds
    assert "phone" not in kinds
    keys = {option.key for option in shown.options}
    assert {"search", "device", "menu"} <= keys
    assert not {"no_call", "calling", "wider"} & keys
    said = " ".join(
        line.text for block in shown.blocks if block.kind == "say" for line in block.lines
    )
    assert not re.search(r"call|hang up|дзвон|слухавк", said), said


@pytest.mark.parametrize("place", ["occupied", "=UA-43", "=UA-40", "=UA-09"])
@pytest.mark.parametrize("need", ["medical", "shelter", "legal"])
def test_every_way_on_from_occupied_territory_shows_no_call(need: str, place: str) -> None:
    """Everything that can be pressed, in every order, until another place is named."""
    guide = Guide("en")
    for press in ("yes", need, place, "go_on"):
        guide.press(press)
    waiting, seen = [guide.turn], set()
    while waiting:
        guide.turn = turn = waiting.pop()
        shown = guide.look()
        for press in (*[option.key for option in shown.options], "!help_now", "!human", "!back"):
            guide.turn = turn
            answer = guide.press(press)
            slots = guide.session.slots
            if guide.forgotten or slots.get("place") == "abroad":
                continue
            assert slots.get("place") == "occupied", (turn.session.state, press)
            kinds = {line.kind for block in answer.blocks for line in block.lines}
            assert "phone" not in kinds, (turn.session.state, press)
            here = (guide.session.position, slots.get("need"), slots.get("line"))
            if here not in seen:
                seen.add(here)
                waiting.append(guide.turn)
    assert {"online/now", "online/later"} & {position[0] for position, _, _ in seen}
