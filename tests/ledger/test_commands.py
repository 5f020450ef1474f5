"""The ledger from the command line: two people are needed there too."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.directory_ledger import directory_app
from bot.cli.doctor import run_doctor
from bot.cli.staff import staff_app

LINE = "ua-lastrada-nhl"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for all of them, with an editor, an approver and a viewer."""
    data = tmp_path_factory.mktemp("installation") / "data"
    for name, role in (("Anna", "editor"), ("Bohdan", "approver"), ("Vira", "viewer")):
        made = typed(data, staff_app, "add", name, "--role", role)
        assert made.exit_code == 0, made.output
    return data


def typed(data: Path, app: object, *words: str) -> Result:
    env = {"QUIETLINE_DATA": str(data), "COLUMNS": "200"}
    return CliRunner().invoke(app, words, env=env)  # type: ignore[arg-type]  # a typer.Typer


@pytest.fixture
def run(data: Path) -> Run:
    return lambda *words: typed(data, directory_app, *words)


def test_a_listing_is_confirmed_by_one_person_published_by_another_and_taken_down_by_any(
    run: Run,
) -> None:
    assert LINE in run("waiting").output
    done = run("confirm", LINE, "--by", "Anna", "--how", "call")
    assert "A second person can publish it" in done.output
    own = run("publish", LINE, "--by", "Anna")
    assert (own.exit_code, "may not do that" in own.output) == (1, True)
    assert f"{LINE} is published." in run("publish", LINE, "--by", "Bohdan").output
    assert run("confirm", LINE, "--by", "Anna", "--how", "visit", "--part", "hours").exit_code == 0
    nothing = run("publish", LINE, "--by", "Bohdan")
    assert "nothing is proposed" in nothing.output
    gone = run("suspend", LINE, "--by", "Bohdan", "--why", "strangers answered")
    assert "suspended: 1" in gone.output
    assert "Everything follows from the history" in run("verify").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("confirm", LINE, "--by", "Vira", "--how", "call"), "'Vira' may not do that"),
        (("confirm", LINE, "--by", "Anna", "--how", "guess"), "Say call, visit or letter."),
        (("confirm", LINE, "--by", "Anna", "--how", "call", "--part", "phone"), "There are: "),
        (("suspend", LINE, "--by", "Vira", "--why", "x"), "'Vira' may not do that"),
        (("confirm", "ua-nowhere", "--by", "Anna", "--how", "call"), "no such record"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(run: Run, words: list[str], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert said in done.output


def test_an_account_for_a_place_that_there_is_not_is_refused(data: Path) -> None:
    refused = typed(data, staff_app, "add", "Daria", "--role", "editor", "--area", "UA-99")
    assert (refused.exit_code, "there is no area UA-99" in str(refused.exception)) == (1, True)
    assert "Daria" not in typed(data, staff_app, "list").output


def test_the_doctor_says_when_there_are_not_two_people_for_what_takes_two(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUIETLINE_DATA", str(data))
    monkeypatch.setenv("QUIETLINE_KEY_RING", str(data.parent / "ring"))
    run_doctor(None, ["staff"])
    assert "3 accounts, 0 set up: a change needs one who edits" in capsys.readouterr().out


def test_a_ledger_that_was_changed_by_hand_is_found_out(run: Run, data: Path) -> None:
    run("suspend", LINE, "--by", "Bohdan", "--why", "strangers answered")
    assert run("verify").exit_code == 0
    with sqlite3.connect(data / "directory.db") as file:
        file.execute("UPDATE record SET suspended = 0 WHERE id = ?", (LINE,))
    file.close()
    done = run("verify")
    assert done.exit_code == 1
    assert LINE in done.output
    assert "directory restored" in done.output
