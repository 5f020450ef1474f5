"""What a person is given: on small packs written for the case."""

from datetime import datetime
from pathlib import Path

from referral_directory import Query
from tests.directory.helpers import (
    CHAT,
    DAY_LINE,
    HOTLINE,
    NIGHT,
    NOON,
    directory,
    listing,
    names,
    search,
)


def test_nobody_is_given_more_than_three_or_a_third_of_one_organization(tmp_path: Path) -> None:
    same = "{en: One, uk: Одна}"
    many = [listing(f"ua-a{i}", organization=same, priority="9") for i in range(5)]
    referral = search(tmp_path, Query(needs=("medical",)), *many, listing("ua-other"))
    assert len(referral.found) == 3
    assert names(referral)[2] == "ua-other"


def test_a_service_that_refuses_a_person_is_never_given_even_when_nothing_else_is(
    tmp_path: Path,
) -> None:
    women = listing("ua-women", who="{woman: yes, man: no}", needs="[medical, emergency.hotline]")
    query = Query(needs=("medical",), who=frozenset({"man"}))
    referral = search(tmp_path, query, women)
    assert (referral.found, referral.always, referral.relaxed) == ((), None, ("operator",))


def test_unknown_is_not_no(tmp_path: Path) -> None:
    referral = search(
        tmp_path,
        Query(needs=("medical",), who=frozenset({"man", "captivity", "lgbtqi"})),
        listing("ua-silent"),
    )
    assert names(referral) == ["ua-silent"]


def test_a_service_meant_for_others_comes_after_the_rest_and_says_whom_it_is_for(
    tmp_path: Path,
) -> None:
    referral = search(
        tmp_path,
        Query(needs=("medical",)),
        listing("ua-men", who="{woman: no, man: yes}"),
        listing("ua-military", only="[military]"),
        listing("ua-all", contacts=DAY_LINE),
        at=NIGHT,
    )
    assert names(referral)[0] == "ua-all"
    reasons = {found.listing: found.reasons for found in referral.found}
    assert "meant_for:man" in reasons["ua-men"]
    assert "meant_for:military" in reasons["ua-military"]


def test_who_is_named_as_welcome_comes_first_among_equals(tmp_path: Path) -> None:
    listings = [listing("ua-any"), listing("ua-welcome", welcomes="[man]")]
    referral = search(tmp_path, Query(needs=("medical",), who=frozenset({"man"})), *listings)
    assert names(referral)[0] == "ua-welcome"
    assert "welcomes:man" in referral.found[0].reasons


def test_at_night_who_answers_now_comes_before_who_opens_tomorrow(tmp_path: Path) -> None:
    listings = [listing("ua-day", contacts=DAY_LINE, area="[UA-63]"), listing("ua-night")]
    query = Query(needs=("medical",), place="UA-63")
    referral = search(tmp_path, query, *listings, at=NIGHT)
    assert [(f.listing, f.reasons[0]) for f in referral.found] == [
        ("ua-night", "always_open"),
        ("ua-day", "closed_now"),
    ]
    assert names(search(tmp_path, query, *listings))[0] == "ua-day"


def test_help_that_is_urgent_comes_first_and_says_how_long_it_works(tmp_path: Path) -> None:
    listings = [
        listing("ua-near", area="[UA-63]"),
        listing("ua-pep", needs="[medical.pep]", contacts=DAY_LINE),
    ]
    query = Query(needs=("medical",), place="UA-63", hours_since=(0, 48))
    referral = search(tmp_path, query, *listings, at=NIGHT)
    assert referral.found[0].listing == "ua-pep"
    assert referral.found[0].reasons[0] == "urgent:72"
    late = Query(needs=("medical",), place="UA-63", hours_since=(72, 120))
    referral = search(tmp_path, late, *listings, at=NIGHT)
    assert names(referral) == ["ua-near", "ua-pep"]
    assert referral.found[1].reasons[0] == "window_passed:72"


def test_the_last_steps_are_an_international_service_and_then_a_person(tmp_path: Path) -> None:
    query = Query(needs=("legal",), place="UA-63")
    referral = search(tmp_path, query, listing("ua-world", needs="[legal]", area="[INT]"))
    assert (names(referral), referral.relaxed) == (["ua-world"], ("international",))
    referral = search(tmp_path, query, listing("ua-medical"))
    assert (names(referral), referral.relaxed) == ([], ("operator",))


