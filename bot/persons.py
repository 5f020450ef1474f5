"""One person while the group that their turn is in is worked on, and how what is kept of them is
opened and sealed. It decides nothing.
"""

from dataclasses import dataclass
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from bot import report
from bot.channels.contract import Address
from bot.deciding import Decided
from bot.dialogue.session import Session, pack, unpack
from bot.outbox import pack_letter
from bot.storage import Row
from bot.vault import Alias, Epoch, Unopenable, Vault, first_sequence

SESSION, OUTBOX = "session", "outbox"


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


def open_session(vault: Vault, person: Person) -> None:
    """Open the person's session, when there is one."""
    row = person.row
    if row is None:
        return
    try:
        epoch, secret = Epoch(row.epoch), person.address.secret
        plain = vault.open(SESSION, row.alias, epoch, row.sequence, secret, row.sealed)
        person.session = unpack(plain)
        person.sound = True
        person.taken = person.session.recent
    except (Unopenable, msgspec.DecodeError) as error:
        # A row that was tampered with: begin anew over it, and say so to those who run this.
        report.alarm("session_unopenable", error)


def session_row(vault: Vault, person: Person, session: Session, today: Epoch) -> Row:
    """The session, sealed for the store."""
    row = person.row
    counts_on = row is not None and person.sound and row.alias == person.alias
    sequence = row.sequence + 1 if row and counts_on else first_sequence()
    plain = pack(replace(session, recent=person.taken))
    secret = person.address.secret
    sealed = vault.seal(SESSION, person.alias, today, sequence, secret, plain)
    return Row(person.alias, today, sequence, sealed)


def letter_row(vault: Vault, person: Person, done: Decided, today: Epoch, place: int) -> Row:
    """A reply for the outbox, where it has that number. It must open after a crash, so no channel
    secret is in it.
    """
    sequence = first_sequence()
    urgent, forgotten = done.urgent, done.forgotten
    plain = pack_letter(
        person.address, done.session, forgotten=forgotten, urgent=urgent, place=place
    )
    sealed = vault.seal(OUTBOX, person.alias, today, sequence, b"", plain)
    return Row(person.alias, today, sequence, sealed)
