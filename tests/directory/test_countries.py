"""Several countries in one directory: nobody is given a line of a country where they are not."""

from datetime import datetime
from pathlib import Path
from textwrap import dedent, indent

import pytest

from authored import Mistakes
from referral_directory import Directory, Listing, Live, Query, load_packs
from tests.directory.helpers import CHAT, DAY_LINE, HOTLINE, NOON, listing, names, write_packs

LITHUANIA = """
country: LT
names: {en: Lithuania, lt: Lietuva}
aliases: {lt: [Lietuvoje]}
zone: Europe/Vilnius
languages: [lt, en]
"""
COUNTIES = """
places:
  LT-VL: {names: {en: Vilnius county, lt: Vilniaus apskritis}}
  LT-KL: {names: {en: Klaipėda county, lt: Klaipėdos apskritis}, zone: Europe/Riga}
"""
HOSTS = """
home: UA
languages: [uk, en]
hosts:
  PL: {names: {en: Poland, uk: Польща}, zone: Europe/Warsaw}
  DE: {names: {en: Germany, uk: Німеччина}, zone: Europe/Berlin}
"""
WORLD = """
country: INT
names: {en: International}
zone: Etc/UTC
languages: [en]
"""
SHORT = '[{kind: phone, number: "1547", hours: "24/7"}]'
OUTSIDE = '[{kind: phone, number: "+380441234567", abroad: yes, hours: "24/7"}]'
ALL = ("ua", "abroad", "lt", "intl")


def packs(folder: Path, **listings: str) -> Path:
    """A folder of four packs: `ua`, `abroad`, `lt` and `intl`, with these listings."""
    there = write_packs(folder, listings.get("ua", listing("ua-any")))
    written = {
        "abroad": {"pack": HOSTS},
        "lt": {"pack": LITHUANIA, "places": COUNTIES},
        "intl": {"pack": WORLD},
    }
    for name, files in written.items():
        (there / name).mkdir()
        for file, text in files.items():
            (there / name / f"{file}.yaml").write_text(text, encoding="utf-8")
        own = listings.get(name, "")
        text = "listings:\n" + indent(dedent(own), "  ") if own else "listings: {}\n"
        (there / name / "services.yaml").write_text(text, encoding="utf-8")
    return there


def several(folder: Path, **listings: str) -> Directory:
    return load_packs(packs(folder, **listings), ALL)


def asked(place: str | None, *languages: str) -> Query:
    return Query(needs=("medical",), place=place, languages=languages)


def given(directory: Directory, place: str | None, *languages: str) -> list[str]:
    return names(directory.serving(None).search(asked(place, *languages), NOON))


def one(live: Live, name: str) -> Listing:
    found = live.listing(name)
    assert found is not None
    return found


def test_countries_are_offered_in_order_those_with_packs_of_their_own_first(tmp_path: Path) -> None:
    directory = several(tmp_path)
    assert directory.country_codes == ("UA", "LT", "PL", "DE")
    assert [place.code for place in directory.regions("LT")] == ["LT-VL", "LT-KL"]
    assert directory.regions("PL") == ()
    assert {place.code for place in directory.places} >= {"UA-63", "LT-VL", "abroad", "occupied"}
    assert directory.place_names["PL"]["uk"] == "Польща"
    assert directory.place_names["LT-VL"]["lt"] == "Vilniaus apskritis"
    zones = [directory.zone_at(place) for place in ("LT-VL", "PL", "UA", "abroad", None)]
    assert zones == ["Europe/Vilnius", "Europe/Warsaw", *["Europe/Kyiv"] * 3]


def test_a_search_in_a_country_finds_that_country_and_then_what_is_international(
    tmp_path: Path,
) -> None:
    directory = several(
        tmp_path,
        ua=listing("ua-any") + listing("ua-outside", area="[UA, abroad]", contacts=OUTSIDE),
        lt=listing("lt-national", area="[LT]", contacts=DAY_LINE)
        + listing("lt-county", area="[LT-VL]", contacts=DAY_LINE),
        intl=listing("intl-world", area="[INT]"),
    )
    assert given(directory, "LT") == ["lt-national", "intl-world"]
    assert given(directory, "LT-VL") == ["lt-county", "lt-national", "intl-world"]
    assert given(directory, "LT-KL") == ["lt-national", "intl-world"]
    assert given(directory, "UA-63") == ["ua-any", "ua-outside", "intl-world"]


def test_nothing_is_better_than_the_line_of_another_country(tmp_path: Path) -> None:
    line = "[medical, emergency.hotline]"
    directory = several(
        tmp_path,
        ua=listing("ua-line", needs=line)
        + listing("ua-outside", needs=line, area="[UA, abroad]", contacts=OUTSIDE),
        abroad=listing("pl-line", needs=line, area="[PL]"),
    )
    live = directory.serving(None)
    for place in ("LT", "LT-VL", "LT-KL"):
        referral = live.search(asked(place, "uk"), NOON)
        assert (referral.found, referral.always) == ((), None)
        assert referral.relaxed == ("operator",)
        assert live.open_lines(place, ("uk",), NOON) == ()


