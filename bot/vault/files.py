"""The files of a key ring: checked, read, written whole or not at all, and destroyed.

It decides what a safe directory and a whole key file are. It knows nothing of days, deadlines or of
what the bytes are for, and must never put a byte of a key into a message.

Names in the directory: `20779.key` a key in use; `20779.gone` one that is being destroyed; `*.new`
one that is being written; `destroyed` the highest epoch whose time had run out;
`clock` which time it was when the machine's present run was first seen.
"""

import contextlib
import errno
import os
import re
import secrets
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.vault.errors import KeyDamaged, KeyRingError, RingMissing, RingUnsafe, RingUnusable

SIZE = 64
"""Bytes of a key file: 32 of pepper, 32 of key."""
_MARK = "destroyed"
_CLOCK = "clock"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def check_directory(path: Path) -> None:
    """Passes when the directory is ours alone. Raises `RingMissing` or `RingUnsafe`."""
    with _trouble(path):
        try:
            found = path.lstat()
        except FileNotFoundError:
            mend = f"Make it with: mkdir -m 700 {_quoted(path)}"
            raise RingMissing(path, "there is no such directory", mend) from None
    if stat.S_ISLNK(found.st_mode):
        mend = "Name the directory itself, not a link to it."
        raise RingUnsafe(path, "it is a symbolic link", mend)
    if not stat.S_ISDIR(found.st_mode):
        raise RingUnsafe(path, "it is not a directory", "Name a directory of its own.")
    _check_ours(path, found, "700")


