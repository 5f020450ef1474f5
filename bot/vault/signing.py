"""The keys that listings are signed with, in a folder of their own outside the data.

It decides which key signs now and whose signature counts. It knows nothing of what is signed. Who
can write to a database without these keys cannot make it say something that the service believes.

Names in the folder: `<id>.sign` 32 bytes of an Ed25519 key (RFC 8032), `current` the id of the key
that signs, `<name>.mark` the highest number that was seen of something, `<name>.secret` 32 bytes
that something else is locked with, and what others keep here by name. Old keys still verify.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.vault.errors import KeyDamaged, KeyRingError, RingMissing, RingUnsafe, RingUnusable
from bot.vault.files import check_directory, make_directory

_SIZE: Final = 32
_CURRENT: Final = "current"
_LONGEST: Final = 64
"""Bytes of a small file, at most."""


class SigningKeys:
    """The keys of one folder. Use `SigningKeys.open`. Any thread may ask."""

    __slots__ = ("_current", "_path", "_private", "_public")

    def __init__(self, path: Path) -> None:
        """Use `SigningKeys.open`: it checks the folder before anything is read."""
        self._path = path
        self._private: dict[str, Ed25519PrivateKey] = {}
        self._public: dict[str, Ed25519PublicKey] = {}
        self._current = ""

    @classmethod
    def open(cls, path: Path | str, *, create: bool = True, outside: Path | None = None) -> Self:
        """The keys in that folder; with `create`, the folder (0700) and a first key when missing.

        `outside` is the folder of the data: keys inside it are refused, since whoever can change
        the data must not be able to sign. Raises `KeyRingError`.
        """
        place = Path(path).absolute()
        if outside is not None and place.resolve().is_relative_to(outside.resolve()):
            mend = "Name a folder outside the data, where its backups do not go."
            raise RingUnsafe(place, "it lies inside the data that it is to vouch for", mend)
        if create:
            make_directory(place)
        keys = cls(place)
        keys._look(create=create)
        return keys

    def sign(self, data: bytes) -> tuple[str, bytes]:
        """The id of the key that signs now, and its signature (64 bytes)."""
        return self._current, self._private[self._current].sign(data)

    def verify(self, key_id: str, data: bytes, signature: bytes) -> bool:
        """Whether one of these keys, now or before, signed exactly that."""
        if key_id not in self._public:
            self._look(create=False)
        key = self._public.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def public(self) -> Mapping[str, bytes]:
        """The 32 public bytes of every key, by id: what others need to verify."""
        return {name: key.public_bytes_raw() for name, key in self._public.items()}

    @property
    def current(self) -> str:
        """The id of the key that signs now."""
        return self._current

    def rotate(self) -> str:
        """Makes a new key that signs from now on, and gives its id. The old ones still verify."""
        name = self._make()
        self._write(_CURRENT, name.encode())
        self._current = name
        return name

    def secret(self, name: str) -> bytes:
        """32 random bytes of that name, made when missing: by one of those who ask at once, in any
        process. Not to be kept in the data.
        """
        raw = self._read(f"{name}.secret", _SIZE + 1)
        if raw is None:
            with self.alone("secrets"):
                raw = self._read(f"{name}.secret", _SIZE + 1)
                if raw is None:
                    raw = secrets.token_bytes(_SIZE)
                    self._write(f"{name}.secret", raw)
        if len(raw) != _SIZE:
            file = self._path / f"{name}.secret"
            raise KeyDamaged(file, "it does not hold 32 bytes", "Put it back from a backup.")
        return raw

    def mark(self, name: str) -> int:
        """The highest number that was seen of that; -1 before the first."""
        text = self._read(f"{name}.mark", _LONGEST)
        if not text:
            return -1
        if not text.strip().isdigit():
            file = self._path / f"{name}.mark"
            raise KeyDamaged(file, "it does not hold a number", "Put it back from a backup.")
        return int(text)

    def raise_mark(self, name: str, number: int) -> None:
        """Remembers that number unless a higher one was seen.

        Not forced to the disk: after a loss of power a lower one is believed, and nothing breaks.
        """
        if number > self.mark(name):
            self._write(f"{name}.mark", b"%d\n" % number, lasting=False)

    def lower_mark(self, name: str, number: int) -> None:
        """Takes an older number as right: after a backup was put back on purpose."""
        self._write(f"{name}.mark", b"%d\n" % number)

    def kept(self, name: str) -> bytes | None:
        """What was kept in that small file, at most 64 bytes; None when there is none."""
        return self._read(name, _LONGEST)

    def keep(self, name: str, content: bytes) -> None:
        """Keeps it in that small file, on the disk when this returns; what was there is gone.

        Raises `ValueError` for more than 64 bytes: more would not be given back.
        """
        if len(content) > _LONGEST:
            raise ValueError(f"a small file holds at most {_LONGEST} bytes")
        self._write(name, content)

    def drop(self, name: str) -> None:
        """Removes that small file, after writing over it."""
        file = self._path / name
        with self._explained(), contextlib.suppress(FileNotFoundError):
            descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                os.write(descriptor, bytes(max(_SIZE, os.fstat(descriptor).st_size)))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            file.unlink()

    @contextlib.contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Whoever else asks for that name, in any process, waits until the block is over."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._explained():
            descriptor = os.open(self._path / f"{name}.lock", flags, 0o600)
        try:
            with self._explained():
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _look(self, *, create: bool) -> None:
        check_directory(self._path)
        with self._explained():
            there = sorted(file.stem for file in self._path.glob("*.sign"))
        for name in there:
            if name not in self._private:
                self._load(name)
        current = (self._read(_CURRENT, _LONGEST) or b"").decode("ascii", "replace").strip()
        if not current and not there:
            if not create:
                mend = "Start the service once, or put the keys back from their own backup."
                raise RingMissing(self._path, "there is no signing key", mend)
            current = self.rotate()
        if current not in self._private:
            mend = "Put the keys back from their own backup."
            raise KeyDamaged(self._path, "the key that signs is not there", mend)
        self._current = current

    def _load(self, name: str) -> None:
        raw = self._read(f"{name}.sign", _SIZE + 1)
        file = self._path / f"{name}.sign"
        if raw is None or len(raw) != _SIZE:
            raise KeyDamaged(file, "it does not hold 32 bytes", "Put it back from a backup.")
        key = Ed25519PrivateKey.from_private_bytes(raw)
        if _id_of(key.public_key()) != name:
            raise KeyDamaged(file, "it is another key's", "Put it back from a backup.")
        self._private[name], self._public[name] = key, key.public_key()

    def _make(self) -> str:
        key = Ed25519PrivateKey.generate()
        name = _id_of(key.public_key())
        self._write(f"{name}.sign", key.private_bytes_raw())
        self._private[name], self._public[name] = key, key.public_key()
        return name

    def _read(self, name: str, most: int) -> bytes | None:
        file = self._path / name
        with self._explained():
            try:
                descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                return None
            try:
                found = os.fstat(descriptor)
                if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != 0o600:
                    raise RingUnsafe(file, "others could use it", f"Close it: chmod 600 {file}")
                return os.read(descriptor, most)
            finally:
                os.close(descriptor)

    def _write(self, name: str, content: bytes, *, lasting: bool = True) -> None:
        """Writes a small file whole or not at all; `lasting`: on the disk when this returns."""
        aside = self._path / f"{secrets.token_hex(8)}.new"
        with self._explained():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            descriptor = os.open(aside, flags, 0o600)
            try:
                os.write(descriptor, content)
                if lasting:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            aside.replace(self._path / name)
            if not lasting:
                return
            folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except KeyRingError:
            raise
        except OSError as error:
            problem = os.strerror(error.errno or errno.EIO).lower()
            mend = "Look at the disk and at who owns the folder."
            raise RingUnusable(self._path, problem, mend) from None

    def __repr__(self) -> str:
        return "SigningKeys()"


def _id_of(key: Ed25519PublicKey) -> str:
    """A short name that follows from the key, so that no file can pass for another's."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