def test_an_open_line_is_given_even_when_nothing_else_is(tmp_path: Path) -> None:
    line = listing("ua-line", needs=HOTLINE)
    referral = search(tmp_path, Query(needs=("legal",), place="UA-63"), line, at=NIGHT)
    assert referral.found == ()
    assert referral.always is not None
    assert (referral.always.listing, referral.always.reasons[0]) == ("ua-line", "always_open")


def test_the_open_line_is_not_one_of_the_three(tmp_path: Path) -> None:
    lines = [listing(f"ua-l{i}", needs="[medical, emergency.hotline]") for i in range(4)]
    referral = search(tmp_path, Query(needs=("medical",)), *lines)
    assert referral.always is not None
    assert referral.always.listing not in names(referral)


def test_from_occupied_territory_only_what_works_there_is_given(tmp_path: Path) -> None:
    phone = listing("ua-phone", needs="[medical, emergency.hotline]")
    unflagged = listing("ua-unflagged", contacts=CHAT)
    chat = listing("ua-chat", contacts=CHAT, occupied="yes")
    for place in ("occupied", "UA-43"):
        query = Query(needs=("medical",), place=place)
        referral = search(tmp_path, query, phone, unflagged, chat)
        assert (names(referral), referral.always) == (["ua-chat"], None)
        assert "online" in referral.found[0].reasons
        assert search(tmp_path, query, phone, unflagged).found == ()


def test_from_abroad_no_number_is_given_that_works_only_inside(tmp_path: Path) -> None:
    free = '[{kind: phone, number: "+380800123456", hours: "24/7"}]'
    outside = '[{kind: phone, number: "+380441234567", abroad: yes, hours: "24/7"}]'
    listings = [
        listing("ua-inside", area="[UA, abroad]", contacts=free),
        listing("ua-outside", contacts=outside),
        listing("ua-page", contacts="[{kind: web, url: https://example.org}]"),
    ]
    query = Query(needs=("medical",), place="abroad")
    referral = search(tmp_path, query, *listings)
    assert (names(referral), referral.relaxed) == (["ua-outside"], ())
    referral = search(tmp_path, query, listings[0], listings[2])
    assert names(referral) == ["ua-page"]
    assert referral.relaxed[-1] == "national"


def test_a_contact_is_shown_only_where_it_works(tmp_path: Path) -> None:
    both = (
        '[{kind: phone, number: "+380800123456"}, {kind: phone, number: "+380441234567"},'
        " {kind: telegram, url: https://t.me/example}]"
    )
    live = directory(tmp_path, listing("ua-both", contacts=both)).serving(None)
    shown = live.listing("ua-both")
    assert shown is not None
    usable = {
        place: [contact.number for contact in shown.contacts if contact.reaches(place)]
        for place in ("UA-63", "abroad", "occupied")
    }
    assert usable == {
        "UA-63": ["0 800 123 456", "044 123 45 67", "https://t.me/example"],
        "abroad": ["044 123 45 67", "https://t.me/example"],
        "occupied": ["https://t.me/example"],
    }


def test_a_number_is_shown_as_it_is_dialled_from_where_the_person_is(tmp_path: Path) -> None:
    numbers = (
        '[{kind: phone, number: "+380800123456"}, {kind: phone, number: "+380441234567"},'
        ' {kind: phone, number: "102"}, {kind: telegram, number: "+380671234567"}]'
    )
    live = directory(tmp_path, listing("ua-all", contacts=numbers)).serving(None)
    shown = live.listing("ua-all")
    assert shown is not None
    said = {
        place: [contact.number_for(place) for contact in shown.contacts]
        for place in (None, "UA-63", "PL", "abroad", "occupied")
    }
    home = ["0 800 123 456", "044 123 45 67", "102", "067 123 45 67"]
    outside = ["0 800 123 456", "+380 44 123 45 67", "102", "+380 67 123 45 67"]
    assert said == {
        None: home,
        "UA-63": home,
        "PL": outside,
        "abroad": outside,
        "occupied": outside,
    }


def test_abroad_who_speaks_another_language_is_first_given_what_is_for_everybody(
    tmp_path: Path,
) -> None:
    own = listing("ua-own", area="[abroad]", contacts=CHAT, priority="9")
    every = listing("ua-every", area="[INT]", contacts=CHAT, languages="[fr]")
    for language, expected in (("uk", "ua-own"), ("fr", "ua-every")):
        query = Query(needs=("medical",), place="abroad", languages=(language,))
        given = names(search(tmp_path, query, own, every))
        assert given[0] == expected


