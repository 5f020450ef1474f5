"""The line to a key service: a socket of this machine, or TLS 1.3 with our own authority.

It decides nothing: it says where a service is, asks it one thing, and tells what went wrong. A
certificate of a service is believed when our authority made it for a service; no name is compared.
"""

import http.client
import socket
import ssl
import threading
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from bot.keys.wire import MOST, Refusal, pack, unpack
from bot.vault.errors import RingUnusable

SECONDS: Final = 3.0
"""How long a service may take to answer."""
UNIX: Final = "unix:"
T = TypeVar("T", bound=msgspec.Struct)


class Unreached(RingUnusable):
    """That service did not answer."""


class Refused(RingUnusable):
    """The service answered that it will not. `word`: which of its reasons."""

    def __init__(self, path: Path, refusal: Refusal) -> None:
        """With the sentence that the service gave."""
        self.word = refusal.word
        super().__init__(path, f"the service refuses: {refusal.word}", refusal.mend)


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Line:
    """One service. Any thread may ask; they take turns."""

    def __init__(self, where: str, identity: Path | None = None) -> None:
        """`where`: `unix:PATH` or `HOST:PORT`; over a network an identity is needed."""
        self.where = where
        self._identity = identity
        self._open: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()

    def ask(self, path: str, message: msgspec.Struct, kind: type[T]) -> T:
        """What it answers. Raises `Unreached` or `Refused`, both `KeyRingError`."""
        with self._lock:
            fresh = self._open is None
            try:
                status, body = self._exchange(path, pack(message))
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                if fresh or isinstance(error, TimeoutError):
                    raise self._unreached() from None
                # The service may have been started anew since we last spoke.
                try:
                    status, body = self._exchange(path, pack(message))
                except (OSError, http.client.HTTPException):
                    self._drop()
                    raise self._unreached() from None
        try:
            if status != 200:
                raise Refused(Path(self.where), unpack(body, Refusal))
            return unpack(body, kind)
        except ValueError:
            raise self._unreached() from None

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._drop()

    def _exchange(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self._open is None:
            self._open = self._connection()
        self._open.request("POST", path, body)
        answer = self._open.getresponse()
        return answer.status, answer.read(MOST + 1)

    def _connection(self) -> http.client.HTTPConnection:
        if self.where.startswith(UNIX):
            return _Unix(self.where.removeprefix(UNIX))
        host, _, port = self.where.rpartition(":")
        if self._identity is None:
            mend = "Enrol first: ./quietline keys enrol HOST:PORT --code CODE"
            raise RingUnusable(Path(self.where), "this machine is not enrolled there", mend)
        context = context_of(self._identity)
        return http.client.HTTPSConnection(
            host.strip("[]"), int(port), timeout=SECONDS, context=context
        )

    def _drop(self) -> None:
        opened, self._open = self._open, None
        if opened is not None:
            opened.close()

    def _unreached(self) -> Unreached:
        mend = "Look whether it runs: ./quietline keys status"
        return Unreached(Path(self.where), "it does not answer", mend)

    def __del__(self) -> None:
        """Hangs up: those who only sign have nothing that tells them when to."""
        self._drop()

    def __repr__(self) -> str:
        return "Line()"


def lines_of(where: str, identity: Path | None) -> tuple[Line, ...]:
    """The services of a setting like `unix:/run/quietline/keys.sock, keys-b:8700`."""
    return tuple(Line(one.strip(), identity) for one in where.split(",") if one.strip())


def context_of(identity: Path) -> ssl.SSLContext:
    """TLS 1.3 with that identity, believing our authority alone. Raises `KeyRingError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    try:
        context.load_verify_locations(identity / "authority.pem")
        context.load_cert_chain(identity / "own.pem", identity / "own.key")
    except (OSError, ssl.SSLError):
        mend = "Enrol again: ./quietline keys enrol HOST:PORT --code CODE"
        raise RingUnusable(identity, "there is no identity of this machine in it", mend) from None
    return context
