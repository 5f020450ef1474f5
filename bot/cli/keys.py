"""`quietline keys`: the key service, and what a person does with keys.

It decides nothing: `bot.keys` does. It shows days, names and counts, and never a key.
"""

import asyncio
import os
import secrets
import signal
from pathlib import Path
from typing import Annotated, Any

import typer

from authored import Mistake, Mistakes
from bot import report
from bot.cli.backup_sealed import make_key
from bot.cli.keys_gone import destroyed_here, destroyed_there, slips_closed, told_what_is_closed
from bot.cli.keys_signing import signing_app
from bot.keys import wire
from bot.keys.enrolment import enrol as enrol_there
from bot.keys.line import UNIX, Line, lines_of
from bot.keys.memory import guard
from bot.keys.running import Place, running
from bot.settings import Settings, read_settings
from bot.vault import SigningKeys
from bot.wiring import key_ring_path, open_ring, open_signing, signing_path

keys_app = typer.Typer(help="The key service, and destroying keys.", no_args_is_help=True)
keys_app.add_typer(signing_app, name="signing")
Settings_ = Annotated[Path | None, typer.Option("--settings", help="A settings file in YAML.")]
Socket = Annotated[Path | None, typer.Option("--socket", help="The service's local socket.")]


@keys_app.command()
def serve(
    socket: Socket = None,
    listen: Annotated[str, typer.Option(help="HOST:PORT for enrolled replicas, by TLS.")] = "",
    peer: Annotated[str, typer.Option(help="The other service: HOST:PORT or unix:PATH.")] = "",
    signing: Annotated[
        Path | None, typer.Option(help="Folder of signing keys; with --peer: only if it is named.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="A folder in memory: keys outlive a restart of the service alone."),
    ] = None,
    settings: Settings_ = None,
    *,
    alone: Annotated[
        bool, typer.Option("--alone", help="Do not wait for the peer at the start: it is lost.")
    ] = False,
) -> None:
    """Hold the keys of each day in locked memory, and sign, until a signal ends it."""
    known = read_settings(settings)
    report.set_up()
    # Of two services one has the signing keys, and a person says which.
    folder = signing or (None if peer else signing_path(known))
    place = Place(
        socket or _socket(known),
        _place(listen),
        peer,
        (folder or signing_path(known)).absolute() / "authority" if listen or _tls(peer) else None,
        alone,
        state,
    )
    held = None if folder is None else SigningKeys.open(folder, outside=known.data)
    asyncio.run(_serve(place, known.keep_hours, held))


@keys_app.command()
def status(
    socket: Socket = None,
    settings: Settings_ = None,
    *,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Believe the machine's clock after a jump.")
    ] = False,
) -> None:
    """How the key service is: days, the other service, the clock, who is enrolled."""
    known = read_settings(settings)
    if not known.key_service and socket is None:
        ring = open_ring(known)
        print(f"no key service: {len(ring.live())} days live in {key_ring_path(known)}")
        return
    name = "clock" if clock_is_right else ""
    said = _line(socket, known).ask("/status", wire.Code(name), wire.Status)
    for day, left in sorted(said.left.items(), reverse=True):
        print(f"day {day}: {left / 3600:.1f} hours left{'  (today)' * (day == said.today)}")
    print(f"state: {said.state}; other service: {said.peer}; next day ready: {_yes(said.ahead)}")
    print(f"signing keys: {_yes(said.signing)}; enrolled: {' '.join(said.enrolled) or 'nobody'}")
    if said.revoked:
        print(f"revoked: {' '.join(said.revoked)}")
    if said.unguarded:
        print(f"not guarded: {' '.join(said.unguarded)}. For locked: LimitMEMLOCK=infinity")
    if said.step:
        print(f"the clock jumped by {said.step} seconds, and that is not believed.")
        print("When it is right now: ./quietline keys status --clock-is-right")


@keys_app.command()
def rotate(settings: Settings_ = None) -> None:
    """Make a new signing key. Day keys change every day by themselves."""
    print(f"signs now: {open_signing(read_settings(settings), create=False).rotate()}")