def test_a_pair_is_given_together_or_not_at_all(tmp_path: Path) -> None:
    pair = [listing("ua-p1", pair="both", priority="9"), listing("ua-p2", pair="both")]
    first = [listing(f"ua-f{i}", area="[UA-63]", priority="9") for i in range(2)]
    query = Query(needs=("medical",), place="UA-63")
    assert set(names(search(tmp_path, query, *pair, listing("ua-x")))) >= {"ua-p1", "ua-p2"}
    given = names(search(tmp_path, query, *pair, *first, listing("ua-x")))
    assert given == [given[0], given[1], "ua-x"]
    assert {"ua-p1", "ua-p2"}.isdisjoint(given)


def test_a_person_who_wants_no_police_is_not_sent_to_it(tmp_path: Path) -> None:
    listings = [
        listing("ua-police", run_by="police"),
        listing("ua-must", reports_to_police="yes"),
        listing("ua-silent"),
    ]
    query = Query(needs=("medical",), constraints=frozenset({"no_police"}))
    assert names(search(tmp_path, query, *listings)) == ["ua-silent"]


def test_room_that_was_reported_counts_for_three_days(tmp_path: Path) -> None:
    listings = [
        listing("ua-full", capacity="{state: full, as_of: 2026-11-22T10:00+02:00}", priority="1"),
        listing("ua-unknown"),
    ]
    query = Query(needs=("medical",))
    assert names(search(tmp_path, query, *listings)) == ["ua-unknown", "ua-full"]
    later = datetime.fromisoformat("2026-11-26T12:00+02:00")
    assert names(search(tmp_path, query, *listings, at=later)) == ["ua-full", "ua-unknown"]


def test_equals_take_turns_by_the_day_and_one_day_is_always_the_same(tmp_path: Path) -> None:
    live = directory(tmp_path, *[listing(f"ua-e{i}") for i in range(6)]).serving(None)
    query = Query(needs=("medical",))
    firsts = set()
    for day in range(1, 29):
        when = NOON.replace(day=day)
        firsts.add(names(live.search(query, when))[0])
        again = directory(tmp_path, *[listing(f"ua-e{i}") for i in range(6)]).serving(None)
        assert again.search(query, when) == live.search(query, when)
    assert len(firsts) >= 4


def test_words_that_mean_nothing_here_are_no_reason_to_give_nothing(tmp_path: Path) -> None:
    query = Query(needs=("nonsense",), place="XX-1", who=frozenset({"alien"}), languages=("uk",))
    referral = search(tmp_path, query, listing("ua-any"))
    assert (names(referral), referral.relaxed) == (["ua-any"], ("place",))


def test_open_lines_are_hotlines_that_answer_now(tmp_path: Path) -> None:
    live = directory(
        tmp_path,
        listing("ua-line", needs=HOTLINE),
        listing("ua-day", needs=HOTLINE, contacts=DAY_LINE),
        listing("ua-medical"),
    ).serving(None)
    assert [f.listing for f in live.open_lines("UA-63", ("uk",), NIGHT)] == ["ua-line"]
    assert {f.listing for f in live.open_lines("UA-63", ("uk",), NOON)} == {"ua-line", "ua-day"}
    assert live.open_lines("occupied", ("uk",), NOON) == ()


def test_a_line_with_a_dated_closure_is_not_given_as_open_on_that_day(tmp_path: Path) -> None:
    closed = "{printed: 24/7, rules: 24/7, closed: [{from: 2026-11-23, to: 2026-11-23}]}"
    contacts = f'[{{kind: phone, number: "1547", hours: {closed}}}]'
    shut = listing("ua-shut", needs="[medical, emergency.hotline]", contacts=contacts)
    live = directory(tmp_path, shut).serving(None)
    today = live.search(Query(needs=("medical",)), NOON)
    assert ("closed_now" in today.found[0].reasons, today.relaxed) == (True, ("open_now",))
    assert live.open_lines(None, (), NOON) == ()
    tomorrow = live.search(Query(needs=("medical",)), NOON.replace(day=24))
    assert "open_now" in tomorrow.found[0].reasons


def test_a_referral_says_in_its_repr_nothing_of_the_person() -> None:
    query = Query(place="UA-63", who=frozenset({"captivity"}), hours_since=(0, 48))
    assert "UA-63" not in repr(query)
    assert "captivity" not in repr(query)
    assert "48" not in repr(query)
