"""Signing by a service: the private keys stay there.

It decides only which service is asked: the first that has signing keys. Public keys, secrets and
marks that were seen are remembered, so that what is published can still be verified when no service
answers; nothing is signed then.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.keys import wire
from bot.keys.line import Line, Refused, Unreached, lines_of
from bot.vault.errors import KeyRingError, RingUnusable

PATIENCE: Final = 30.0
"""Seconds to wait to be alone."""
_AGAIN: Final = 0.02
T = TypeVar("T", bound=msgspec.Struct)


class RemoteSigning:
    """What `SigningKeys` does, done elsewhere. Any thread may ask."""

    def __init__(self, where: str, identity: Path | None = None) -> None:
        """Asks at once. Raises `KeyRingError`."""
        self._lines = list(lines_of(where, identity))
        self._public: dict[str, bytes] = {}
        self._current = ""
        self._secrets: dict[str, bytes] = {}
        self._marks: dict[str, int] = {}
        self._lock = threading.Lock()
        self._learn()

    def sign(self, data: bytes) -> tuple[str, bytes]:
        """The id of the key that signs now, and its signature."""
        said = self._ask("/sign", wire.Data(data), wire.Signed)
        self._current = said.key
        return said.key, said.signature

    def verify(self, key_id: str, data: bytes, signature: bytes) -> bool:
        """Whether one of these keys, now or before, signed exactly that."""
        if key_id not in self._public:
            self._learn()
        raw = self._public.get(key_id)
        if raw is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def public(self) -> Mapping[str, bytes]:
        """The 32 public bytes of every key, by id."""
        if self._current not in self._public:
            self._learn()
        return dict(self._public)

    @property
    def current(self) -> str:
        """The id of the key that signs now; after `rotate` elsewhere, when one was signed with."""
        return self._current

    def rotate(self) -> str:
        """Has a new key made that signs from now on."""
        self._took(self._ask("/rotate", wire.Nothing(), wire.Public))
        return self._current

    def secret(self, name: str) -> bytes:
        """32 random bytes of that name, made when missing."""
        if name not in self._secrets:
            found = self._ask("/secret", wire.Name(name), wire.Data).data
            self._secrets[name] = found or b""
        return self._secrets[name]

    def mark(self, name: str) -> int:
        """The highest number that was seen; what we saw ourselves when no service answers."""
        try:
            self._marks[name] = self._ask("/mark", wire.Name(name), wire.Number).number
        except Unreached:
            if name not in self._marks:
                raise
        return self._marks[name]

    def raise_mark(self, name: str, number: int) -> None:
        """Remembers that number unless a higher one was seen."""
        self._ask("/raise-mark", wire.Number(name, number), wire.Nothing)

    def lower_mark(self, name: str, number: int) -> None:
        """Takes an older number as right."""
        self._ask("/lower-mark", wire.Number(name, number), wire.Nothing)

    def kept(self, name: str) -> bytes | None:
        """What was kept in that small file; None when there is none."""
        return self._ask("/kept", wire.Name(name), wire.Data).data

    def keep(self, name: str, content: bytes) -> None:
        """Keeps it in that small file. Raises `ValueError` for more than 64 bytes."""
        try:
            self._ask("/keep", wire.Keep(name, content), wire.Nothing)
        except Refused as error:
            if error.word == "too-long":
                raise ValueError("a small file holds at most 64 bytes") from None
            raise

    def drop(self, name: str) -> None:
        """Removes that small file."""
        self._ask("/drop", wire.Name(name), wire.Nothing)

    @contextlib.contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Whoever else asks for that name waits until the block is over, at most 30 seconds."""
        until = time.monotonic() + PATIENCE
        while (token := self._ask("/alone", wire.Name(name), wire.Data).data) is None:
            if time.monotonic() > until:
                where = Path(self._lines[0].where)
                raise RingUnusable(where, "somebody else does not finish", "Try again.")
            time.sleep(_AGAIN)
        try:
            yield
        finally:
            # What is not given back runs out by itself.
            with contextlib.suppress(KeyRingError):
                self._ask("/not-alone", wire.Name(name, token), wire.Nothing)

    def close(self) -> None:
        """Hang up."""
        for line in self._order():
            line.close()

    def _learn(self) -> None:
        self._took(self._ask("/public", wire.Nothing(), wire.Public))

    def _took(self, said: wire.Public) -> None:
        self._public.update(said.keys)
        self._current = said.current

    def _ask(self, path: str, message: msgspec.Struct, kind: type[T]) -> T:
        """The first service that has signing keys; where it stands in the list is remembered."""
        failed: KeyRingError | None = None
        for line in self._order():
            try:
                found = line.ask(path, message, kind)
            except Refused as error:
                if error.word != "no-signing":
                    raise
                failed = failed or error
            except Unreached as error:
                failed = error
            else:
                with self._lock:
                    self._lines.sort(key=lambda one: one is not line)
                return found
        raise failed or KeyRingError(Path(), "no service is named", "Set key_service.")

    def _order(self) -> tuple[Line, ...]:
        with self._lock:
            return tuple(self._lines)

    def __repr__(self) -> str:
        return "RemoteSigning()"
