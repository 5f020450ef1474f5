"""The keys that listings are signed with: outside the data, ours alone, old ones still verify."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.vault import KeyDamaged, RingMissing, RingUnsafe, RingUnusable, SigningKeys


def test_what_one_process_signs_another_believes(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    key_id, signature = keys.sign(b"a listing")
    again = SigningKeys.open(tmp_path / "keys")
    assert again.verify(key_id, b"a listing", signature)
    assert again.current == key_id
    assert not again.verify(key_id, b"another listing", signature)
    assert not again.verify("0" * 16, b"a listing", signature)
    # Anyone with the public bytes can look too.
    Ed25519PublicKey.from_public_bytes(keys.public()[key_id]).verify(signature, b"a listing")


def test_an_old_key_verifies_after_a_new_one_signs(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    running = SigningKeys.open(tmp_path / "keys")
    old = keys.sign(b"x")
    new_id = keys.rotate()
    assert keys.sign(b"x")[0] == new_id != old[0]
    assert keys.verify(old[0], b"x", old[1])
    # A process that runs meets the new key when it first sees it.
    assert running.verify(*_swap(keys.sign(b"y"), b"y"))
    assert set(keys.public()) == {old[0], new_id}


def test_keys_inside_the_data_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(data)
    for place in (data / "keys", data / "deep" / "keys", tmp_path / "link" / "keys", data):
        with pytest.raises(RingUnsafe):
            SigningKeys.open(place, outside=data)
    assert SigningKeys.open(tmp_path / "data-signing", outside=data).current


def test_a_folder_or_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    SigningKeys.open(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o755)
    with pytest.raises(RingUnsafe):
        SigningKeys.open(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o700)
    next((tmp_path / "keys").glob("*.sign")).chmod(0o640)
    with pytest.raises(RingUnsafe):
        SigningKeys.open(tmp_path / "keys")


def test_a_key_that_is_cut_short_or_anothers_is_refused(tmp_path: Path) -> None:
    SigningKeys.open(tmp_path / "keys")
    file = next((tmp_path / "keys").glob("*.sign"))
    whole = file.read_bytes()
    for content in (whole[:-1], b"", bytes(32), whole + b"x"):
        file.write_bytes(content)
        with pytest.raises(KeyDamaged):
            SigningKeys.open(tmp_path / "keys")


def test_without_its_keys_nothing_is_made_up_unless_asked_to(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    with pytest.raises(RingMissing):
        SigningKeys.open(tmp_path / "keys", create=False)
    SigningKeys.open(tmp_path / "keys")
    next((tmp_path / "keys").glob("*.sign")).unlink()
    with pytest.raises(KeyDamaged):
        SigningKeys.open(tmp_path / "keys")


def test_a_mark_only_rises(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    assert keys.mark("ledger") == -1
    keys.raise_mark("ledger", 7)
    keys.raise_mark("ledger", 3)
    assert SigningKeys.open(tmp_path / "keys").mark("ledger") == 7
    keys.lower_mark("ledger", 3)
    assert keys.mark("ledger") == 3
    (tmp_path / "keys" / "ledger.mark").write_text("seven")
    with pytest.raises(KeyDamaged):
        keys.mark("ledger")
    # What a loss of power left empty is no mark.
    (tmp_path / "keys" / "ledger.mark").write_text("")
    assert keys.mark("ledger") == -1


def test_a_secret_is_made_once_and_one_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    secret = keys.secret("staff")
    assert len(secret) == 32
    assert SigningKeys.open(tmp_path / "keys").secret("staff") == secret != keys.secret("other")
    (tmp_path / "keys" / "staff.secret").write_bytes(secret[:-1])
    with pytest.raises(KeyDamaged):
        keys.secret("staff")


def test_all_who_ask_for_a_secret_at_once_get_the_same(tmp_path: Path) -> None:
    several = [SigningKeys.open(tmp_path / "signing") for _ in range(6)]
    together = Barrier(len(several))

    def ask(keys: SigningKeys, name: str) -> bytes:
        together.wait(30)
        return keys.secret(name)

    with ThreadPoolExecutor(len(several)) as pool:
        for name in ("pepper", "weekly", "roster", "settings"):
            given = set(pool.map(partial(ask, name=name), several))
            assert given == {several[0].secret(name)}


def test_a_disk_that_takes_nothing_is_named_with_what_to_do(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    (tmp_path / "keys" / "staff.mark").mkdir(mode=0o600)
    with pytest.raises(RingUnusable) as told:
        keys.raise_mark("staff", 1)
    assert "Look at the disk" in told.value.mend


def test_no_key_shows_in_a_repr(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    assert repr(keys) == "SigningKeys()"


def _swap(signed: tuple[str, bytes], data: bytes) -> tuple[str, bytes, bytes]:
    return signed[0], data, signed[1]
