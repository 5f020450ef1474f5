"""Mistakes in a pack: shown where they stand, with the way to mend them."""

from datetime import date
from pathlib import Path

import pytest

from authored import Mistakes
from referral_directory import load_packs
from referral_directory.checking import counts, warnings
from referral_directory.numbers import dial, from_abroad, shown
from tests.directory.helpers import directory, listing, write_packs

TODAY = date(2026, 11, 22)


def mistakes(folder: Path, *listings: str) -> str:
    with pytest.raises(Mistakes) as caught:
        directory(folder, *listings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"needs": "[medicl]"}, "Did you mean 'medical'?"),
        ({"area": "[UA-99]"}, "there is no area 'UA-99'"),
        ({"area": "[occupied]"}, "Say 'occupied: yes' instead."),
        ({"windows": "{medical.pp: 3}"}, "Did you mean 'medical.pep'?"),
        ({"hours": "Mo-Fr 9-18"}, "is not a time span"),
        ({"hours": "{printed: x, zone: Europe/Kiyv}"}, "is not an IANA time zone"),
        ({"who": "{men: yes}"}, "'men' is not known here"),
        ({"languges": "[uk]"}, "Did you mean 'languages'?"),
        ({"status": "open"}, "status: should be 'active'"),
        ({"summary": f"{{en: {'x' * 281}}}"}, "has 281 characters; at most 280"),
        ({"summary": "{uk: Слова}"}, "needs at least English"),
        ({"source": "{url: example.org}"}, "is not a web address"),
        ({"source": "{url: https://example.org, date: May 2024}"}, "is not a date like 2024-07-01"),
        ({"contacts": "[{kind: phone, url: https://a.org}]"}, "has one 'number' and nothing else"),
        ({"contacts": '[{kind: phone, number: "044 123"}]'}, "is neither +380... without spaces"),
        ({"capacity": "{state: open, as_of: 2026-11-20T10:00}"}, "needs a time zone"),
        (
            {"hours": "{printed: x, closed: [{from: 2026-12-31, to: 2026-12-01}]}"},
            "ends before it begins",
        ),
    ],
)
def test_a_mistake_is_shown_where_it_stands_with_its_mend(
    tmp_path: Path, said: dict[str, str], message: str
) -> None:
    told = mistakes(tmp_path, listing("ua-wrong", **said))
    assert message in told
    assert "packs/ua/services.yaml:" in told
    assert str(tmp_path) not in told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = mistakes(tmp_path, listing("ua-a", needs="[x]"), listing("ua-b", area="[y]"))
    assert "there is no need 'x'" in told
    assert "there is no area 'y'" in told


def test_an_id_is_used_once_in_a_country(tmp_path: Path) -> None:
    packs = write_packs(tmp_path, listing("ua-twice"))
    services = packs / "ua" / "services.yaml"
    (packs / "ua" / "again.yaml").write_text(services.read_text(), encoding="utf-8")
    with pytest.raises(Mistakes, match="'ua-twice' is written twice"):
        load_packs(packs)


def test_an_id_names_its_country_first(tmp_path: Path) -> None:
    assert "is not an id like" in mistakes(tmp_path, listing("Wrong Name"))


def test_a_pack_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    packs = write_packs(tmp_path, listing("ua-a"))
    with pytest.raises(Mistakes, match="Known here: ua"):
        load_packs(packs, ("xx",))


def test_a_place_has_the_code_of_its_kind(tmp_path: Path) -> None:
    packs = write_packs(tmp_path, listing("ua-a"))
    (packs / "ua" / "places.yaml").write_text("places:\n  PL-1: {names: {en: X}}\n")
    with pytest.raises(Mistakes, match="'PL-1' is not the code of such a place"):
        load_packs(packs)


@pytest.mark.parametrize(
    "said",
    [
        {"source": ""},
        {"confidence": "unverified"},
        {"contacts": ""},
        {"contacts": '[{kind: phone, number: "1547", confidence: unverified}]'},
        {"status": "closed"},
        {"status": "suspended"},
        {"visibility": "operator_only"},
        {"vetting": "refused"},
        {"vetting": "suspended"},
    ],
)
def test_what_must_not_be_served_is_in_the_pack_and_nowhere_else(
    tmp_path: Path, said: dict[str, str]
) -> None:
    known = directory(tmp_path, listing("ua-hidden", **said), listing("ua-shown"))
    assert "ua-hidden" in known.entries
    live = known.serving(None)
    assert live.ids() == ("ua-shown",)
    assert live.listing("ua-hidden") is None


