"""The commands of the directory: search, list and check the packs."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from referral_directory import Confirmation
from referral_directory.commands import app
from tests.directory.helpers import listing, write_packs
from tests.directory.test_patching import DAY


def test_who_confirmed_is_in_no_repr() -> None:
    assert "Olha" not in repr(Confirmation("ua-a", "Olha", "call", DAY))


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


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
