"""The pack of Ukraine as it is. What it says is held against the facts in `test_facts.py`."""

from datetime import datetime

import pytest

from referral_directory import Directory, Query, load_packs

NOW = datetime.fromisoformat("2026-11-22T23:10+02:00")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_packs(countries=("ua",))


def test_all_regions_of_ukraine_are_places_and_so_are_abroad_and_occupied(
    directory: Directory,
) -> None:
    kinds = [place.kind for place in directory.places]
    assert (kinds.count("region"), kinds.count("abroad"), kinds.count("occupied")) == (27, 1, 1)
    assert all({"en", "uk"} <= place.names.keys() for place in directory.places)


def test_no_word_for_a_place_means_two_places(directory: Directory) -> None:
    seen: dict[str, str] = {}
    for place in directory.places:
        words = {*place.names.values(), *(word for own in place.aliases.values() for word in own)}
        for word in words:
            assert seen.setdefault(word.casefold(), place.code) == place.code


@pytest.mark.parametrize(
    ("word", "code"),
    [("Києві", "UA-30"), ("Kiev", "UA-30"), ("Харкові", "UA-63"), ("Херсонщина", "UA-65")],
)
def test_a_place_is_known_in_its_cases_and_spellings(
    directory: Directory, word: str, code: str
) -> None:
    found = [p.code for p in directory.places if any(word in own for own in p.aliases.values())]
    assert found == [code]


def test_needs_have_names_in_both_languages_and_a_need_above_them(directory: Directory) -> None:
    assert len(directory.needs) == 60
    for code, need in directory.needs.items():
        assert need.names["en"]
        assert need.names["uk"]
        assert "." not in code or code.rpartition(".")[0] in directory.needs


def test_every_service_that_is_shown_says_in_both_languages_what_happens(
    directory: Directory,
) -> None:
    live = directory.serving(None)
    assert len(live) > 40
    for name in live.ids():
        listing = live.listing(name)
        assert listing is not None
        assert listing.source_url.startswith("http")
        for text in (listing.names, listing.summary):
            assert text["en"]
            assert text["uk"]
        assert all(len(text) <= 280 for text in listing.summary.values())
        assert listing.contacts
        assert all(contact.source_url for contact in listing.contacts)


def test_the_closed_pilot_is_never_given_as_open(directory: Directory) -> None:
    assert directory.entries["ua-gsf-pilot"].written.status == "closed"
    live = directory.serving(None)
    assert live.listing("ua-gsf-pilot") is None
    assert "ua-gsf-pilot" not in live.ids()


@pytest.mark.parametrize("place", ["UA-63", "UA-07", "UA-43", "abroad", "occupied", None])
@pytest.mark.parametrize("need", ["medical", "psychosocial", "legal", "shelter", "reparations"])
@pytest.mark.parametrize("who", ["woman", "man"])
def test_someone_is_found_for_the_great_needs_everywhere(
    directory: Directory, place: str | None, need: str, who: str
) -> None:
    live = directory.serving(None)
    query = Query(needs=(need,), place=place, languages=("uk",), who=frozenset({who, "adult"}))
    referral = live.search(query, NOW)
    inside = place not in {"abroad", "occupied", "UA-43"}
    assert referral.found or referral.always or (not inside and "operator" in referral.relaxed)
    assert not inside or referral.always


@pytest.mark.parametrize("at", [NOW, datetime.fromisoformat("2026-11-23T12:00+02:00")])
@pytest.mark.parametrize("language", ["en", "uk"])
def test_in_every_region_who_asks_for_a_lawyer_or_care_is_given_it_in_any_language(
    directory: Directory, language: str, at: datetime
) -> None:
    live = directory.serving(None)
    for place in directory.places:
        if place.kind != "region" or place.online_only:
            continue
        for need in ("legal", "medical"):
            query = Query(needs=(need,), place=place.code, languages=(language,))
            given = [live.listing(found.listing) for found in live.search(query, at).found]
            assert len(given) == 3, (place.code, need)
            for one in given:
                assert one is not None
                assert not directory.needs[need].only_beside(one.needs), (place.code, one.id)


def test_the_ambulance_is_given_to_who_is_in_danger(directory: Directory) -> None:
    query = Query(needs=("emergency",), place="UA-63")
    found = directory.serving(None).search(query, NOW).found
    assert "ua-ambulance-103" in [one.listing for one in found]
