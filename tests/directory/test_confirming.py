"""Nothing counts as confirmed until someone said so, and only while it says the same."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from authored import Mistakes
from referral_directory import Confirmation, add_confirmation, load_packs, read_confirmations
from referral_directory.commands import app
from tests.directory.helpers import directory, listing, write_packs

DAY = date(2026, 11, 22)


def confirm(data: Path, folder: Path, name: str, *listings: str) -> None:
    content = directory(folder, *listings).content(name)
    add_confirmation(data, Confirmation(name, "Olha", "call", DAY, content))


def test_nothing_is_served_until_someone_confirmed_it(tmp_path: Path) -> None:
    known = directory(tmp_path, listing("ua-a"), listing("ua-b"))
    data = tmp_path / "data"
    assert len(known.serving(read_confirmations(data))) == 0
    assert known.waiting(read_confirmations(data)) == ("ua-a", "ua-b")
    confirm(data, tmp_path, "ua-a", listing("ua-a"), listing("ua-b"))
    live = known.serving(read_confirmations(data))
    assert live.ids() == ("ua-a",)
    shown = live.listing("ua-a")
    assert shown is not None
    assert shown.confirmed is not None
    assert (shown.confirmed.how, shown.confirmed.on) == ("call", DAY)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ({"contacts": '[{kind: phone, number: "+380449999999"}]'}, False),
        ({"hours": "Mo-Fr 09:00-18:00"}, False),
        ({"summary": "{en: Something else., uk: Інше.}"}, False),
        ({"who": "{man: no}"}, False),
        ({"visibility": "operator_only"}, False),
        ({"notes": "called twice"}, True),
        ({"priority": "3"}, True),
    ],
)
def test_a_listing_that_changed_after_it_was_confirmed_is_not_served(
    tmp_path: Path, said: dict[str, str], stands: bool
) -> None:
    data = tmp_path / "data"
    confirm(data, tmp_path, "ua-a", listing("ua-a"))
    changed = directory(tmp_path, listing("ua-a", **said))
    live = changed.serving(read_confirmations(data))
    assert (len(live) == 1) is stands
    assert (live.listing("ua-a") is not None) is stands


def test_a_confirmation_of_other_hours_of_the_country_does_not_count(tmp_path: Path) -> None:
    data = tmp_path / "data"
    confirm(data, tmp_path, "ua-a", listing("ua-a"))
    packs = write_packs(tmp_path, listing("ua-a"))
    country = packs / "ua" / "pack.yaml"
    country.write_text(country.read_text().replace("Europe/Kyiv", "Europe/Warsaw"))
    assert len(load_packs(packs).serving(read_confirmations(data))) == 0


def test_the_file_only_grows_and_the_latest_line_counts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    known = directory(tmp_path, listing("ua-a"))
    right = Confirmation("ua-a", "Olha", "visit", DAY, known.content("ua-a"))
    add_confirmation(data, right)
    first = (data / "confirmations.jsonl").read_bytes()
    add_confirmation(data, Confirmation("ua-a", "Ivan", "call", DAY, "something else"))
    assert (data / "confirmations.jsonl").read_bytes().startswith(first)
    assert len(known.serving(read_confirmations(data))) == 0
    add_confirmation(data, right)
    assert len(known.serving(read_confirmations(data))) == 1


@pytest.mark.parametrize("line", ["not json", "{}", "[]", '{"listing": 1}'])
def test_a_line_that_is_no_confirmation_stops_with_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / "confirmations.jsonl").write_text(f"{line}\n")
    with pytest.raises(Mistakes, match=r"confirmations\.jsonl:1:1: is not a confirmation"):
        read_confirmations(tmp_path)


def test_who_confirmed_is_in_no_repr() -> None:
    assert "Olha" not in repr(Confirmation("ua-a", "Olha", "call", DAY, "x"))


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_the_command_confirms_one_and_says_how_many_wait(tmp_path: Path) -> None:
    packs = str(
        write_packs(tmp_path, listing("ua-a") + listing("ua-b") + listing("ua-c", status="closed"))
    )
    data = str(tmp_path / "data")
    assert run("waiting", "--packs", packs, "--data", data)[1].endswith("2 wait.\n")
    words = ("confirm", "ua-a", "--by", "Olha", "--how", "call", "--packs", packs, "--data", data)
    code, said = run(*words)
    assert (code, said.startswith("ua-a is confirmed as it stands, by call")) == (0, True)
    assert run("waiting", "--packs", packs, "--data", data)[1].endswith("1 wait.\n")
    write_packs(tmp_path, listing("ua-a", hours="24/7") + listing("ua-b"))
    assert "changed since" in run("waiting", "--packs", packs, "--data", data)[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ua-aa", "--by", "Olha", "--how", "call"), "Did you mean 'ua-a'?"),
        (("ua-a", "--by", "Olha", "--how", "phone"), "there is no how 'phone'"),
        (("ua-a", "--by", " ", "--how", "call"), "Say who confirmed it."),
        (("ua-c", "--by", "Olha", "--how", "call"), "its status is 'closed'"),
    ],
)
def test_a_confirmation_that_makes_no_sense_is_refused_in_words(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    packs = str(write_packs(tmp_path, listing("ua-a") + listing("ua-c", status="closed")))
    code, said = run("confirm", *words, "--packs", packs, "--data", str(tmp_path / "data"))
    assert (code, message in said) == (1, True)
    assert not (tmp_path / "data").exists()


def test_search_prints_what_is_given_and_why_with_its_source_and_date() -> None:
    at = "2026-11-22T23:10+02:00"
    code, said = run("search", "--need", "medical", "--place", "UA-63", "--lang", "uk", "--at", at)
    assert code == 0
    assert "\n1. " in said
    assert "\n4. " not in said
    assert "why: open day and night" in said
    assert "source: https://" in said
    assert "Not confirmed by anyone here" in said
    assert "Open now, whatever it is about:" in said


def test_search_shows_only_what_is_confirmed_where_that_is_asked_for(tmp_path: Path) -> None:
    packs = str(write_packs(tmp_path, listing("ua-a") + listing("ua-b")))
    data = str(tmp_path / "data")
    run("confirm", "ua-a", "--by", "Olha", "--how", "visit", "--packs", packs, "--data", data)
    code, said = run("search", "--need", "medical", "--packs", packs, "--confirmed", data)
    assert (code, "[ua-a]" in said, "[ua-b]" in said) == (0, True, False)
    assert "confirmed by visit on" in said
    assert "Olha" not in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--need", "medicl"), "Did you mean 'medical'?"),
        (("--place", "UA-100"), "there is no place 'UA-100'"),
        (("--who", "mann"), "Did you mean 'man'?"),
        (("--at", "tomorrow"), "is not an instant"),
        (("--at", "2026-11-32T10:00"), "is not an instant"),
        (("--country", "xx"), "there is no such pack"),
    ],
)
def test_a_word_the_search_does_not_know_is_told_with_the_nearest(
    words: tuple[str, ...], message: str
) -> None:
    code, said = run("search", *words)
    assert (code, message in said) == (1, True)


def test_the_list_says_of_every_listing_whether_it_may_be_served(tmp_path: Path) -> None:
    packs = str(write_packs(tmp_path, listing("ua-a") + listing("ua-c", status="closed")))
    said = run("list", "--packs", packs)[1].splitlines()
    assert said[0].startswith("+ ua-a")
    assert said[1].startswith("- ua-c")
    assert said[1].endswith("(its status is 'closed')")


def test_the_check_reads_the_shipped_packs_and_counts_them() -> None:
    code, said = run("check")
    assert code == 0
    assert "listings" in said.splitlines()[-1]


def test_the_check_fails_on_a_mistake_and_shows_its_place(tmp_path: Path) -> None:
    packs = str(write_packs(tmp_path, listing("ua-a", needs="[x]")))
    code, said = run("check", "--packs", packs)
    assert (code, "packs/ua/services.yaml:5:" in said) == (1, True)
