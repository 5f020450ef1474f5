"""What those who watch the service can ask: is it ready, and its figures on a socket of their own.

It puts the parts together, starts and stops them. It decides nothing.
"""

import asyncio
import contextlib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from aiohttp import web

from authored import Mistake, Mistakes
from bot import report
from bot.app import Service
from bot.channels.web_health import add_health
from bot.channels.web_server import WebRunner
from bot.health import FAILING_SECONDS, Health
from bot.metrics import TYPE, Metrics, Now, listen_on
from bot.settings import UNIX, bound
from bot.storage import StoreError
from bot.writer import MOST_WAITING

MOST_COUNTED = 251
"""Replies in the outbox that are counted, at most: a long one must not be slow to watch."""


class Watching:
    """The watch on one service. Make it before its pages run."""

    def __init__(self, service: Service) -> None:
        """Nothing is asked yet."""
        self._service = service
        self.health = Health(
            {"database": self._database, "keys": self._keys, "writer": self._writer}
        )
        self._stop_counting: Callable[[], None] | None = None
        self._runner: WebRunner | None = None

    def attach(self, app: web.Application) -> None:
        """Answer `/healthz` and `/readyz` in this application, which does not run yet."""
        add_health(app, self.health.ready)

    async def start(self) -> None:
        """Begin to count alarms, and to listen where the settings want it. Raises `Mistakes`."""
        self._stop_counting = self._service.figures.listen()
        where = self._service.settings.metrics_bind
        socket = where.removeprefix(UNIX) if where.startswith(UNIX) else ""
        if not socket and bound(where) is None:
            return
        metrics = Metrics(self._service.figures, self._now, version_here())

        async def read(_: web.Request) -> web.Response:
            await self.health.look()
            written = await asyncio.to_thread(metrics.written)
            return web.Response(body=written, headers={"Content-Type": TYPE})

        app = web.Application()
        app.add_routes([web.get("/metrics", read)])
        add_health(app, self.health.ready)
        self._runner = WebRunner(app)
        await self._runner.setup()
        try:
            if socket:
                await listen_on(self._runner, Path(socket))
            elif address := bound(where):
                await web.TCPSite(self._runner, *address).start()
        except OSError as error:
            said = f"figures cannot be given at {where}: {error.strerror}"
            mend = "Name another place, or switch it off: QUIETLINE_METRICS_BIND=off"
            raise Mistakes([Mistake("metrics_bind", 0, 0, said, mend)]) from None
        report.note("metrics_ready", part="unix" if socket else "tcp")

    async def stop(self) -> None:
        """End it."""
        if self._stop_counting is not None:
            self._stop_counting()
        if self._runner is not None:
            await self._runner.cleanup()

    def _database(self) -> None:
        with self._service.store.group():
            pass

    def _keys(self) -> bool:
        return bool(self._service.ring.live())

    def _writer(self) -> bool:
        return (
            self._service.writer.waiting < MOST_WAITING
            and self._service.figures.failing_for() > FAILING_SECONDS
        )

    def _now(self) -> Now:
        service, human = self._service, self._service.human
        waiting = opened = on_duty = outbox = 0
        if human is not None:
            picture = human.board.picture
            waiting = len(picture.order)
            opened = len(picture.chats) - waiting
            on_duty = len(human.shifts.on_duty())
        with contextlib.suppress(StoreError):
            outbox = len(service.store.pending(MOST_COUNTED))
        return Now(
            up=dict(self.health.up),
            waiting=service.writer.waiting,
            outbox=outbox,
            listings=len(service.live),
            desk_waiting=waiting,
            desk_open=opened,
            on_duty=on_duty,
        )


def version_here() -> str:
    """The version of the program; `source` where it runs from its files."""
    try:
        return version("quietline")
    except PackageNotFoundError:
        return "source"