def test_in_a_host_country_its_own_lines_come_first_and_ukrainian_ones_that_can_be_called(
    tmp_path: Path,
) -> None:
    free = '[{kind: phone, number: "+380800123456", hours: "24/7"}]'
    directory = several(
        tmp_path,
        ua=listing("ua-inside")
        + listing("ua-free", area="[UA, abroad]", contacts=free)
        + listing("ua-outside", area="[UA, abroad]", contacts=OUTSIDE)
        + listing("ua-chat", contacts=CHAT),
        abroad=listing("pl-day", area="[PL]", languages="[pl]", contacts=DAY_LINE)
        + listing("de-day", area="[DE]"),
        intl=listing("intl-world", area="[INT]"),
    )
    assert given(directory, "PL", "uk") == ["pl-day", "ua-outside", "intl-world"]
    assert given(directory, "DE", "uk") == ["de-day", "ua-outside", "intl-world"]
    assert given(directory, "abroad", "uk") == ["ua-outside", "intl-world"]
    referral = directory.serving(None).search(Query(needs=("legal",), place="PL"), NOON)
    assert referral.relaxed == ("operator",)


def test_in_a_host_country_what_serves_ukraine_online_comes_before_nothing(tmp_path: Path) -> None:
    directory = several(tmp_path, ua=listing("ua-chat", contacts=CHAT) + listing("ua-phone"))
    referral = directory.serving(None).search(asked("PL", "uk"), NOON)
    assert names(referral) == ["ua-chat"]
    assert referral.relaxed[-1] == "national"
    assert "from_abroad" in referral.found[0].reasons


def test_without_a_place_the_language_says_which_country_is_meant(tmp_path: Path) -> None:
    directory = several(
        tmp_path, lt=listing("lt-any", area="[LT]"), intl=listing("intl-world", area="[INT]")
    )
    assert given(directory, None, "lt") == ["lt-any", "intl-world"]
    assert given(directory, None, "uk") == ["ua-any", "intl-world"]
    assert given(directory, None, "en")[0] == "intl-world"


def test_a_region_that_is_not_known_is_searched_in_its_country_and_no_other(tmp_path: Path) -> None:
    directory = several(tmp_path, lt=listing("lt-any", area="[LT]"))
    referral = directory.serving(None).search(asked("LT-99", "uk"), NOON)
    assert (names(referral), referral.relaxed[0]) == (["lt-any"], "place")


def test_what_helps_in_occupied_territory_is_not_looked_for_in_other_countries(
    tmp_path: Path,
) -> None:
    directory = several(
        tmp_path,
        ua=listing("ua-chat", contacts=CHAT, occupied="yes"),
        lt=listing("lt-chat", contacts=CHAT, area="[LT]"),
        intl=listing("intl-chat", contacts=CHAT, area="[INT]"),
    )
    assert given(directory, "occupied", "uk") == ["ua-chat"]


def test_hours_are_those_of_the_clocks_of_each_country(tmp_path: Path) -> None:
    directory = several(
        tmp_path,
        abroad=listing("pl-day", area="[PL]", contacts=DAY_LINE, needs=HOTLINE),
        lt=listing("lt-day", area="[LT]", contacts=DAY_LINE)
        + listing("lt-klaipeda", area="[LT-KL]", contacts=DAY_LINE),
    )
    live = directory.serving(None)
    half_past_nine = datetime.fromisoformat("2026-11-23T09:30+02:00")
    states = {name: one(live, name).state(half_past_nine).open for name in ("pl-day", "lt-day")}
    assert states == {"pl-day": "no", "lt-day": "yes"}
    assert one(live, "lt-klaipeda").phones[0].hours.zone == "Europe/Riga"
    assert live.open_lines("PL", ("uk",), half_past_nine) == ()
    later = half_past_nine.replace(hour=10)
    assert [found.listing for found in live.open_lines("PL", ("uk",), later)] == ["pl-day"]


def test_a_number_is_known_by_its_country_and_reaches_only_who_can_dial_it(tmp_path: Path) -> None:
    numbers = (
        '[{kind: phone, number: "116123"}, {kind: phone, number: "+37080066366"},'
        ' {kind: phone, number: "+37061691119", abroad: yes},'
        ' {kind: phone, number: "+48800088141", country: PL, abroad: yes}]'
    )
    live = several(tmp_path, lt=listing("lt-any", area="[LT]", contacts=numbers)).serving(None)
    phones = one(live, "lt-any").phones
    assert [(phone.country, phone.short) for phone in phones] == [
        ("LT", True),
        ("LT", False),
        ("LT", False),
        ("PL", False),
    ]
    reached = {
        place: [i for i, phone in enumerate(phones) if phone.reaches(place)]
        for place in ("LT", "LT-VL", "PL", "UA-63", "abroad", "occupied", None)
    }
    assert reached == {
        "LT": [0, 1, 2],
        "LT-VL": [0, 1, 2],
        "PL": [2, 3],
        "UA-63": [2],
        "abroad": [2, 3],
        "occupied": [],
        None: [0, 1, 2, 3],
    }


def test_a_listing_for_people_abroad_is_of_one_country(tmp_path: Path) -> None:
    for area in ("[abroad]", "[PL, DE]"):
        with pytest.raises(Mistakes, match="is not in one of the countries of this pack"):
            several(tmp_path / area, abroad=listing("pl-any", area=area))


def test_a_country_stands_in_one_pack(tmp_path: Path) -> None:
    there = packs(tmp_path)
    pack = there / "lt" / "pack.yaml"
    pack.write_text(LITHUANIA.replace("LT", "PL"), encoding="utf-8")
    (there / "lt" / "places.yaml").write_text("places: {}\n", encoding="utf-8")
    with pytest.raises(Mistakes, match="'PL' stands twice"):
        load_packs(there, ALL)
