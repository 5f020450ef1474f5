"""The key service: answers what is asked of days and of signing, and keeps step with the other.

It decides who may ask what. It must not log who asked or what for, and key bytes never leave
`memory` bare. All of it runs in one event loop, so nothing here needs a lock.
"""

import asyncio
import contextlib
import os
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from bot import report
from bot.keys import wire
from bot.keys.authority import Authority, Codes, proof_of
from bot.keys.clock import SteadyClock
from bot.keys.days import Days
from bot.keys.peering import Peer
from bot.keys.signer import No, Signer
from bot.keys.state import State, keeping
from bot.keys.wrapping import Unwrappable, wrap
from bot.vault.errors import KeyRingError

LOCAL, SERVICE, ANY = "local", "service", "any"
Handle = Callable[[Any], Awaitable[msgspec.Struct]]


@dataclass(slots=True, repr=False)
class Keeper:
    """What one service holds."""

    days: Days
    clock: SteadyClock
    signer: Signer
    authority: Authority | None
    peer: Peer | None
    server: bytes = b""
    """The certificate that we show, as it goes over the line."""
    unguarded: tuple[str, ...] = ()
    state: State | None = None
    codes: Codes = field(default_factory=Codes)
    _orders: list[bytes] = field(default_factory=list)
    _stepped: bool = False

    def look(self) -> float:
        """Brings the days up to now, and says so when the machine's clock jumped."""
        now = self.clock()
        if self.clock.step and not self._stepped:
            report.alarm("key_service_clock_jumped")
        self._stepped = bool(self.clock.step)
        if gone := self.days.look(now):
            report.note("day_keys_destroyed", count=len(gone))
        keeping(self.state, self.days, self.clock)()
        return now

    async def ring(self, ask: wire.Ask) -> wire.Days:
        """The days that live, with the keys that whoever asks has not."""
        now, days = self.look(), self.days
        if not days.ready:
            return wire.Days(b"", days.ended, -1, {}, b"", (), b"")
        left = days.left(now)
        had = ask.have if ask.lineage == days.lineage else ()
        epochs = tuple(sorted(set(left) - set(had)))
        try:
            public, sealed = wrap(ask.public, days.slots(epochs))
        except Unwrappable:
            raise No("malformed") from None
        days.given = True
        keeping(self.state, days, self.clock)()
        return wire.Days(days.lineage, days.ended, days.opened, left, public, epochs, sealed)

    async def destroy(self, order: wire.Order) -> wire.Destroyed:
        """Every key is wiped, here and at the other service."""
        if order.id in self._orders:
            return wire.Destroyed((), None)
        self._orders = [*self._orders, order.id][-16:]
        epochs = self.days.destroy_all()
        none_left = self._let_go()
        report.note("all_day_keys_destroyed", count=len(epochs))
        passed = None
        if self.peer is not None:
            passed = await self.peer.pass_on(order)
        if not none_left:
            raise No("state-stays", "Remove the folder of --state, or switch that machine off.")
        self.look()
        return wire.Destroyed(epochs, passed)

    def _let_go(self) -> bool:
        """Whether no file of a key is left that was just destroyed."""
        try:
            if self.state is not None:
                self.state.keep(self.days, self.clock)
        except KeyRingError as error:
            report.alarm("key_state_not_destroyed", error)
            return False
        return True

    async def hello(self, other: wire.Hello) -> wire.Hello:
        """How we stand, told to the other service."""
        if self.peer is not None:
            self.peer.heard(other)
        return self.days.hello(self.look())

    async def keys(self, ask: wire.Ask) -> wire.Data:
        """Keys for the other service: 32 bytes of ours, then what is sealed."""
        try:
            public, sealed = wrap(ask.public, self.days.slots(ask.have))
        except (KeyError, Unwrappable):
            raise No("malformed") from None
        return wire.Data(public + sealed)

    async def status(self, ask: wire.Code) -> wire.Status:
        """How all is; with the name `clock`, the machine's clock is believed again."""
        if ask.name == "clock":
            self.clock.believe()
            if self.state is not None:
                self.state.keep(self.days, self.clock, anew=True)
        now, days, known = self.look(), self.days, self.authority
        return wire.Status(
            "apart" if days.apart else "ready" if days.ready else "waiting",
            days.opened,
            days.left(now),
            days.agreed > days.opened,
            self.clock.step,
            "none" if self.peer is None else self.peer.state,
            self.unguarded,
            self.signer.signing is not None,
            known.enrolled() if known else (),
            known.revoked() if known else (),
        )

    async def code(self, ask: wire.Code) -> wire.Data:
        """A one-time code for a name."""
        if self.authority is None:
            raise No("no-network", "Only a service with --listen has anybody to enrol.")
        if ask.name in (*self.authority.enrolled(), *self.authority.revoked(), "service"):
            raise No("taken", "Choose a name that was never used: --name NAME")
        return wire.Data(self.codes.new(ask.name).encode())

    async def revoke(self, ask: wire.Code) -> wire.Nothing:
        """That name is let in no more."""
        if self.authority is None or not self.authority.revoke(ask.name):
            raise No("unknown", "See the names: ./quietline keys status")
        return wire.Nothing()

    async def enrol(self, ask: wire.Enrol) -> wire.Enrolled:
        """A certificate for whoever has the code."""
        found = self.codes.use(ask.proof, ask.request, self.server)
        if found is None or self.authority is None:
            report.alarm("enrolment_refused")
            raise No(
                "code", "Ask for a new one where the service runs: ./quietline keys enrol-code"
            )
        code, name = found
        try:
            request = x509.load_der_x509_csr(ask.request)
            public = request.public_key()
            if not request.is_signature_valid or not isinstance(public, EllipticCurvePublicKey):
                raise ValueError
            self.authority.enrol(name)
        except ValueError:
            raise No("name", "Choose a new name of letters, digits and hyphens.") from None
        made, ours = self.authority.certify(public, name), self.authority.certificate
        return wire.Enrolled(made, ours, proof_of(code, b"server", made + ours, self.server))


