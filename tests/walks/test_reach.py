"""From the first screen to a named service: at most four choices and three questions."""

import os
import re

import pytest

from bot.channels.contract import Outgoing
from tests.trial import WHOLE, size
from tests.walks.guide import Guide, directory, speech, text_of

FIRST = ("medical", "psychosocial", "shelter")
"""Needs on the first screen: a region is asked for as well, where a country has some."""
BEHIND = {
    "rights": ("legal", "reparations", "documentation", "information"),
    "more": ("livelihood", "basic", "children", "tracing"),
}
"""Needs behind one more choice: the country is enough, a region can be picked afterwards."""
WAYS = {
    **{need: ("yes", need) for need in FIRST},
    **{need: ("yes", group, need) for group, needs in BEHIND.items() for need in needs},
}
MOST_CHOICES, MOST_QUESTIONS = 4, 3
LANGUAGES = [one.code for one in speech().languages]
COUNTRIES = tuple(directory().country_codes)
REGIONS = {code: tuple(one.code for one in directory().regions(code)) for code in COUNTRIES}
FAR = ("UA-43", "UA-40", "UA-09")
"""Regions where no call is shown."""
PLACES = [("occupied",), *(("=UA", f"={region}") for region in FAR)]
"""The ways to say so."""
EVERY = WHOLE or bool(os.environ.get("QUIETLINE_SUITE"))
"""Whether everything is pressed with every need and every line; otherwise each screen with every
need, and with every line, from the first place, and from the others each screen with every line.
"""


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


def place_of(need: str, country: str) -> tuple[str, ...]:
    """The choices that name a country; where a region is offered, the whole country is taken."""
    offered = need in FIRST and REGIONS.get(country)
    return (f"={country}", "whole") if offered else (f"={country}",)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", WAYS)
def test_a_service_is_four_choices_and_three_questions_away(language: str, need: str) -> None:
    places = [place_of(need, country) for country in COUNTRIES]
    for place in (*places, ("abroad",), ("skip",), ("occupied", "go_on")):
        presses = (*WAYS[need], *place)
        shown, asked = reach(language, *presses)
        # Occupied: one warning about the device first, and then the same.
        assert len(presses) <= MOST_CHOICES + place.count("go_on"), presses
        assert asked <= MOST_QUESTIONS, presses
        assert cards(shown), presses


@pytest.mark.parametrize("need", FIRST)
def test_a_region_is_no_choice_more_than_its_country(need: str) -> None:
    for country, regions in REGIONS.items():
        for region in regions:
            warned = ("go_on",) if region in FAR else ()
            presses = (*WAYS[need], f"={country}", f"={region}", *warned)
            shown, asked = reach("en", *presses)
            assert len(presses) <= MOST_CHOICES + len(warned), presses
            assert asked <= MOST_QUESTIONS, presses
            assert cards(shown), presses


@pytest.mark.parametrize("need", WAYS)
def test_no_call_is_shown_to_someone_in_occupied_territory(need: str) -> None:
    shown, _ = reach("uk", *WAYS[need], "occupied", "go_on")
    assert text_of(shown).strip()
    assert not [line for block in shown.blocks for line in block.lines if line.kind == "phone"]


def test_nobody_is_asked_what_happened() -> None:
    shown, _ = reach("en", "yes")
    assert "You do not have to say what happened" in text_of(shown)


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", ["!help_now", "!human"])
def test_help_in_occupied_territory_is_reached_online_and_speaks_of_no_call(
    command: str, place: tuple[str, ...], language: str
) -> None:
    shown, _ = reach(language, "yes", "shelter", *place, "go_on", command)
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


@pytest.mark.parametrize("place", PLACES)
def test_every_way_on_from_occupied_territory_shows_no_call(place: tuple[str, ...]) -> None:
    """Everything that can be pressed, in every order, until another place is named."""
    guide, waiting = Guide("en"), []
    seen: set[tuple[object, ...]] = set()
    reached: set[tuple[str, str | None]] = set()
    # The first place from every need, the others from one: where they lead is the same from there.
    needs = FIRST if place == PLACES[0] else FIRST[: size(1, len(FIRST))]
    for need in needs:
        guide = Guide("en")
        for press in ("yes", need, *place, "go_on"):
            guide.press(press)
        reached.add((guide.session.state, need))
        waiting.append(guide.turn)
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
            here, need_of, line = guide.session.position, slots.get("need"), slots.get("line")
            reached.add((here[0], need_of))
            new = {(here, need_of, line)} if EVERY else {(here, "", line), (here, need_of, "")}
            if not EVERY and place != PLACES[0]:
                new = {(here, "", line)}
            if not new <= seen:
                seen |= new
                waiting.append(guide.turn)
    for need in needs:
        assert {("online/now", need), ("online/later", need)} & reached, need