def make_directory(path: Path) -> None:
    """The directory at `path`, made with mode 0700 when it is missing, and checked."""
    if not os.path.lexists(path):
        with _trouble(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                path.mkdir(mode=0o700)
            _sync_directory(path.parent)
    check_directory(path)


def epochs(path: Path) -> list[int]:
    """The epochs that have a key file, in no order."""
    with _trouble(path):
        names = [entry.name for entry in path.iterdir()]
    stems = (name.removesuffix(".key") for name in names if name.endswith(".key"))
    return [int(stem) for stem in stems if stem.isascii() and stem.isdigit()]


def read_key(path: Path, epoch: int) -> bytearray:
    """The 64 bytes of that epoch, in a buffer that can be wiped. Raises `KeyRingError`."""
    file = path / f"{epoch}.key"
    with _trouble(file), _opened(file) as descriptor:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise RingUnsafe(file, "it is not a file", f"Remove it: rm -r {_quoted(file)}")
        _check_ours(file, found, "600")
        buffer = bytearray(SIZE + 1)
        length = os.readv(descriptor, [buffer])
    if length != SIZE or not any(buffer[: SIZE // 2]) or not any(buffer[SIZE // 2 :]):
        mend = f"Nothing can be opened with it; remove it: rm {_quoted(file)}"
        raise KeyDamaged(file, f"it does not hold {SIZE} random bytes", mend)
    del buffer[SIZE:]
    return buffer


def make_key(path: Path, epoch: int) -> bytearray:
    """The key of that epoch: a new one, or the one that another process made a moment before."""
    fresh = secrets.token_bytes(SIZE)
    with _trouble(path):
        written = _write_aside(path, fresh)
        try:
            # A link fails when the name is taken: two processes never end up with two keys.
            with contextlib.suppress(FileExistsError):
                os.link(written, path / f"{epoch}.key")
        finally:
            written.unlink(missing_ok=True)
        _sync_directory(path)
    return read_key(path, epoch)


def put_key(path: Path, epoch: int, both: memoryview) -> None:
    """Writes a key that another place has as well, whole or not at all."""
    put(path, f"{epoch}.key", both)


def put(path: Path, name: str, content: bytes | memoryview) -> None:
    """Writes a small file of mode 0600, whole or not at all."""
    with _trouble(path):
        _write_aside(path, content).replace(path / name)
        _sync_directory(path)


def get(path: Path, name: str, most: int) -> bytes | None:
    """What is in a small file, at most so many bytes; None when there is none."""
    with _trouble(path / name):
        try:
            with _opened(path / name) as descriptor:
                return os.read(descriptor, most)
        except FileNotFoundError:
            return None


def in_memory(path: Path) -> bool:
    """Whether what is written there goes to memory and not to a disk, as far as the system says."""
    found, kind = -1, ""
    place = path.resolve()
    for line in _MOUNTS.read_text("utf-8", "replace").splitlines():
        before, _, after = line.partition(" - ")
        mount = Path(_ESCAPED.sub(lambda one: chr(int(one[1], 8)), before.split()[4]))
        # Of two on one place the later one is seen.
        if place.is_relative_to(mount) and len(mount.parts) >= found:
            found, kind = len(mount.parts), after.split()[0]
    return kind in _IN_MEMORY


def note_clock(path: Path, wall: float, steady: float) -> None:
    """Writes down once in each run of the machine which time it was, `steady` seconds after its
    start: see `clock_jump`.
    """
    if _clock(path) is None:
        put(path, _CLOCK, f"{boot()} {wall:.0f} {steady:.0f}\n".encode("ascii"))


def clock_jump(path: Path, wall: float, steady: float) -> int:
    """Seconds by which the clock was set since it was noted; 0 when nobody noted it."""
    noted = _clock(path)
    return 0 if noted is None else round((wall - noted[0]) - (steady - noted[1]))


def boot() -> str:
    """What this run of the machine is called."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return os.uname().nodename


def _clock(path: Path) -> tuple[float, float] | None:
    said = (get(path, _CLOCK, 128) or b"").decode("ascii", "replace").split()
    try:
        known, wall, steady = said
        return (float(wall), float(steady)) if known == boot() else None
    except ValueError:
        return None


def destroy_key(path: Path, epoch: int) -> None:
    """Overwrites and removes the key file of that epoch. Done already is done."""
    file, gone = path / f"{epoch}.key", path / f"{epoch}.gone"
    with _trouble(file):
        # Renamed first: a crash halfway must never leave a key of zeros under a name that is read.
        with contextlib.suppress(FileNotFoundError):
            file.rename(gone)
            _sync_directory(path)
        _shred(gone)
        _sync_directory(path)


def clear_leftovers(path: Path) -> None:
    """Finishes what a crash left half destroyed or half written."""
    with _trouble(path):
        for file in path.glob("*.gone"):
            _shred(file)
        for file in path.glob("*.new"):
            # Not overwritten: it may be a second name of a key that is in use.
            file.unlink(missing_ok=True)


def read_mark(path: Path) -> int:
    """The highest epoch whose time had run out, -1 when there is none yet."""
    file, raw = path / _MARK, get(path, _MARK, 32)
    if raw is None:
        return -1
    text = raw.decode("ascii", "replace").strip()
    if not text.isdigit():
        raise KeyDamaged(file, "it does not hold a day", f"Remove it: rm {_quoted(file)}")
    return int(text)


def write_mark(path: Path, epoch: int) -> None:
    """Remembers the highest epoch whose time has run out, before its key is touched."""
    put(path, _MARK, b"%d\n" % epoch)


def _check_ours(path: Path, found: os.stat_result, mode: str) -> None:
    if found.st_uid != os.geteuid():
        mend = f"Give it to the user that runs the service: chown $(id -u) {_quoted(path)}"
        raise RingUnsafe(path, "it belongs to another user", mend)
    if stat.S_IMODE(found.st_mode) & 0o7777 != int(mode, 8):
        mend = f"Close it: chmod {mode} {_quoted(path)}"
        raise RingUnsafe(path, f"its mode is {stat.S_IMODE(found.st_mode):o}, not {mode}", mend)


def _write_aside(path: Path, content: bytes | memoryview) -> Path:
    aside = path / f"{secrets.token_hex(8)}.new"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        if os.write(descriptor, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise
    finally:
        os.close(descriptor)
    return aside


def _shred(file: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.write(descriptor, bytes(max(SIZE, os.fstat(descriptor).st_size)))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        file.unlink()


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[int]:
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _trouble(path: Path) -> Iterator[None]:
    try:
        yield
    except KeyRingError:
        raise
    except OSError as error:
        raise _explained(path, error) from None


def _explained(path: Path, error: OSError) -> KeyRingError:
    if error.errno == errno.ELOOP:
        mend = f"Nobody but the service writes here; remove the link: rm {_quoted(path)}"
        return RingUnsafe(path, "it is a symbolic link", mend)
    mends = {
        errno.ENOENT: f"Look whether {_quoted(path.parent)} is mounted.",
        errno.ENOSPC: "Free some space on that disk; 4 KiB are enough.",
        errno.EROFS: "Mount that file system writable.",
        errno.EACCES: f"Give it to the user that runs the service: chown $(id -u) {_quoted(path)}",
    }
    mend = mends.get(error.errno or 0, "Look at the disk and at the system's journal.")
    return RingUnusable(path, os.strerror(error.errno or errno.EIO).lower(), mend)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