def app_of(keeper: Keeper) -> web.Application:
    """The service as an application for sockets that `running` opens."""
    signer = keeper.signer
    routes: dict[str, tuple[str, type[msgspec.Struct], Handle]] = {
        "/ring": (ANY, wire.Ask, keeper.ring),
        "/destroy": (ANY, wire.Order, keeper.destroy),
        "/sign": (ANY, wire.Data, signer.sign),
        "/public": (ANY, wire.Nothing, signer.public),
        "/rotate": (ANY, wire.Nothing, signer.rotate),
        "/secret": (ANY, wire.Name, signer.secret),
        "/mark": (ANY, wire.Name, signer.mark),
        "/raise-mark": (ANY, wire.Number, signer.raise_mark),
        "/lower-mark": (ANY, wire.Number, signer.lower_mark),
        "/kept": (ANY, wire.Name, signer.kept),
        "/keep": (ANY, wire.Keep, signer.keep),
        "/drop": (ANY, wire.Name, signer.drop),
        "/alone": (ANY, wire.Name, signer.alone),
        "/not-alone": (ANY, wire.Name, signer.not_alone),
        "/hello": (SERVICE, wire.Hello, keeper.hello),
        "/keys": (SERVICE, wire.Ask, keeper.keys),
        "/status": (LOCAL, wire.Code, keeper.status),
        "/code": (LOCAL, wire.Code, keeper.code),
        "/revoke": (LOCAL, wire.Code, keeper.revoke),
    }

    async def answer(request: web.Request) -> web.Response:
        try:
            who = _who(request, keeper.authority)
            if request.path == "/enrol":
                said: msgspec.Struct = await keeper.enrol(
                    wire.unpack(await request.read(), wire.Enrol)
                )
            elif who is None or request.path not in routes:
                raise No("not-allowed")
            else:
                needs, kind, handle = routes[request.path]
                if needs not in (ANY, who) and who != LOCAL:
                    raise No("not-allowed")
                said = await handle(wire.unpack(await request.read(), kind))
        except No as no:
            return _said(403, no.refusal)
        except ValueError:
            return _said(400, wire.Refusal("malformed"))
        except KeyRingError as error:
            report.alarm("signing_folder_fails", error)
            return _said(503, wire.Refusal("folder", error.mend))
        return _said(200, said)

    app = web.Application(client_max_size=wire.MOST)
    app.router.add_post("/{any:.*}", answer)
    return app


def _who(request: web.Request, authority: Authority | None) -> str | None:
    """`local`, `service`, or `any` for a replica that is enrolled. None: nobody whom we know."""
    transport = request.transport
    line = transport.get_extra_info("ssl_object") if transport else None
    if isinstance(line, ssl.SSLObject):
        shown = line.getpeercert() or {}
        subject: Any = shown.get("subject", ())
        name = next((pair[0][1] for pair in subject if pair[0][0] == "commonName"), "")
        if authority is None or not name or not authority.counts(name):
            return None
        return SERVICE if name == "service" else ANY
    socket_ = transport.get_extra_info("socket") if transport else None
    with contextlib.suppress(OSError, AttributeError):
        if socket_ is not None and socket_.family == socket.AF_UNIX:
            raw = socket_.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            user = struct.unpack("3i", raw)[1]
            return LOCAL if user in (os.geteuid(), 0) else None
    return None


def _said(status: int, message: msgspec.Struct) -> web.Response:
    return web.Response(status=status, body=wire.pack(message))


async def keep_looking(keeper: Keeper, every: float = 1.0) -> None:
    """Destroys what is due, though nobody asks."""
    while True:
        keeper.look()
        await asyncio.sleep(every)
