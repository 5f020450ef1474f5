"""`quietline staff`, as whoever runs the service types it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from authored import Mistakes
from bot.cli.office import BOOK
from bot.cli.staff import staff_app
from bot.settings import Settings
from bot.staff import StaffBook
from bot.vault import SigningKeys
from bot.wiring import signing_path


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUIETLINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: str) -> str:
    result = CliRunner().invoke(staff_app, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def book(data: Path) -> StaffBook:
    settings = Settings(data=data)
    keys = SigningKeys.open(signing_path(settings), outside=data)
    return StaffBook.open(data / BOOK, keys.secret("staff"))


def test_an_account_is_made_listed_changed_reset_and_revoked(data: Path) -> None:
    said = run("add", "Anna Example", "--role", "editor", "--role", "approver", "--area", "ua-63")
    (code,) = re.findall(r"Set-up code: (\S+)", said)
    assert re.search(r"Anna Example +not set up yet +editor approver +UA-63", run("list"))
    assert code not in run("list")
    opened = book(data)
    assert opened.signing_in.with_code("Anna Example", code).session.stage == "set_up"

    run("roles", "anna example", "--role", "viewer")
    assert re.search(r"Anna Example .* viewer +all areas", run("list"))
    (fresh,) = re.findall(r"Set-up code: (\S+)", run("reset", "Anna Example"))
    assert opened.signing_in.with_code("Anna Example", fresh).session.stage == "set_up"
    run("revoke", "Anna Example")
    assert re.search(r"Anna Example +revoked", run("list"))
    assert {entry.by for entry in opened.accounts.history()} == {"command"}
    opened.close()


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("add", "Anna Example"), "--role editor"),
        (("add", "Anna Example", "--role", "editr"), "Roles are"),
        (("add", "Boris Example", "--role", "editor"), "another name"),
        (("revoke", "Boris Exampel"), "Did you mean 'Boris Example'"),
    ],
)
def test_what_is_typed_wrongly_is_said_with_its_mend(
    data: Path, words: tuple[str, ...], mend: str
) -> None:
    run("add", "Boris Example", "--role", "editor")
    with pytest.raises(Mistakes) as mistakes:
        CliRunner().invoke(staff_app, words, catch_exceptions=False)
    assert mend in str(mistakes.value)
