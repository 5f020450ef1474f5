"""The folder of the signing keys, when somebody else wrote into it or something is gone from it."""

import os
from pathlib import Path

import pytest

from bot.vault import KeyDamaged, RingMissing, RingUnsafe, SigningKeys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keys(folder: Path) -> SigningKeys:
    return SigningKeys.open(folder)


def test_a_running_service_makes_no_new_key_when_its_own_are_taken_away(
    folder: Path, keys: SigningKeys
) -> None:
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(RingMissing):
        keys.verify("0" * 16, b"a listing", bytes(64))
    assert list(folder.iterdir()) == []


def test_which_key_signs_is_not_guessed(folder: Path, keys: SigningKeys) -> None:
    key_id = keys.current
    for said in (None, b"", b"\xff\xfe", b"0" * 16):
        (folder / "current").unlink(missing_ok=True)
        if said is not None:
            (folder / "current").write_bytes(said)
            (folder / "current").chmod(0o600)
        for create in (True, False):
            with pytest.raises(KeyDamaged, match="the key that signs is not there"):
                SigningKeys.open(folder, create=create)
    assert [file.stem for file in folder.glob("*.sign")] == [key_id]


def test_a_folder_that_is_only_looked_at_is_checked_as_well(
    folder: Path, keys: SigningKeys
) -> None:
    folder.chmod(0o750)
    with pytest.raises(RingUnsafe):
        SigningKeys.open(folder, create=False)
    folder.chmod(0o700)
    assert SigningKeys.open(folder, create=False).current == keys.current


def test_a_file_that_belongs_to_another_user_is_refused(
    keys: SigningKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.secret("staff")
    keys.raise_mark("ledger", 7)
    keys.keep("audit.first", b"1")
    somebody_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
    for use in (
        lambda: keys.secret("staff"),
        lambda: keys.mark("ledger"),
        lambda: keys.kept("audit.first"),
    ):
        with pytest.raises(RingUnsafe, match="others could use it"):
            use()


def test_a_secret_of_another_length_is_refused(folder: Path, keys: SigningKeys) -> None:
    whole = keys.secret("staff")
    for content in (whole + b"x", whole[:-1], b"", whole + bytes(64)):
        (folder / "staff.secret").write_bytes(content)
        with pytest.raises(KeyDamaged):
            keys.secret("staff")


def test_a_number_that_was_seen_before_is_not_written_again(
    folder: Path, keys: SigningKeys
) -> None:
    keys.raise_mark("ledger", 7)
    before = (folder / "ledger.mark").stat().st_ino
    keys.raise_mark("ledger", 7)
    assert (folder / "ledger.mark").stat().st_ino == before
    keys.raise_mark("ledger", 8)
    assert keys.mark("ledger") == 8
