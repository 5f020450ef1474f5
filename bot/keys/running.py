"""Starts a key service on its sockets and ends it. It decides nothing about keys.

The local socket is of mode 0600 in a folder that is ours. Over a network: TLS 1.3, and nobody comes
in without a certificate of our authority, but for those who enrol while a code is open.
"""

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding

from bot.keys.authority import SERVICE, Authority, key_bytes, write
from bot.keys.clock import SteadyClock
from bot.keys.days import Days
from bot.keys.line import Line
from bot.keys.peering import Peer
from bot.keys.service import Keeper, app_of, keep_looking
from bot.keys.signer import Signer
from bot.keys.state import State, keeping
from bot.vault.errors import RingUnusable
from bot.vault.ring import Signing


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service listens, and with whom it keeps step."""

    socket: Path
    listen: tuple[str, int] | None = None
    peer: str = ""
    authority: Path | None = None
    alone: bool = False
    """Do not wait for the peer: it is lost."""
    state: Path | None = None
    """A folder in memory from which a service goes on that is started anew."""


@contextlib.asynccontextmanager
async def running(
    place: Place,
    keep_hours: int,
    signing: Signing | None,
    clock: SteadyClock | None = None,
    unguarded: tuple[str, ...] = (),
) -> AsyncIterator[Keeper]:
    """The service, for as long as the block lasts; `unguarded`: what `guard` could not do.

    Raises `KeyRingError`.
    """
    clock = clock or SteadyClock()
    days = Days(keep_hours, alone=not place.peer or place.alone)
    state = State(place.state) if place.state else None
    if state is not None:
        state.resume(days, clock)
    authority = Authority(place.authority) if place.authority else None
    identity = _identity(authority) if authority else None
    keep = keeping(state, days, clock)
    peer = Peer(Line(place.peer, identity), days, clock, keep) if place.peer else None
    missing = tuple(one for one in unguarded if one != "locked" or not days.arena.locked)
    keeper = Keeper(days, clock, Signer(signing), authority, peer, unguarded=missing, state=state)
    runner = web.AppRunner(app_of(keeper), access_log=None, handle_signals=False)
    await runner.setup()
    tasks = [asyncio.create_task(keep_looking(keeper))]
    try:
        await _local(runner, place.socket)
        if place.listen is not None and identity is not None:
            context = _server(identity)
            shown = x509.load_pem_x509_certificate((identity / "own.pem").read_bytes())
            keeper.server = shown.public_bytes(Encoding.DER)
            tasks.append(asyncio.create_task(_door(keeper, context)))
            try:
                await web.TCPSite(runner, *place.listen, ssl_context=context).start()
            except OSError as error:
                raise RingUnusable(
                    Path(f"{place.listen[0]}:{place.listen[1]}"),
                    f"cannot listen there: {error.strerror}",
                    "Name another: --listen",
                ) from None
        if peer is not None:
            tasks.append(asyncio.create_task(peer.run()))
        yield keeper
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if peer is not None:
            await asyncio.to_thread(peer.close)
        # Whoever was let in a moment ago is to be known before all hang up.
        for site in tuple(runner.sites):
            await site.stop()
        await asyncio.sleep(0.05)
        await runner.cleanup()
        # A line by TLS is closed in a later round of the loop.
        await asyncio.sleep(0.05)
        days.destroy_all()
        place.socket.unlink(missing_ok=True)


async def _local(runner: web.AppRunner, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if await _answers(path):
        raise RingUnusable(path, "a key service runs there already", "Name another: --socket PATH")
    path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, at the start
    before = os.umask(0o177)
    try:
        await web.UnixSite(runner, str(path)).start()
    except OSError as error:
        said = f"cannot listen there: {os.strerror(error.errno or 0).lower()}"
        raise RingUnusable(path, said, "Name another: --socket PATH") from None
    finally:
        os.umask(before)


async def _answers(path: Path) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_unix_connection(str(path))
        writer.close()
        return True
    return False


def _identity(authority: Authority) -> Path:
    """A fresh certificate of the service itself, beside its authority."""
    key = generate_private_key(SECP256R1())
    write(authority.folder / "own.key", key_bytes(key))
    write(authority.folder / "own.pem", authority.certify(key.public_key(), SERVICE))
    return authority.folder


def _server(identity: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(identity / "own.pem", identity / "own.key")
    context.load_verify_locations(identity / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


async def _door(keeper: Keeper, context: ssl.SSLContext) -> None:
    """Lets those without a certificate as far as the enrolment, only while a code is open."""
    while True:
        context.verify_mode = ssl.CERT_OPTIONAL if keeper.codes.any else ssl.CERT_REQUIRED
        await asyncio.sleep(0.1)
