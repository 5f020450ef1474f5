"""A staff book with real files and quick hashes."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest

from bot.staff import Role, Session, Staff, StaffBook
from bot.staff.model import Opened
from bot.staff.passwords import Cost
from bot.staff.patience import Patience
from bot.storage.database import database_at
from tests.postgres import fresh
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
    server: str = ""
    """The address of a database on a server; without it the book is a file."""
    book: StaffBook = field(init=False)
    opened: list[StaffBook] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.chmod(0o700)
        if not self.server:
            lay(self.folder / "staff.db")
        self.book = self.again()

    def again(self, pepper: bytes = PEPPER, cost: Cost = QUICK) -> StaffBook:
        """The same book, opened once more: as another process has it."""
        where = database_at(self.server, "staff") if self.server else self.folder / "staff.db"
        self.opened.append(
            StaffBook.open(
                where,
                pepper,
                lambda: self.now,
                cost=cost,
                patience=Patience(lambda: self.now),
            )
        )
        return self.opened[-1]

    def close(self) -> None:
        for book in self.opened:
            book.close()

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


EVERY = os.environ.get("QUIETLINE_SUITE") == "1"
ON_A_SERVER = {"test_passkeys"}
"""Files whose tests run on a server too, each time; the others when everything is asked for."""
IN_SQLITES_WORDS = {"test_by_hand"}
"""Files that change a book by hand, in the words of SQLite."""
OF_A_FILE = {
    "test_a_file_that_others_could_read_is_not_opened",
    "test_without_the_pepper_the_file_opens_no_account",
}
"""What only a file has."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whoever asks for a book gets one in a file, and one on a server."""
    module = metafunc.module.__name__.rpartition(".")[2]
    both = module in ON_A_SERVER or (EVERY and module not in IN_SQLITES_WORDS)
    if "backend" in metafunc.fixturenames and both and metafunc.function.__name__ not in OF_A_FILE:
        metafunc.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Where the book of this test is."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty book on a server, made once: a test takes a copy."""
    for address in fresh():
        Place(tmp_path_factory.mktemp("staff"), server=address).book.close()
        yield address


@pytest.fixture
def place(tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> Iterator[Place]:
    with contextlib.ExitStack() as ends:
        server = ""
        if backend == "postgresql":
            like: str = request.getfixturevalue("empty_book")
            server = ends.enter_context(contextlib.contextmanager(fresh)(like))
        place = Place(tmp_path, server=server)
        ends.callback(place.close)
        yield place
