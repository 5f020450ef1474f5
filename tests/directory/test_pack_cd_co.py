"""The packs of the DR Congo and of Colombia: what they say is in the facts, and says what is not
known.
"""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from referral_directory import Directory, Listing, Query, load_packs
from referral_directory.listing import withheld

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
NOW = datetime.fromisoformat("2026-11-23T12:00+01:00")
NIGHT = datetime.fromisoformat("2026-11-23T23:10-05:00")
OWN = {"cd": ("fr", "DR Congo", "RDC"), "co": ("es", "Colombia", "Colombia")}
ADDED = {
    "https://elnuevosiglo.com.co": "the corrections name it as the source of the WhatsApp number",
    "+573228151101": "the corrections add this WhatsApp number to the facts",
}
SHORT_CODES = re.compile(r"(?<![\d-])1[0-9]{2}(?! ?[\d%])(?! days)")


@pytest.fixture(scope="module", params=["cd", "co"])
def country(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def directory(country: str) -> Directory:
    return load_packs(countries=(country,))


@pytest.fixture(scope="module")
def listings(directory: Directory) -> dict[str, Listing]:
    live = directory.serving(None)
    found = {name: live.listing(name) for name in live.ids()}
    return {name: listing for name, listing in found.items() if listing is not None}


@pytest.fixture(scope="module")
def facts(country: str) -> dict[str, Any]:
    path = FACTS / f"{country}.json"
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("../shared/facts is not here to compare with")
    records = json.loads(path.read_text(encoding="utf-8"))
    return {record["id"].replace("_", "-"): record for record in records}


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def national(number: str) -> str:
    """A number as a page of its own country prints it, digits only."""
    bare = digits(number)
    return f"0{bare[2:]}" if bare.startswith("571800") else bare.removeprefix("57")


def test_every_province_and_department_is_a_place_in_english_and_its_own_language(
    country: str, directory: Directory
) -> None:
    assert len(directory.places) == {"cd": 26, "co": 33}[country]
    for place in directory.places:
        assert place.names["en"]
        assert place.names[OWN[country][0]]
        assert sum(len(words) for words in place.aliases.values()) >= 3, place.code


def test_no_word_for_a_place_means_two_places(directory: Directory) -> None:
    seen: dict[str, str] = {}
    for place in directory.places:
        words = {*place.names.values(), *(word for own in place.aliases.values() for word in own)}
        for word in words:
            assert seen.setdefault(word.casefold(), place.code) == place.code, word


@pytest.mark.parametrize(
    ("word", "code"),
    [("Goma", "CD-NK"), ("à Bukavu", "CD-SK"), ("Kivu Kusini", "CD-SK"), ("Bas-Congo", "CD-BC"),
     ("Mbuji-Mayi", "CD-KE"), ("Medellin", "CO-ANT"), ("Cúcuta", "CO-NSA"), ("Cali", "CO-VAC"),
     ("Tumaco", "CO-NAR"), ("Bogota", "CO-DC")],
)  # fmt: skip
def test_a_town_leads_to_its_region(word: str, code: str) -> None:
    places = load_packs(countries=(code[:2].lower(),)).places
    found = [p.code for p in places if any(word in own for own in p.aliases.values())]
    assert found == [code]


def test_every_record_of_the_facts_is_in_the_pack_and_no_other(
    directory: Directory, facts: dict[str, Any]
) -> None:
    assert set(directory.entries) == set(facts)


def test_every_number_and_address_that_is_shown_is_in_the_facts(
    directory: Directory, facts: dict[str, Any]
) -> None:
    good: set[str] = set(ADDED) | {digits(one) for one in ADDED if one.startswith("+")}
    for record in facts.values():
        if not record["unverified"]:
            good |= {digits(phone["number"]) for phone in record["phones"]}
        good |= {digits(one["handle"]) for one in record["messengers"]}
        good |= {*record["urls"], record["source_url"], record["email"]}
    for name, entry in directory.entries.items():
        sources = [entry.written.source, *(one.source for one in entry.written.contacts)]
        assert {source.url for source in sources if source} <= good, name
        if withheld(entry.written) is not None:
            continue
        for contact in entry.written.contacts:
            if contact.number is None:
                assert {contact.url, contact.email} & good, (name, contact.url)
            else:
                assert {national(contact.number), digits(contact.number)} & good, name
                assert contact.shown is None or digits(contact.shown) in good, name


def test_every_number_that_the_facts_have_and_do_not_doubt_is_shown(
    listings: dict[str, Listing], facts: dict[str, Any]
) -> None:
    for name, record in facts.items():
        if record["unverified"]:
            assert name not in listings
            continue
        shown = {digits(one.number) for one in listings[name].phones} if name in listings else set()
        shown |= {national(one.uri or "") for one in listings[name].phones} if shown else set()
        wanted = {digits(phone["number"]) for phone in record["phones"]}
        assert wanted <= shown | {one[2:] for one in shown} | {f"0{one}" for one in shown}, name


def test_a_number_of_another_service_stands_with_its_own_source(
    directory: Directory, facts: dict[str, Any]
) -> None:
    for name, entry in directory.entries.items():
        own = digits(json.dumps(facts[name], ensure_ascii=False))
        for contact in entry.written.contacts:
            if contact.number is not None and national(contact.number) not in own:
                assert contact.source is not None, (name, contact.number)


def test_the_day_of_a_source_is_the_one_in_the_facts(
    directory: Directory, facts: dict[str, Any]
) -> None:
    for name, entry in directory.entries.items():
        source = entry.written.source
        assert source is not None
        assert source.url == facts[name]["source_url"]
        assert (source.date or source.printed or "") in facts[name]["source_date"] or (
            source.printed is not None
        ), name
        if source.date is None or source.date < "2024":
            assert entry.written.recheck, name


def test_day_and_night_is_said_only_where_the_facts_say_it(
    listings: dict[str, Listing], facts: dict[str, Any]
) -> None:
    always = {name for name, listing in listings.items() if listing.state(NOW).always}
    said = {name for name in always if "24/7" in json.dumps(facts[name]["phones"])}
    lines = {
        "co-health-res459": "the ambulance stands there with its own source",
        "co-casa-refugio": "the line of the same secretariat stands there with its own source",
    }
    assert always - said <= set(lines)
    assert "cd-line-122" not in always  # its sources disagree


def test_a_short_number_in_the_words_of_a_service_has_its_country_beside_it(
    country: str, listings: dict[str, Listing]
) -> None:
    own, english, abbreviated = OWN[country]
    found = 0
    for name, listing in listings.items():
        for text in (listing.names, listing.summary):
            for language in ("en", own):
                if SHORT_CODES.search(text[language]):
                    found += 1
                    assert english in text[language] or abbreviated in text[language], name
    assert found


def test_nothing_is_promised_and_nobody_is_told_that_it_is_too_late(
    directory: Directory,
) -> None:
    never = re.compile(
        r"too late|trop tard|demasiado tarde|guarantee|garantis|garantiz|you will receive|"
        r"vous recevrez|usted recibir[áa]|will be paid|Lundula|Patrick Fata|Ngunga|SMLMV|pesos",
        re.IGNORECASE,
    )
    for name, entry in directory.entries.items():
        for text in (*entry.written.summary.values(), *entry.written.names.values()):
            assert not never.search(text), name


@pytest.mark.parametrize(
    ("name", "language", "words"),
    [
        ("cd-fonarev", "en", "could not confirm any individual payment"),
        ("cd-fonarev", "fr", "ni paiement individuel"),
        ("cd-line-122", "en", "may not work in areas held by armed groups"),
        ("cd-line-122", "fr", "Horaires incertains"),
        ("cd-msf-goma", "en", "medicines can be out of stock"),
        ("cd-msf-goma", "fr", "médicaments peuvent manquer"),
        ("co-unidad-victimas", "en", "may have closed on 22 August 2026: still go"),
        ("co-unidad-victimas", "es", "vaya igual"),
        ("co-jep11", "en", "ask in writing for confidentiality"),
        ("co-jep11", "es", "pida confidencialidad"),
        ("co-linea-purpura", "en", "calls were not answered"),
        ("co-155", "en", "Police staff answer"),
        ("co-llamada-de-vida", "es", "datos personales"),
    ],
)
def test_what_a_person_must_know_before_is_said(name: str, language: str, words: str) -> None:
    listing = load_packs(countries=(name[:2],)).serving(None).listing(name)
    assert listing is not None
    assert words in listing.summary[language]


@pytest.mark.parametrize("at", [NOW, NIGHT])
@pytest.mark.parametrize("need", ["emergency", "medical", "psychosocial", "legal", "reparations",
                                  "shelter", "children", "livelihood", "information"])  # fmt: skip
@pytest.mark.parametrize("who", ["woman", "man"])
def test_someone_is_found_in_every_region_for_the_great_needs(
    country: str, directory: Directory, need: str, who: str, at: datetime
) -> None:
    live = directory.serving(None)
    for place in directory.places:
        query = Query((need,), place.code, (OWN[country][0],), frozenset({who, "adult"}))
        referral = live.search(query, at)
        assert referral.found or referral.always, (place.code, need)


def test_a_man_is_not_sent_to_a_line_for_women_nor_a_woman_to_one_for_men() -> None:
    live = load_packs(countries=("co",)).serving(None)
    for who, others_only in (("man", "co-linea-purpura"), ("woman", "co-linea-calma")):
        query = Query(("psychosocial",), "CO-DC", ("es",), frozenset({who, "adult"}))
        referral = live.search(query, NOW)
        assert referral.found
        assert others_only not in [found.listing for found in referral.found]
