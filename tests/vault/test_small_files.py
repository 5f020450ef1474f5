"""Small files beside the keys: kept by name, written over when they go, and one hand at a time."""

import fcntl
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vault import RingUnsafe, RingUnusable, SigningKeys

NAMES = ("audit.key", "audit.first")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keys(folder: Path) -> SigningKeys:
    return SigningKeys.open(folder)


def is_free(folder: Path, name: str) -> bool:
    """Whether somebody else would get that lock at once."""
    with (folder / f"{name}.lock").open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_what_is_kept_is_there_for_the_next_process_until_it_is_dropped(
    folder: Path, keys: SigningKeys
) -> None:
    assert keys.kept("audit.key") is None
    keys.keep("audit.key", b"the first")
    keys.keep("audit.key", b"the second")
    again = SigningKeys.open(folder)
    assert again.kept("audit.key") == b"the second"
    again.drop("audit.key")
    assert keys.kept("audit.key") is None
    assert again.current == keys.current


def test_what_is_kept_is_closed_to_others_and_leaves_nothing_half_written(
    folder: Path, keys: SigningKeys
) -> None:
    before = set(folder.iterdir())
    keys.keep("audit.key", bytes(40))
    assert set(folder.iterdir()) - before == {folder / "audit.key"}
    assert (folder / "audit.key").stat().st_mode & 0o777 == 0o600
    (folder / "audit.key").chmod(0o644)
    with pytest.raises(RingUnsafe):
        keys.kept("audit.key")


def test_what_is_dropped_is_written_over_before_its_name_goes(
    folder: Path, keys: SigningKeys
) -> None:
    for secret in (b"short", os.urandom(32), os.urandom(64)):
        keys.keep("audit.first", secret)
        # The same bytes under a second name show what became of them.
        elsewhere = folder.parent / f"{len(secret)}"
        elsewhere.hardlink_to(folder / "audit.first")
        keys.drop("audit.first")
        assert not (folder / "audit.first").exists()
        assert set(elsewhere.read_bytes()) == {0}
        assert elsewhere.stat().st_size >= len(secret)


def test_dropping_what_is_not_there_changes_nothing(folder: Path, keys: SigningKeys) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    keys.drop("audit.first")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def enter(keys: SigningKeys) -> None:
    with keys.alone("audit.key"):
        pass


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("audit.key", lambda keys: keys.kept("audit.key")),
        ("audit.key", lambda keys: keys.drop("audit.key")),
        ("audit.key.lock", enter),
    ],
)
def test_a_link_in_the_place_of_a_small_file_is_not_followed(
    folder: Path, keys: SigningKeys, name: str, use: Callable[[SigningKeys], object]
) -> None:
    other = folder.parent / "of-somebody-else"
    other.write_bytes(b"not ours")
    (folder / name).symlink_to(other)
    with pytest.raises(RingUnusable) as told:
        use(keys)
    assert "Look at the disk" in told.value.mend
    assert other.read_bytes() == b"not ours"


def test_whoever_is_alone_keeps_out_all_who_ask_for_the_same_name(
    folder: Path, keys: SigningKeys
) -> None:
    with keys.alone("audit"), keys.alone("other"):
        assert not is_free(folder, "audit")
    assert is_free(folder, "audit")
    assert is_free(folder, "other")


def test_a_block_that_fails_lets_the_next_one_in_and_its_own_fault_out(
    folder: Path, keys: SigningKeys
) -> None:
    # Not a fault of the folder: it must not be told as one.
    with pytest.raises(OSError, match="the database is away"), keys.alone("audit"):
        raise OSError("the database is away")
    assert is_free(folder, "audit")


def test_many_who_count_on_alone_lose_no_number(folder: Path, keys: SigningKeys) -> None:
    keys.keep("count", b"0")

    def count(_: int) -> None:
        # Each with keys of its own, as each process has.
        mine = SigningKeys.open(folder)
        for _ in range(5):
            with mine.alone("count"):
                mine.keep("count", b"%d" % (int(mine.kept("count") or b"") + 1))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))
    assert keys.kept("count") == b"20"


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.none() | st.binary(min_size=1, max_size=64)),
        max_size=8,
    )
)
def test_a_name_holds_what_was_kept_last_whatever_happens_to_the_others(
    changes: list[tuple[str, bytes | None]],
) -> None:
    with TemporaryDirectory() as place:
        keys = SigningKeys.open(Path(place) / "keys")
        signed = keys.sign(b"a listing")
        held: dict[str, bytes] = {}
        for name, content in changes:
            if content is None:
                keys.drop(name)
                held.pop(name, None)
            else:
                keys.keep(name, content)
                held[name] = content
            again = SigningKeys.open(Path(place) / "keys")
            assert {one: again.kept(one) for one in NAMES} == {one: held.get(one) for one in NAMES}
        assert SigningKeys.open(Path(place) / "keys").verify(signed[0], b"a listing", signed[1])