def test_an_unverified_contact_is_left_out_of_a_service_that_is_served(tmp_path: Path) -> None:
    contacts = (
        '[{kind: phone, number: "1547"},'
        ' {kind: phone, number: "+380800505501", confidence: unverified}]'
    )
    shown_there = (
        directory(tmp_path, listing("ua-a", contacts=contacts)).serving(None).listing("ua-a")
    )
    assert shown_there is not None
    assert [contact.number for contact in shown_there.contacts] == ["1547"]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"source": "{url: https://example.org}"}, "[date]"),
        ({"source": "{url: https://example.org, date: 2022-03}"}, "[date]"),
        ({"source": "{url: https://example.org, date: 2027-01}"}, "[date]"),
        ({"source": ""}, "[source]"),
        ({"summary": "{en: Only English.}"}, "[words]"),
        ({"contacts": ""}, "[contact]"),
        ({"contacts": "[{kind: web, url: http://example.org}]"}, "[https]"),
        ({"contacts": '[{kind: phone, number: "+3801234567"}]'}, "[number]"),
        ({"contacts": '[{kind: phone, number: "+380441234567", shown: 044 999 99 99}]'}, "[shown]"),
        ({"contacts": '[{kind: phone, number: "1547", abroad: yes}]'}, "[abroad]"),
        ({"occupied": "yes"}, "[occupied]"),
        ({"hours": "{printed: in the morning}"}, "[hours]"),
        (
            {"hours": "{printed: x, rules: 24/7, closed: [{from: 2026-01-01, to: 2026-01-02}]}"},
            "[closure]",
        ),
    ],
)
def test_a_doubt_is_a_warning_in_its_place(tmp_path: Path, said: dict[str, str], rule: str) -> None:
    known = directory(tmp_path, listing("ua-doubt", **said))
    told = [str(warning) for warning in warnings(known, TODAY)]
    assert any(rule in one and "services.yaml:2:3" in one for one in told), told


def test_a_good_pack_raises_no_doubt(tmp_path: Path) -> None:
    known = directory(tmp_path, listing("ua-good"))
    assert warnings(known, TODAY) == ()
    assert counts(known) == {"listings": 1, "contacts": 1, "never served": 0}


@pytest.mark.parametrize(
    ("number", "national", "tap", "abroad"),
    [
        ("+380800500335", "0 800 500 335", "tel:0800500335", "no"),
        ("+380506261379", "050 626 13 79", "tel:+380506261379", "unknown"),
        ("+380442721500", "044 272 15 00", "tel:+380442721500", "unknown"),
        ("116123", "116 123", "tel:116123", "no"),
        ("1547", "1547", "tel:1547", "no"),
        ("+48800088141", "+48 800 088 141", "tel:+48800088141", "no"),
        ("+37061691119", "+370 616 91119", "tel:+37061691119", "unknown"),
        ("012860", "012860", "tel:012860", "no"),
    ],
)
def test_a_number_is_shown_as_people_write_it_and_keeps_its_digits(
    number: str, national: str, tap: str, abroad: str
) -> None:
    assert (shown(number), dial(number), from_abroad("phone", number)) == (national, tap, abroad)


OLDER = (
    '[{kind: phone, number: "+380441234567", source: {url: https://example.org/old, date: 2022}%s},'
    " {kind: chat, url: https://example.org/chat, source: {url: https://example.org/new}%s},"
    " {kind: web, url: https://example.org}]"
)


def test_a_contact_with_an_older_source_is_labelled_though_its_service_has_a_newer_one(
    tmp_path: Path,
) -> None:
    known = directory(tmp_path, listing("ua-a", contacts=OLDER % ("", "")))
    told = [str(warning) for warning in warnings(known, TODAY)]
    assert any("the source of +380441234567 is of 2022" in one for one in told), told
    assert any("the source of https://example.org/chat has no date" in one for one in told)
    marked = (", recheck: true",) * 2
    assert warnings(directory(tmp_path, listing("ua-a", contacts=OLDER % marked)), TODAY) == ()
    service = known.serving(None).listing("ua-a")
    assert service is not None
    assert [contact.recheck for contact in service.contacts] == [True, True, False]


def test_the_oldest_source_of_what_is_shown_is_the_one_without_a_date_and_then_the_earliest(
    tmp_path: Path,
) -> None:
    service = directory(tmp_path, listing("ua-a", contacts=OLDER % ("", ""))).serving(None)
    shown_there = service.listing("ua-a")
    assert shown_there is not None
    assert shown_there.oldest_source() == ("https://example.org/new", None)
    phone_only = OLDER.split(" {kind: chat", maxsplit=1)[0] % "" + "]"
    only = directory(tmp_path, listing("ua-a", contacts=phone_only)).serving(None).listing("ua-a")
    assert only is not None
    assert only.oldest_source() == ("https://example.org/old", "2022")
    assert only.oldest_source("occupied") == ("https://example.org", "2026-05")


def test_a_need_beside_another_is_one_that_exists(tmp_path: Path) -> None:
    packs = write_packs(tmp_path, listing("ua-a"))
    taxonomy = packs / "taxonomy.yaml"
    taxonomy.write_text(taxonomy.read_text().replace("[emergency]", "[emergancy]"))
    with pytest.raises(Mistakes, match="Did you mean 'emergency'"):
        load_packs(packs)
