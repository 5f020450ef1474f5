"""A machine's clock is two days off, jumps, passes the ends of counters and summers.

Nothing is destroyed before its time or kept beyond it, sign-in codes fit, nobody begins anew.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Pressed
from bot.clocks import ServiceClock, asked
from bot.keys.clock import since_boot
from bot.staff import StaffBook
from bot.staff.passwords import Cost
from bot.storage.database import database_at
from tests.postgres import fresh
from tests.trials.programs import make_service, session_of

HOUR = 3_600
DAY = 24 * HOUR
SKEWS = (48 * HOUR, -48 * HOUR)
QUICK = Cost(memory_kib=8, passes=1, lanes=1)
PASSWORD = "seven calm rivers bend"
ENDS = {
    "the end of 31 bits": 2**31,
    "the end of 32 bits": 2**32,
    "a leap day": datetime(2028, 2, 29, tzinfo=UTC).timestamp(),
    "a summer that ends in Kyiv": datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp(),
    "a new year": datetime(2027, 1, 1, tzinfo=UTC).timestamp(),
}


@dataclass(slots=True)
class Machine:
    """A machine whose clock is wrong; the seconds since it was started are right."""

    skew: float = 0.0
    slept: float = 0.0

    def wall(self) -> float:
        """What its clock shows."""
        return time.time() + self.skew + self.slept

    def steady(self) -> float:
        """Seconds since its start."""
        return since_boot() + self.slept


def person(number: int) -> Address:
    return Address("push", "trial", str(7_000_000_000 + number).encode())


async def press(service: Service, who: Address, key: str, mark: int) -> None:
    told = await service.take(Incoming(who, Pressed(key, str(mark)), once=f"{mark}:{key}"))
    assert told is not None
    assert told.mark == str(mark + 1)


@pytest.fixture
def server() -> Iterator[str]:
    yield from fresh()


def test_on_a_replica_two_days_off_sign_in_codes_fit_and_time_is_the_servers(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = database_at(server, "staff")
    database.prepare()
    engine = database.engine()
    machine = Machine()
    clock = ServiceClock(lambda: asked(database, engine), machine.wall, machine.steady)
    for machine.skew in SKEWS:
        clock = ServiceClock(lambda: asked(database, engine), machine.wall, machine.steady)
        assert abs(clock() - time.time()) < HOUR
    book = StaffBook.open(database, bytes(32), clock, cost=QUICK)
    _, code = book.accounts.add("Anna Example", ["operator"])
    begun = book.signing_in.with_code("Anna Example", code)
    secret = book.signing_in.authenticator(begun.session)
    # Her telephone's clock is right, as everybody's is.
    digits = pyotp.TOTP(secret).at(int(time.time()))
    opened, _ = book.signing_in.choose(begun.session, PASSWORD, digits, begun.secret)
    right = StaffBook.open(database, bytes(32), time.time, cost=QUICK)
    assert right.sessions.find(opened.secret) is not None
    clock.look()
    assert "clock_apart" in capsys.readouterr().out
    machine.slept = 5 * HOUR
    assert abs(clock() - time.time() - 5 * HOUR) < HOUR
    for one in (book, right):
        one.close()


async def test_a_clock_that_jumps_by_two_days_destroys_nothing_and_nobody_begins_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(-DAY)
    yesterday = ServiceClock(wall=machine.wall, steady=machine.steady)
    service = make_service(tmp_path / "data", yesterday)
    await service.start()
    await press(service, person(1), "yes", 0)
    await service.stop()

    machine = Machine()
    clock = ServiceClock(wall=machine.wall, steady=machine.steady)
    service = make_service(tmp_path / "data", clock)
    await service.start()
    await press(service, person(2), "yes", 0)
    keys = sorted((tmp_path / "data" / "keys").glob("*.key"))
    for machine.skew in (*SKEWS, 0):
        clock.look()
        service.sweep()
        assert sorted((tmp_path / "data" / "keys").glob("*.key")) == keys
        assert service.store.stats().sessions == len(("first", "second"))
    await press(service, person(1), "medical", 1)
    await press(service, person(2), "medical", 1)
    await service.stop()
    assert "clock_jumped" in capsys.readouterr().out

    service = make_service(tmp_path / "data")
    await service.start()
    found = session_of(service, person(1))
    assert found is not None
    assert found.turn == len(("yes", "medical"))
    await service.stop()


async def test_over_the_ends_of_counters_and_summers_everybody_goes_on(tmp_path: Path) -> None:
    now = [0.0]
    service = make_service(tmp_path / "data", lambda: now[0] or min(ENDS.values()) - DAY)
    await service.start()
    for number, (name, end) in enumerate(sorted(ENDS.items(), key=lambda one: one[1])):
        now[0] = end - 2.0
        await press(service, person(number), "yes", 0)
        # A leap second: the last one of the day is there twice.
        for second in (end - 1, end - 1.5, end, end + 1):
            now[0] = second
            service.sweep()
            assert service.store.stats().sessions == 1, name
        await press(service, person(number), "medical", 1)
        # Kept as long as was promised, not a day more.
        now[0] = end + (service.settings.keep_hours + 24) * HOUR
        service.sweep()
        assert service.store.stats().sessions == 0, name
    await service.stop()
