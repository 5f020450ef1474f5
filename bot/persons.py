"""One person while the group that their turn is in is worked on. It decides nothing."""

from dataclasses import dataclass
from hashlib import blake2b

from bot.channels.contract import Address
from bot.dialogue.session import Session
from bot.storage import Row
from bot.vault import Alias


@dataclass(slots=True)
class Person:
    """One person while their group is worked on."""

    address: Address
    alias: Alias
    row: Row | None = None
    """As loaded, perhaps under an older epoch's alias."""
    session: Session | None = None
    sound: bool = False
    """Whether the row was what we had written: else its counter may be anything too."""
    changed: bool = False
    taken: tuple[bytes, ...] = ()
    """Deliveries taken, newest last: what `Session.recent` will hold."""


def short(once: str) -> bytes:
    """Five bytes for a delivery: enough to tell a person's last few apart."""
    return blake2b(once.encode("utf-8", "surrogatepass"), digest_size=5).digest()
