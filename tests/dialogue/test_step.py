"""How a conversation moves."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.dialogue.effects import Errand, Forget
from bot.dialogue.events import (
    Arrived,
    Asked,
    Chose,
    ChoseLanguage,
    Event,
    Meant,
    Picked,
    Returned,
    Unclear,
)
from bot.dialogue.session import Session, pack, unpack
from bot.dialogue.step import (
    MOST_TRAIL,
    EndlessPass,
    NoWayOn,
    adopt,
    begin,
    step,
)
from flows.table import Table
from tests.dialogue.chats import walk
from tests.dialogue.scripts import ALWAYS, WELCOME, table_of

FOUND = Returned("some", {"found": ("a-line", "b-line")})


def test_a_first_word_is_answered_with_the_welcome(table: Table) -> None:
    turn = walk(table, Arrived("en"))
    assert turn.replies == ("welcome/hello",)
    assert turn.session.state == "welcome/hello"
    assert turn.session.turn == 1


def test_a_choice_is_remembered_and_leads_on(table: Table) -> None:
    turn = walk(table, Chose("legal"))
    assert turn.session.slots == {"need": "legal"}
    assert turn.replies == ("welcome/place",)


def test_a_choice_can_empty_a_slot(table: Table) -> None:
    begun = replace(begin(table, "en"), slots={"time": "late"})
    assert walk(table, Chose("medical"), session=begun).session.slots == {"need": "medical"}


def test_a_choice_that_is_not_shown_cannot_be_made(table: Table) -> None:
    assert walk(table, Chose("hidden")).replies == ("#stale", "welcome/hello")


def test_a_shown_if_choice_opens_with_its_slot(table: Table) -> None:
    begun = replace(begin(table, "en"), slots={"need": "legal"})
    assert walk(table, Chose("hidden"), session=begun).replies == ("welcome/place",)


def test_a_place_leads_to_an_errand_with_the_slots(table: Table) -> None:
    turn = walk(table, Chose("legal"), Picked("UA-63"))
    assert turn.effects == (Errand("find_services", {"need": "legal", "place": "UA-63"}, "en"),)
    assert turn.replies == ("welcome/searching",)


def test_what_an_errand_brings_is_said_after_what_was_said_on_the_way(table: Table) -> None:
    turn = walk(table, Chose("legal"), Picked("UA-63"), FOUND)
    assert turn.replies == ("welcome/searching", "welcome/results")
    assert turn.session.values == {"found": ("a-line", "b-line")}


def test_one_of_the_listings_found_can_be_picked_and_no_other(table: Table) -> None:
    found = walk(table, Chose("legal"), Picked("UA-63"), FOUND).session
    assert walk(table, Picked("b-line"), session=found).session.slots["chosen"] == "b-line"
    assert walk(table, Picked("c-line"), session=found).replies[0] == "#stale"


def test_a_pick_where_nothing_is_asked_is_an_old_button(table: Table) -> None:
    assert walk(table, Picked("UA-63")).replies == ("#stale", "welcome/hello")


def test_an_outcome_without_a_way_is_our_loud_fault(table: Table) -> None:
    with pytest.raises(NoWayOn, match="welcome/searching"):
        walk(table, Chose("legal"), Chose("skip"), Returned("lost"))


def test_a_sub_flow_returns_to_the_step_that_its_caller_named(table: Table) -> None:
    turn = walk(table, Chose("about"))
    assert turn.session.position == ("timing/when", "welcome/hello")
    assert walk(table, Chose("early"), session=turn.session).session.position == ("welcome/hello",)
    told = walk(table, Chose("late"), session=turn.session)
    assert told.replies == ("timing/told", "welcome/hello")


def test_leaving_a_sub_flow_for_another_flow_forgets_where_to_return(table: Table) -> None:
    assert walk(table, Chose("about"), Chose("out")).session.position == ("welcome/hello",)


def test_a_return_with_nowhere_to_go_stays_where_it_is(table: Table) -> None:
    lost = replace(begin(table, "en"), position=("timing/when",))
    assert walk(table, Chose("early"), session=lost).session.position == ("timing/when",)


def test_back_leads_to_where_the_person_was_and_asks_again(table: Table) -> None:
    turn = walk(table, Chose("legal"), Asked("back"))
    assert turn.session.state == "welcome/hello"
    assert turn.session.trail == ()


def test_back_to_results_searches_again_so_that_they_are_still_true(table: Table) -> None:
    turn = walk(table, Chose("legal"), Chose("skip"), FOUND, Picked("a-line"), Asked("back"))
    assert turn.effects == (Errand("find_services", {"need": "legal", "chosen": "a-line"}, "en"),)


def test_back_at_the_start_says_the_start_again(table: Table) -> None:
    assert walk(table, Asked("back")).replies == ("welcome/hello",)


def test_help_is_one_step_away_and_so_is_the_way_back(table: Table) -> None:
    turn = walk(table, Chose("legal"), Asked("help_now"))
    assert turn.replies == ("always/help_now",)
    assert walk(table, Asked("help_now"), session=turn.session).replies == ("always/help_now",)
    assert walk(table, Asked("back"), session=turn.session).session.state == "welcome/place"


def test_help_from_within_a_sub_flow_comes_back_into_it(table: Table) -> None:
    turn = walk(table, Chose("about"), Asked("help_now"), Asked("back"))
    assert turn.session.position == ("timing/when", "welcome/hello")


def test_the_safety_exit_leaves_nothing_behind(table: Table) -> None:
    turn = walk(table, Chose("legal"), Asked("leave"))
    assert turn.replies == ("always/left",)
    assert turn.effects == (Forget(),)


def test_the_language_can_be_switched_from_any_state_without_losing_the_place(table: Table) -> None:
    turn = walk(table, Chose("legal"), ChoseLanguage("uk"))
    assert (turn.session.language, turn.session.state) == ("uk", "welcome/place")


@pytest.mark.parametrize("event", [Picked("uk"), ChoseLanguage("uk")])
def test_the_language_question_switches_and_goes_back(table: Table, event: Event) -> None:
    turn = walk(table, Chose("legal"), Asked("language"), event)
    assert (turn.session.language, turn.session.state) == ("uk", "welcome/place")


def test_what_was_understood_is_remembered_and_shown_where_it_can_be_corrected(
    table: Table,
) -> None:
    told = {"need": "legal", "place": "UA-30", "heard": "yes"}
    turn = step(table, begin(table, "en"), Meant("need", told))
    assert turn.replies == ("welcome/heard",)
    assert turn.session.slots == told
    meant = step(table, turn.session, Chose("meant")).session
    assert (meant.state, meant.slots) == ("welcome/hello", {"place": "UA-30"})


def test_a_need_that_is_chosen_leaves_no_guess_to_correct(table: Table) -> None:
    guessed = step(table, begin(table, "en"), Meant("menu")).session
    guessed = replace(guessed, slots={"need": "legal", "heard": "yes"})
    assert step(table, guessed, Chose("medical")).session.slots == {"need": "medical"}
    assert step(table, guessed, Chose("work")).session.slots == {"need": "legal", "heard": "yes"}


def test_a_crisis_is_answered_at_once_and_the_way_back_leads_to_where_it_was_written(
    table: Table,
) -> None:
    at_place = step(table, begin(table, "en"), Chose("legal")).session
    crisis = step(table, at_place, Meant("suicide"))
    assert crisis.replies == ("always/crisis",)
    assert crisis.session.slots == {"need": "legal"}
    assert step(table, crisis.session, Asked("back")).session.state == "welcome/place"


def test_what_leads_nowhere_is_unclear(table: Table) -> None:
    turn = step(table, begin(table, "en"), Meant("recent_assault"))
    assert turn.replies == ("#unclear", "welcome/hello")


def test_a_second_miss_in_a_row_offers_more_than_the_first(table: Table) -> None:
    turn = walk(table, Unclear("unclear"))
    assert turn.replies == ("#unclear", "welcome/hello")
    again = walk(table, Unclear("unclear"), session=turn.session)
    assert again.replies == ("#again", "welcome/hello")
    understood = walk(table, Chose("legal"), Unclear("unclear"), session=again.session)
    assert understood.replies[0] == "#unclear"


@pytest.mark.parametrize("why", ["media", "long", "stale", "moved"])
def test_whatever_else_comes_gets_its_own_kind_note(table: Table, why: str) -> None:
    assert walk(table, Unclear(why)).replies == (f"#{why}", "welcome/hello")  # type: ignore[arg-type]


def test_a_word_while_an_errand_is_under_way_runs_it_again(table: Table) -> None:
    turn = walk(table, Chose("legal"), Chose("skip"), Unclear("unclear"))
    assert turn.effects == (Errand("find_services", {"need": "legal"}, "en"),)


def test_hello_again_starts_anew_and_keeps_the_language(table: Table) -> None:
    turn = walk(table, ChoseLanguage("uk"), Chose("legal"), Arrived("en"))
    assert (turn.session.language, turn.session.slots, turn.session.trail) == ("uk", {}, ())


def test_the_way_back_is_long_but_not_endless(table: Table) -> None:
    events = [Chose("about"), Chose("out")] * 20
    assert len(walk(table, *events).session.trail) == MOST_TRAIL


def test_a_session_survives_being_packed(table: Table) -> None:
    session = walk(table, Chose("legal"), Picked("UA-63"), FOUND).session
    assert unpack(pack(session)) == session
    assert session.mark == "2"


def test_steps_that_never_let_the_person_speak_are_stopped(tmp_path: Path) -> None:
    loop = WELCOME.replace(
        "  nothing:", "  round: {go: about}\n  about: {go: round}\n  nothing:"
    ).replace("do: timing, then: hello", "go: round")
    with pytest.raises(EndlessPass):
        walk(table_of(tmp_path, welcome=loop), Chose("about"))


def test_an_unchanged_script_moves_nobody(table: Table) -> None:
    session = walk(table, Chose("legal")).session
    assert adopt(table.script, session) == (session, False)


def test_a_renamed_step_keeps_the_person_where_they_were(table: Table) -> None:
    old = Session(
        "old", "en", ("welcome/where",), landed=("welcome/where",), said=("welcome/where",)
    )
    session, moved = adopt(table.script, old)
    assert (session.position, session.said, moved) == (
        ("welcome/place",),
        ("welcome/place",),
        False,
    )


def test_notes_and_prompts_that_are_gone_are_not_said_again(table: Table) -> None:
    old = Session(
        "old",
        "en",
        ("welcome/place",),
        landed=("welcome/place",),
        said=("#gone", "#stale", "welcome/gone", "welcome/place"),
    )
    assert adopt(table.script, old)[0].said == ("#stale", "welcome/place")
    assert adopt(table.script, replace(old, said=("#gone",)))[0].said == ("welcome/place",)


def test_a_step_that_is_gone_leads_to_the_last_checkpoint(table: Table) -> None:
    old = Session(
        "old",
        "uk",
        ("welcome/gone",),
        landed=("welcome/gone",),
        slots={"need": "legal", "shoe_size": "9"},
        trail=(("welcome/hello",), ("welcome/vanished",), ("welcome/place",)),
    )
    session, moved = adopt(table.script, old)
    assert moved
    assert (session.position, session.language) == (("welcome/hello",), "uk")
    assert session.slots == {"need": "legal"}
    assert session.trail == ()


def test_without_a_checkpoint_the_start_is_gentle(table: Table) -> None:
    old = Session("old", "en", ("gone/gone",), landed=("gone/gone",), trail=(("welcome/place",),))
    session, moved = adopt(table.script, old)
    assert (session.position, moved) == (("welcome/hello",), True)


def test_a_landing_that_is_gone_moves_too(table: Table) -> None:
    old = Session("old", "en", ("welcome/place",), landed=("gone/gone",))
    assert adopt(table.script, old)[1]


def test_the_language_command_leads_nowhere_new_when_already_there(table: Table) -> None:
    turn = walk(table, Asked("language"), Asked("language"))
    assert turn.replies == ("always/language",)
    assert "language" in ALWAYS
