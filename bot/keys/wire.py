"""What is said between replicas and key services, and between two services. Data alone.

Messages are msgpack arrays, read strictly. No message holds a key bare, and none has a repr with a
secret in it.
"""

from typing import Any, Final, TypeVar

import msgspec

MOST: Final = 262_144
"""Bytes of a message, at most."""
T = TypeVar("T", bound=msgspec.Struct)


class Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Anything that goes over the line. It shows nothing of itself."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Nothing(Message, frozen=True):
    """Done, and no more to say."""


class Refusal(Message, frozen=True):
    """Why not: a fixed word of the service, and a sentence that helps."""

    word: str
    mend: str = ""


class Ask(Message, frozen=True):
    """Asks for the days, and for the keys of those that whoever asks has not."""

    public: bytes
    lineage: bytes = b""
    have: tuple[int, ...] = ()


class Days(Message, frozen=True):
    """The days that live, and keys sealed to whoever asked. `today` is -1 while none is given."""

    lineage: bytes
    ended: tuple[bytes, ...]
    """Lineages that were destroyed: whoever holds a key of them wipes it."""
    today: int
    left: dict[int, float]
    """Seconds that each day has left, by the clock of the service."""
    public: bytes
    epochs: tuple[int, ...]
    sealed: bytes


class Hello(Message, frozen=True):
    """How one service stands, told to the other."""

    id: bytes
    now: float
    lineage: bytes
    begun: int
    given: bool
    ended: tuple[bytes, ...]
    opened: int
    agreed: int
    prints: dict[int, bytes]


class Name(Message, frozen=True):
    """The name of a small file, a secret, a mark or a turn to be alone."""

    name: str
    token: bytes = b""


class Number(Message, frozen=True):
    """A mark, by name."""

    name: str
    number: int


class Data(Message, frozen=True):
    """Bytes, or None."""

    data: bytes | None


class Keep(Message, frozen=True):
    """Keep that."""

    name: str
    content: bytes


class Signed(Message, frozen=True):
    """A signature, and whose."""

    key: str
    signature: bytes


class Public(Message, frozen=True):
    """The public keys, and the one that signs now."""

    current: str
    keys: dict[str, bytes]


class Order(Message, frozen=True):
    """Destroy all: an order has a number, so that it is carried out once."""

    id: bytes


class Destroyed(Message, frozen=True):
    """What was destroyed, and whether the other service did the same."""

    epochs: tuple[int, ...]
    peer: bool | None


class Status(Message, frozen=True):
    """How a service is, for the person who looks after it."""

    state: str
    today: int
    left: dict[int, float]
    ahead: bool
    step: int
    peer: str
    unguarded: tuple[str, ...]
    signing: bool
    enrolled: tuple[str, ...]
    revoked: tuple[str, ...]


class Code(Message, frozen=True):
    """Asks for a one-time code with which that name may enrol."""

    name: str


class Enrol(Message, frozen=True):
    """A key that asks to be known, and the proof that whoever asks has the code."""

    request: bytes
    proof: bytes


class Enrolled(Message, frozen=True):
    """A certificate, the authority that made it, and the proof that the service had the code."""

    certificate: bytes
    authority: bytes
    proof: bytes


def pack(message: msgspec.Struct) -> bytes:
    """The bytes of a message."""
    return msgspec.msgpack.encode(message)


def unpack(data: bytes, kind: type[T]) -> T:
    """A message of that kind. Raises `ValueError` for anything else."""
    if len(data) > MOST:
        raise ValueError("too long")
    try:
        found: Any = msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        # The library's message may carry what was sent.
        raise ValueError(f"not a {kind.__name__}") from None
    return found  # type: ignore[no-any-return]  # msgspec gives exactly that kind
