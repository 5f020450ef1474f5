"""All packs as they are, in one directory: every country, and nobody across its border."""

from datetime import datetime
from functools import cache
from itertools import product

import pytest
from typer.testing import CliRunner

from referral_directory import Directory, Listing, Live, Query, load_packs, packs_in
from referral_directory.commands import app
from tests.directory.helpers import NOON, names


@cache
def everything() -> tuple[Directory, Live]:
    directory = load_packs(countries=packs_in())
    return directory, directory.serving(None)


def one(live: Live, name: str) -> Listing:
    found = live.listing(name)
    assert found is not None
    return found


def test_all_packs_are_one_directory() -> None:
    directory, live = everything()
    assert directory.country_codes[:5] == ("UA", "LT", "AZ", "CD", "CO")
    assert set(directory.country_codes[5:]) == set("PL DE CZ MD RO GB IE IT GR SK".split())  # noqa: SIM905
    regions = {code: len(directory.regions(code)) for code in directory.country_codes[:5]}
    assert regions == {"UA": 27, "LT": 10, "AZ": 78, "CD": 26, "CO": 33}
    assert len(live) > 120


def test_no_word_for_a_place_means_two_places_of_its_country() -> None:
    directory, _ = everything()
    for country in ("LT", "AZ"):
        seen: dict[str, str] = {}
        for place in directory.regions(country):
            words = [*place.names.values(), *(w for own in place.aliases.values() for w in own)]
            for word in words:
                assert seen.setdefault(word.casefold(), place.code) == place.code, word


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Vilniuje", "LT-VL"),
        ("Klaipeda", "LT-KL"),
        ("Каунасе", "LT-KU"),
        ("Bakıda", "AZ-BA"),
        ("Gence", "AZ-GA"),
        ("Naxçıvan", "AZ-NX"),
    ],
)
def test_a_town_leads_to_its_region(word: str, code: str) -> None:
    directory, _ = everything()
    found = {p.code for p in directory.places if any(word in own for own in p.aliases.values())}
    assert found == {code}


@pytest.mark.parametrize("at", [NOON, datetime.fromisoformat("2026-11-28T03:10+02:00")])
def test_nobody_is_shown_a_number_that_cannot_be_dialled_where_they_are(at: datetime) -> None:
    directory, live = everything()
    needs = [need for need in directory.needs if "." not in need]
    places = [*directory.country_codes, "LT-VL", "AZ-BA", "CD-NK", "CO-ANT", "UA-63", "abroad"]
    for place, need, language in product(places, needs, ("en", "uk")):
        home = {"UA"} if place == "abroad" else {place[:2]}
        hosts = {country.code for country in directory.countries if country.home}
        allowed = home | {"INT"} | ({"UA"} if place in hosts else set())
        referral = live.search(Query(needs=(need,), place=place, languages=(language,)), at)
        found = [*referral.found, *([referral.always] if referral.always else [])]
        found += live.open_lines(place, (language,), at)
        for name in {found.listing for found in found}:
            service = one(live, name)
            assert service.country in allowed, (place, need, name)
            shown = [contact for contact in service.contacts if contact.reaches(place)]
            assert shown, (place, need, name)
            assert all(c.country == place[:2] for c in shown if c.short), (place, name)


def test_a_short_number_names_its_country_in_words_or_by_the_program() -> None:
    directory, live = everything()
    for name in live.ids():
        for contact in one(live, name).phones:
            known = contact.country in {*directory.country_codes, "INT"}
            # A line may have numbers in countries that have no listings of their own.
            assert known or name == "ua-npa", name
            assert not contact.short or contact.abroad == "no", name


def test_whoever_is_in_danger_is_given_the_number_of_their_country() -> None:
    _, live = everything()
    for place, name in (("LT-VL", "lt-112"), ("AZ-BA", "az-112"), ("UA-63", "ua-police-102")):
        query = Query(needs=("emergency.rescue",), place=place)
        assert name in names(live.search(query, NOON)), place


def test_who_goes_to_a_hospital_in_lithuania_knows_of_the_police_before() -> None:
    _, live = everything()
    hospitals = one(live, "lt-hospitals")
    assert "inform the police" in " ".join(hospitals.summary["en"].split())
    assert "policijai" in hospitals.summary["lt"]
    assert hospitals.traits["no_police"] == "no"
    query = Query(needs=("medical",), place="LT-KL", languages=("lt",))
    assert "lt-hospitals" in names(live.search(query, NOON))


def test_the_search_command_knows_every_country_without_being_told() -> None:
    result = CliRunner().invoke(
        app, ["search", "--need", "medical", "--place", "LT-VL", "--lang", "lt"]
    )
    assert result.exit_code == 0
    assert "[lt-hospitals]" in result.output
    assert "112 in Lithuania" in result.output
    assert "[ua-" not in result.output


def test_packs_that_were_written_here_raise_no_doubt() -> None:
    for code in ("lt", "az", "abroad", "intl"):
        result = CliRunner().invoke(app, ["check", "--country", code])
        assert result.exit_code == 0
        assert "warning" not in result.output, result.output
