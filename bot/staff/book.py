"""The staff book: everything about staff accounts, opened in one place.

It decides nothing: it holds the parts together.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.staff.accounts import Accounts, Clock, Tell, nobody
from bot.staff.browsers import Browsers
from bot.staff.keys import ApiKeys
from bot.staff.one_time import Sealed
from bot.staff.passkeys import Passkeys
from bot.staff.passwords import FULL_COST, Cost, Passwords
from bot.staff.patience import Patience
from bot.staff.rows import Rows
from bot.staff.seals import Seals
from bot.staff.sessions import Sessions
from bot.staff.signing_in import SigningIn
from bot.staff.store import StaffStore
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class StaffBook:
    """Use `StaffBook.open`. Everything in it is synchronous and for use from several threads."""

    store: StaffStore
    accounts: Accounts
    sessions: Sessions
    signing_in: SigningIn
    passkeys: Passkeys
    keys: ApiKeys

    @classmethod
    def open(
        cls,
        where: Path | Database,
        pepper: bytes,
        clock: Clock = time.time,
        *,
        cost: Cost = FULL_COST,
        patience: Patience | None = None,
        words: tuple[str, ...] = (),
        tell: Tell = nobody,
    ) -> Self:
        """The book in that file or database, made and migrated as needed.

        `pepper`: 32 bytes that are kept elsewhere: without them the file opens no account,
        and no row that is written into it by hand does.
        `words`: what a password may not be made of. `tell` hears what was done, for the audit.
        Raises `StoreError`.
        """
        store = StaffStore.open(where)
        seals = Seals(pepper)
        rows = Rows(seals)
        accounts = Accounts(store, rows, clock, tell)
        sessions = Sessions(store, rows, clock, tell)
        signing_in = SigningIn(
            store=store,
            rows=rows,
            accounts=accounts,
            sessions=sessions,
            passwords=Passwords(pepper, cost),
            sealed=Sealed(pepper),
            patience=patience or Patience(),
            browsers=Browsers(pepper),
            clock=clock,
            words=words,
        )
        passkeys = Passkeys(store, accounts, sessions, signing_in, rows, clock)
        keys = ApiKeys(store, seals, accounts, clock)
        return cls(store, accounts, sessions, signing_in, passkeys, keys)

    def generation(self) -> int:
        """Counts whatever may end a session early. Cheap: asked several times a second."""
        return self.store.generation()

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()
