"""The doctor: finds what is wrong, says what mends it, and shows no secret."""

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from authored import Mistakes
from bot.cli.backup import run_backup, run_restore_test
from bot.cli.doctor import LOOKS, examined, run_doctor
from bot.cli.doctor_model import ABOUT
from bot.cli.main import app
from bot.settings import Settings
from bot.staff import StaffBook
from bot.storage import Row, Store
from bot.wiring import database_of, open_ring, open_signing
from tests.operations.listed import publish

TOKEN = "7340512998:AAqzvarelkiwopqzvarelkiwopqzvarelki"


def began(settings: Settings) -> None:
    """What a first start leaves: databases of people and staff."""
    Store.open(database_of(settings, "quietline")).close()
    StaffBook.open(database_of(settings, "staff"), open_signing(settings).secret("staff")).close()


def verdict(check: str) -> tuple[str, str]:
    ((name, finding),) = examined(None, [check])
    assert name == check
    return finding.verdict, finding.said + finding.mend


def test_every_check_is_in_the_list_that_help_shows() -> None:
    assert LOOKS.keys() == ABOUT.keys()
    shown = " ".join(CliRunner().invoke(app, ["doctor", "--help"]).output.split())
    assert [name for name in ABOUT if f"{name}: " not in shown] == []


def test_a_misspelt_setting_is_named_with_its_mend_and_nothing_else_is_tried(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUIETLINE_WEB_PROT", "8080")
    assert run_doctor(None, as_json=True) == 1
    (said,) = json.loads(capsys.readouterr().out)
    assert said["verdict"] == "fail"
    assert "WEB_PROT" in said["said"] + said["mend"]
    assert "WEB_PORT" in said["said"] + said["mend"]


def test_what_others_can_read_is_named_with_the_command_that_closes_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began(settings)
    assert verdict("files")[0] == "ok"
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o644)
    monkeypatch.setenv("QUIETLINE_TELEGRAM_TOKEN_FILE", str(token))
    said = verdict("files")
    assert said[0] == "fail"
    assert f"chmod 600 {token}" in said[1]
    assert TOKEN not in said[1]


def test_a_database_of_a_newer_program_and_one_not_made_are_told_apart(settings: Settings) -> None:
    assert verdict("databases")[0] == "warn"
    began(settings)
    database = database_of(settings, "staff")
    engine = database.engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    found = verdict("databases")
    assert found[0] == "fail"
    assert "newer program" in found[1]


def test_a_row_that_no_key_opens_any_more_is_a_broken_promise(settings: Settings) -> None:
    began(settings)
    store = Store.open(database_of(settings, "quietline"))
    with store.group() as group:
        group.save([Row(bytes(16), int(time.time() // 86_400) - 8, 1, b"sealed")])
    assert verdict("retention")[0] == "fail"
    store.sweep(open_ring(settings).live())
    store.close()
    assert verdict("retention")[0] == "warn"


def test_a_backup_is_missed_until_one_was_made_and_tried(settings: Settings) -> None:
    began(settings)
    assert verdict("backup") == ("warn", "there is none./quietline backup")
    run_backup(None, None)
    assert "restore-test" in verdict("backup")[1]
    run_restore_test(None, None)
    assert verdict("backup")[0] == "ok"


def test_the_log_is_tried_with_made_up_secrets(settings: Settings) -> None:
    assert verdict("logs")[0] == "ok"


def test_nobody_is_told_a_token_and_an_empty_line_fails_for_its_listings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    began(settings)
    monkeypatch.setenv("QUIETLINE_TELEGRAM_TOKEN", TOKEN)
    checks = [name for name in ABOUT if name != "lint"]
    assert run_doctor(None, checks, as_json=True) == 1
    out = capsys.readouterr()
    assert TOKEN not in out.out + out.err
    said = {one["check"]: one for one in json.loads(out.out)}
    assert list(said) == checks
    assert said["listings"]["verdict"] == "fail"
    assert said["settings"]["verdict"] == "warn"
    assert all(one["mend"] for one in said.values() if one["verdict"] != "ok")


def test_a_clock_that_was_set_by_a_day_is_told_as_long_as_the_machine_runs(
    settings: Settings, tmp_path: Path
) -> None:
    began(settings)
    open_ring(settings).close()
    noted = tmp_path / "keys" / "clock"
    assert "by " not in verdict("keys")[1]
    boot, wall, steady = noted.read_text().split()
    noted.write_text(f"{boot} {int(wall) - 86_400} {steady}\n")
    found, said = verdict("keys")
    assert (found, "+24.0 hours" in said, f"rm {noted}" in said) == ("warn", True, True)
    # Of another run of the machine nobody knows.
    noted.write_text(f"another {int(wall) - 86_400} {steady}\n")
    assert "hours since" not in verdict("keys")[1]


def test_a_slip_for_a_service_that_nobody_listed_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    began(settings)
    listed = publish(settings)
    monkeypatch.setenv("QUIETLINE_SLIPS", listed)
    assert "slips:" not in verdict("listings")[1]
    monkeypatch.setenv("QUIETLINE_SLIPS", f"{listed}, {listed}x")
    found, said = verdict("listings")
    assert found == "warn"
    assert f"'{listed}x'" in said
    assert f"'{listed}'" in said.partition("Correct it")[2]


def test_a_check_that_is_not_there_is_refused_with_the_nearest(settings: Settings) -> None:
    with pytest.raises(Mistakes, match="backup"):
        run_doctor(None, ["bakcup"])
