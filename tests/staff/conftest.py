"""A staff book with real files and quick hashes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest

from bot.staff import Role, Session, Staff, StaffBook
from bot.staff.model import Opened
from bot.staff.passwords import Cost
from bot.staff.patience import Patience
from tests.staff.ready import lay

PASSWORD = "seven calm rivers bend"
PEPPER = bytes(range(32))
QUICK = Cost(memory_kib=8, passes=1, lanes=1)


@dataclass
class Member:
    """Somebody who is ready to work."""

    staff: Staff
    secret: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    opened: Opened = field(repr=False)


@dataclass
class Place:
    """A staff book; its clock stands where a test puts it."""

    folder: Path
    now: float = 1_795_000_000.0
    book: StaffBook = field(init=False)

    def __post_init__(self) -> None:
        self.folder.chmod(0o700)
        lay(self.folder / "staff.db")
        self.book = self.again()

    def again(self, pepper: bytes = PEPPER) -> StaffBook:
        """The same file, opened once more: as another process has it."""
        return StaffBook.open(
            self.folder / "staff.db",
            pepper,
            lambda: self.now,
            cost=QUICK,
            patience=Patience(lambda: self.now),
        )

    def digits(self, member: Member, later: int = 0) -> str:
        """What their authenticator shows, so many seconds from now."""
        return pyotp.TOTP(member.secret).at(int(self.now) + later)

    def member(self, name: str = "Anna Example", *roles: Role) -> Member:
        """Somebody who went the whole way: code, password, authenticator."""
        _, code = self.book.accounts.add(name, roles or ["editor"])
        begun = self.book.signing_in.with_code(name, code)
        secret = self.book.signing_in.authenticator(begun.session)
        digits = pyotp.TOTP(secret).at(int(self.now))
        opened, codes = self.book.signing_in.choose(begun.session, PASSWORD, digits, begun.secret)
        return Member(opened.session.staff, secret, codes, opened)

    def session(self, opened: Opened) -> Session | None:
        return self.book.sessions.find(opened.secret)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.book.close()
