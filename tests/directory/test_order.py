"""In which order a person is given services, by their language and their need."""

from pathlib import Path

from referral_directory import Query
from tests.directory.helpers import DAY_LINE, HOTLINE, NIGHT, listing, names, search


def test_who_speaks_the_language_comes_first_and_others_fill_up_the_three(tmp_path: Path) -> None:
    listings = [
        listing("ua-uk"),
        listing("ua-en", languages="[uk, en]"),
        listing("ua-fr", interpreted="[fr, en]"),
    ]
    english = search(tmp_path, Query(needs=("medical",), languages=("en",)), *listings)
    assert (names(english), english.relaxed) == (["ua-en", "ua-fr", "ua-uk"], ())
    said = [found.reasons[1] for found in english.found]
    assert said == ["speaks:en", "interpreter:en", "other_language"]
    french = search(tmp_path, Query(needs=("medical",), languages=("fr",)), *listings)
    assert (names(french)[0], french.relaxed) == ("ua-fr", ())
    arabic = search(tmp_path, Query(needs=("medical",), languages=("ar",)), *listings)
    assert (len(arabic.found), arabic.relaxed) == (3, ("language",))
    only = search(tmp_path, Query(needs=("medical",), languages=("fr",)), listings[2])
    assert only.relaxed == ("interpreter",)


def test_a_line_that_speaks_the_language_and_is_closed_does_not_hide_one_that_is_open(
    tmp_path: Path,
) -> None:
    listings = [
        listing("ua-en", needs=HOTLINE, languages="[en]", contacts=DAY_LINE),
        listing("ua-uk", needs=HOTLINE),
    ]
    query = Query(needs=("legal",), languages=("en",))
    referral = search(tmp_path, query, *listings, at=NIGHT)
    assert referral.always is not None
    assert referral.always.listing == "ua-uk"
    assert "other_language" in referral.always.reasons


def test_who_records_or_prosecutes_comes_after_who_advises_when_legal_help_is_asked_for(
    tmp_path: Path,
) -> None:
    records = listing("ua-records", needs="[legal.international, legal.documentation]")
    listings = [
        listing("ua-records", needs="[legal.documentation]", languages="[uk, en]"),
        listing("ua-peers", needs="[medical, legal.documentation]"),
        listing("ua-lawyer", needs="[legal.advice]", contacts=DAY_LINE),
        listing("ua-both", needs="[legal.documentation, legal.advice]", contacts=DAY_LINE),
    ]
    query = Query(needs=("legal",), languages=("en",))
    referral = search(tmp_path, query, *listings, at=NIGHT)
    assert sorted(names(referral)[:2]) == ["ua-both", "ua-lawyer"]
    assert names(referral)[2] == "ua-records"
    assert "related_need" in referral.found[2].reasons
    assert referral.relaxed == ()
    exactly = search(tmp_path, Query(needs=("legal.documentation",)), *listings, at=NIGHT)
    assert all("related_need" not in found.reasons for found in exactly.found)
    alone = search(tmp_path, query, records)
    assert (names(alone), alone.relaxed) == (["ua-records"], ("language", "need"))


def test_an_ambulance_comes_after_who_gives_the_care_unless_there_is_danger(
    tmp_path: Path,
) -> None:
    listings = [
        listing("ua-ambulance", needs="[emergency, medical]"),
        listing("ua-clinic", contacts=DAY_LINE),
        listing("ua-tests", needs="[medical.sti]", contacts=DAY_LINE),
    ]
    care = search(tmp_path, Query(needs=("medical",)), *listings, at=NIGHT)
    assert names(care) == ["ua-clinic", "ua-tests", "ua-ambulance"]
    assert "related_need" in care.found[2].reasons
    for needs in (("emergency",), ("medical", "emergency"), ("emergency", "medical")):
        danger = search(tmp_path, Query(needs=needs), *listings, at=NIGHT)
        assert names(danger)[0] == "ua-ambulance"
        assert "related_need" not in danger.found[0].reasons


def test_a_need_is_relaxed_to_its_parent_before_a_region_is_left(tmp_path: Path) -> None:
    far = listing("ua-far", area="[UA-65]", needs="[medical.pep]")
    close = listing("ua-close", area="[UA-63]", needs="[medical.sti]")
    query = Query(needs=("medical.pep",), place="UA-63")
    referral = search(tmp_path, query, far, close)
    assert (names(referral), referral.relaxed) == (["ua-close"], ("need",))
    assert "related_need" in referral.found[0].reasons
    referral = search(tmp_path, query, far)
    assert (names(referral), referral.relaxed) == (["ua-far"], ("need", "region"))
    assert "elsewhere:UA-65" in referral.found[0].reasons


def test_what_is_only_close_to_the_need_is_said_to_be_so_wherever_it_is(tmp_path: Path) -> None:
    query = Query(needs=("medical.pep",), place="UA-63")
    for area in ("[UA-65]", "[INT]"):
        listings = [
            listing("ua-whole", area=area, priority="9"),
            listing("ua-pep", area=area, needs="[medical.pep]"),
        ]
        referral = search(tmp_path, query, *listings)
        assert names(referral) == ["ua-pep", "ua-whole"]
        assert "related_need" not in referral.found[0].reasons
        assert "related_need" in referral.found[1].reasons


def test_what_is_exactly_asked_for_comes_before_what_is_a_part_of_it(tmp_path: Path) -> None:
    listings = [listing("ua-part", needs="[legal.advice]"), listing("ua-whole", needs="[legal]")]
    assert names(search(tmp_path, Query(needs=("legal",)), *listings)) == ["ua-whole", "ua-part"]
