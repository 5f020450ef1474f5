"""When the machine that signs is gone, another goes on from a sealed copy of its keys."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.audit import Audit, verify
from bot.cli.doctor import examined
from bot.cli.keys import keys_app
from bot.keys.authority import Authority
from bot.settings import Settings, read_settings
from bot.slips import SlipKeys
from bot.vault import Epoch, KeyRingError, SigningKeys
from bot.wiring import database_of
from tests.operations.listed import ledger_of, publish


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with a listing, an audit, a certificate authority and keys of slips."""
    monkeypatch.setenv("QUIETLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("QUIETLINE_SIGNING_KEYS", str(tmp_path / "signing"))
    monkeypatch.setenv("QUIETLINE_KEY_RING", str(tmp_path / "keys"))
    monkeypatch.setenv("QUIETLINE_COUNTRIES", "lt")
    settings = read_settings(None)
    publish(settings)
    signing = SigningKeys.open(tmp_path / "signing")
    signing.secret("staff")
    Authority(tmp_path / "signing" / "authority")
    SlipKeys(signing, lambda: Epoch(20_780)).make()
    written(settings, 3)
    return settings


def written(settings: Settings, times: int) -> None:
    audit = Audit.open(
        database_of(settings, "audit"), SigningKeys.open(settings.signing_keys or "")
    )
    for _ in range(times):
        assert audit.write("s1", "signed_in")
    audit.close()


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(keys_app, ["signing", *words], input=typed)


def words_in(shown: str) -> str:
    (line,) = [one for one in shown.splitlines() if one.startswith("    ")]
    assert len(line.split()) == 8
    return line.strip()


def look(check: str) -> str:
    ((_, finding),) = examined(None, [check])
    return f"{finding.verdict} {finding.said} {finding.mend}"


def test_another_machine_signs_verifies_and_audits_on_from_the_copy(
    settings: Settings, tmp_path: Path
) -> None:
    assert "warn" in look("signing")
    assert "keys signing export" in look("signing")
    exported = run("export", str(tmp_path / "copy"))
    assert exported.exit_code == 0, exported.output
    assert look("signing").startswith("ok")
    # What was done since, and then the machine with the keys is gone.
    written(settings, 4)
    before = SigningKeys.open(tmp_path / "signing")
    name, signature = before.sign(b"a listing")
    gone = (tmp_path / "signing").rename(tmp_path / "gone")

    typed = words_in(exported.output).upper().replace(" ", "  ")
    imported = run("import", str(tmp_path / "copy"), typed=f"{typed}\n")
    assert imported.exit_code == 0, imported.output
    after = SigningKeys.open(tmp_path / "signing", create=False)
    assert after.verify(name, b"a listing", signature)
    assert after.current == name
    assert after.secret("staff") == before.secret("staff")
    ledger = ledger_of(settings)
    assert len(ledger.published().rows) == 1
    ledger.close()
    written(settings, 2)
    first = (gone / "audit.first").read_bytes()
    audit = Audit.open(database_of(settings, "audit"), after)
    assert audit.count() == 9
    assert verify(audit, first) == ()
    audit.close()
    for file in ("authority.key", "authority.pem"):
        there = (tmp_path / "signing" / "authority" / file).read_bytes()
        assert there == (gone / "authority" / file).read_bytes()
    names = {file.name for file in (tmp_path / "signing").iterdir()}
    assert not any(one.startswith(("slip-", "audit.first")) for one in names)
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "signing").rglob("*")} == {0}


def test_a_copy_shows_nothing_and_opens_for_nobody_else(settings: Settings, tmp_path: Path) -> None:
    exported = run("export", str(tmp_path / "copy"))
    sealed = (tmp_path / "copy").read_bytes()
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    for file in (tmp_path / "signing").glob("*.s*"):
        assert file.read_bytes() not in sealed
    words = words_in(exported.output)
    assert words not in (tmp_path / "data").joinpath("upkeep", "signing-export.json").read_text()
    again = run("export", str(tmp_path / "copy"))
    assert "Name a file that is not there" in str(again.exception)
    # Nothing is put over keys that are there.
    refused = run("import", str(tmp_path / "copy"), typed=words)
    assert isinstance(refused.exception, KeyRingError)
    assert "there are signing keys in it" in str(refused.exception)
    (tmp_path / "copy").write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    other = str(tmp_path / "other")
    for typed, name in ((words, "copy"), ("able able able able", "copy"), (words, "data/none")):
        (tmp_path / "data" / "none").write_bytes(b"quietline")
        failed = run("import", str(tmp_path / name), "--signing", other, typed=typed)
        assert isinstance(failed.exception, KeyRingError)
        assert not Path(other).exists()
    inside = run(
        "import", str(tmp_path / "copy"), "--signing", str(settings.data / "s"), typed=words
    )
    assert "inside the data" in str(inside.exception)


def test_a_key_that_is_newer_than_the_copy_is_told(settings: Settings, tmp_path: Path) -> None:
    run("export", str(tmp_path / "copy"))
    SigningKeys.open(settings.signing_keys or "").rotate()
    assert "newer key" in look("signing")
    run("export", str(tmp_path / "copy-2"))
    assert look("signing").startswith("ok")
