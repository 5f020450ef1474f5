"""The clock of the whole service: one time for all replicas, whatever each machine says it is.

With files it is this machine's clock. With PostgreSQL it is the server's, asked once a minute and
carried on in between by the seconds since this machine started, which nobody can set: on a machine
whose clock is wrong nothing is destroyed, let go of or refused before its time or after it. A jump
of more than an hour, of either, is not believed until the program is started anew, and is told of.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, text

from bot import report
from bot.keys.clock import SteadyClock, since_boot
from bot.storage import StoreError
from bot.storage.database import Database

LOOK_SECONDS: Final = 60.0
MOST_APART: Final = 60
"""Seconds that this machine's clock may differ from the service's before somebody is told."""
ASK: Final = "SELECT extract(epoch FROM clock_timestamp())"


class ServiceClock:
    """Seconds since 1970, for every part of the service. Any thread may ask. Close it."""

    def __init__(
        self,
        ask: Callable[[], float] | None = None,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = since_boot,
    ) -> None:
        """`ask` gives the time that all replicas go by, and raises `StoreError` when it cannot;
        without it they go by `wall`.
        """
        self._ask, self._wall, self._since = ask, wall, steady
        self._told = (ask() if ask else 0.0, steady())
        self._steady = SteadyClock(self._said, steady)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def __call__(self) -> float:
        """The time that counts."""
        return self._steady()

    def start(self) -> None:
        """Begin to ask again and again."""
        self._thread.start()

    def look(self) -> None:
        """Ask now, and tell of a clock that is wrong."""
        if self._ask is not None:
            try:
                self._told = (self._ask(), self._since())
            except StoreError:
                return  # that the database is away is told of elsewhere; time goes on without it
        if step := self._steady.step:
            report.alarm("clock_jumped", count=abs(step))
        elif (apart := abs(self._wall() - self())) > MOST_APART:
            report.alarm("clock_apart", count=round(apart))

    def close(self) -> None:
        """Ask no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _said(self) -> float:
        if self._ask is None:
            return self._wall()
        told, at = self._told
        return told + self._since() - at

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look()

    def __repr__(self) -> str:
        return "ServiceClock()"


def clock_of(database: Database) -> ServiceClock:
    """The clock of what is kept there. Raises `StoreError` when the server is away."""
    if database.backend == "sqlite":
        return ServiceClock()
    engine = database.engine()
    return ServiceClock(lambda: asked(database, engine))


def asked(database: Database, engine: Engine) -> float:
    """The server's time, in seconds since 1970. Raises `StoreError`."""
    with database.explaining(), engine.connect() as connection:
        return float(connection.execute(text(ASK)).scalar_one())