@keys_app.command()
def destroy(
    settings: Settings_ = None,
    socket: Socket = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every key of every day.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """The seizure plan: make all that is kept of people unreadable, at once and for ever."""
    if not everything:
        raise _mistake("nothing was destroyed", "Say what: ./quietline keys destroy --all")
    known = read_settings(settings)
    if not yes:
        typer.confirm("Nobody can ever read again what is kept of people. Destroy?", abort=True)
    lines = (_line(socket, known),) if socket else lines_of(*_where(known))
    silent = destroyed_there(lines) if lines else destroyed_here(known)
    slips_closed(known, lines)
    told_what_is_closed(known)
    if lines:
        print("Replicas drop their copies within 5 seconds, and begin anew by themselves.")
    else:
        print("A service that runs here has copies: stop it now, then start it again.")
    if silent:
        print("DID NOT ANSWER, its keys may live: switch that machine off now:")
        print("\n".join(f"    {where}" for where in silent))
        raise typer.Exit(1)


@keys_app.command("enrol-code")
def enrol_code(
    name: Annotated[str, typer.Option(help="A new name for the replica.")] = "",
    socket: Socket = None,
    settings: Settings_ = None,
) -> None:
    """Print a one-time code with which a replica enrols within ten minutes."""
    asked = wire.Code(name or f"replica-{secrets.token_hex(3)}")
    said = _line(socket, read_settings(settings)).ask("/code", asked, wire.Data)
    print((said.data or b"").decode())


@keys_app.command()
def enrol(
    where: Annotated[str, typer.Argument(metavar="HOST:PORT")],
    code: Annotated[str, typer.Option(help="What enrol-code printed.")],
    folder: Annotated[
        Path | None, typer.Option(help="Where the identity goes; default: as set.")
    ] = None,
    settings: Settings_ = None,
) -> None:
    """Make this machine known to a key service, once."""
    into = folder or read_settings(settings).key_service_identity
    if into is None:
        raise _mistake("no folder for the identity", "Set key_service_identity, or --folder DIR.")
    enrol_there(where, code, into)
    print(f"Enrolled. key_service: {where}, key_service_identity: {into}")


@keys_app.command("backup-key")
def backup_key(
    file: Annotated[Path, typer.Argument(help="A new file for the private half.", dir_okay=False)],
) -> None:
    """Make a pair of keys for sealed backups, on a computer that is not of the service."""
    public = make_key(file)
    print(f"{public} goes to the service: backup_seal_for. It opens nothing.")
    print(f"{file} stays with you, twice, locked away: it alone opens the backups.")


@keys_app.command()
def revoke(
    name: Annotated[str, typer.Argument()], socket: Socket = None, settings: Settings_ = None
) -> None:
    """Let a replica in no more. With two services: at both."""
    _line(socket, read_settings(settings)).ask("/revoke", wire.Code(name), wire.Nothing)
    print("Revoked here. It holds the keys of now for ten minutes at most.")


async def _serve(place: Place, keep_hours: int, held: SigningKeys | None) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with running(place, keep_hours, held, unguarded=guard()) as keeper:
        for missing in keeper.unguarded:
            report.alarm("key_memory_not_guarded", part=missing)
        report.note("key_service_ready")
        print(f"Keys are given at {place.socket}. Ctrl-C ends it, and wipes them.", flush=True)
        await stop.wait()


def _where(known: Settings) -> tuple[str, Path | None]:
    return known.key_service, known.key_service_identity


def _socket(known: Settings) -> Path:
    """The local socket: as set, or in memory-backed storage of this user."""
    for one in known.key_service.split(","):
        if one.strip().startswith(UNIX):
            return Path(one.strip().removeprefix(UNIX))
    ours = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    runtime = ours or os.environ.get("XDG_RUNTIME_DIR")
    shared = Path("/dev/shm") / f"quietline-{os.getuid()}"  # nosec B108  # noqa: S108 - a folder of mode 0700
    return (Path(runtime) if runtime else shared) / "keys.sock"


def _line(socket: Path | None, known: Settings) -> Line:
    return Line(f"{UNIX}{socket or _socket(known)}")


def _tls(peer: str) -> bool:
    return bool(peer) and not peer.startswith(UNIX)


def _place(listen: str) -> tuple[str, int] | None:
    if not listen:
        return None
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise _mistake(f"'{listen}' is no address", "Write it like 10.0.0.5:8700.")
    return host.strip("[]"), int(port)


def _yes(so: Any) -> str:
    return "yes" if so else "no"


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake("keys", 0, 0, said, mend)])
