"""`quietline audit`: what staff did, and whether anybody changed it afterwards.

It decides nothing: `bot.audit` does. It prints ids of accounts with their names beside them, and
nothing about people who wrote, because the audit holds nothing about them.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from authored import Mistake, Mistakes

if TYPE_CHECKING:
    from bot.audit import Audit

audit_app = typer.Typer(
    help="What staff did, and whether anybody changed it.", no_args_is_help=True
)
Settings_ = Annotated[Path | None, typer.Option("--settings", help="A settings file in YAML.")]
Key = Annotated[
    Path | None, typer.Option("--key", help="The file that `audit take-key` made.", dir_okay=False)
]
HEX = 64
"""Letters of a first key in its file."""


@audit_app.command()
def verify(key: Key = None, settings: Settings_ = None) -> None:
    """Look for entries that were changed, left out, moved, cut off or made up. Exits 1 if any."""
    from bot.audit import NOTICES
    from bot.audit import verify as look

    first = None if key is None else _read(key)
    with _audit(settings) as audit:
        faults = look(audit, first)
        count, rows = audit.count(), audit.rows()
    for fault in faults:
        print(f"{fault.kind}: {fault.said}", file=sys.stderr)
    if any(fault.kind not in NOTICES for fault in faults):
        print("Compare with the last number and hash that you wrote down elsewhere.")
        raise typer.Exit(1)
    last = rows[-1][1].hex()[:32] if rows else "none"
    bare = any(fault.kind == "no_key" for fault in faults)
    well = "the chain is whole; the seals were not looked at" if bare else "all well"
    print(f"{count} entries, {well}. Last hash: {last}")
    if not bare and key is None and count:
        print("The first key is still on this machine: ./quietline audit take-key FILE")


@audit_app.command("list")
def list_(
    most: Annotated[int, typer.Option("--most", min=1, max=10_000)] = 50,
    settings: Settings_ = None,
) -> None:
    """Print the newest entries, the last first."""
    from bot.audit.restoring import reason_of

    with _audit(settings) as audit:
        for entry in audit.newest(most):
            about = f" {entry.about}" if entry.about else ""
            said = reason_of(entry)
            why = f" ({said})" if said else ""
            print(f"{entry.number:>7}  {entry.at:16}  {entry.staff}  {entry.act}{about}{why}")


@audit_app.command()
def restored(
    backup: Annotated[str, typer.Argument(metavar="NAME", help="Which backup was put back.")],
    why: Annotated[str, typer.Option("--why", help="What happened, in a few words.")] = "",
    settings: Settings_ = None,
) -> None:
    """Write down that a backup was put back by hand: `quietline restore` does it by itself."""
    with _audit(settings) as audit:
        try:
            lost = audit.restored(backup, why)
        except ValueError as error:
            mend = "Keep the book for reading and move it aside, with audit.key: a new one begins."
            raise _mistake(str(error), mend) from None
    if lost:
        print(f"Written down, with a signature: {lost} entries after that backup are lost.")
        print("Each `./quietline audit verify` tells of it from now on.")
    else:
        print("Nothing is missing, or it was written down before.")


@audit_app.command("take-key")
def take_key(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, best on a stick.")],
    settings: Settings_ = None,
) -> None:
    """Move the first key off this machine: from then on nobody here can forge what is past."""
    with _audit(settings) as audit:
        first = audit.first_key
        if first is None:
            mend = "It is where it was taken to: ./quietline audit verify --key FILE"
            raise _mistake("the first key is not here any more", mend)
        try:
            file = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise _mistake(f"{to}: {error.strerror}", "Name a file that is not there.") from None
        with os.fdopen(file, "w") as out:
            out.write(f"{first.hex()}\n")
            out.flush()
            os.fsync(out.fileno())
        audit.take_first_key()
    print("Moved. Keep the file where this machine does not reach; two people should know where.")


@contextmanager
def _audit(file: Path | None) -> Iterator["Audit"]:
    from bot.audit import Audit
    from bot.settings import read_settings
    from bot.wiring import database_of, open_signing

    settings = read_settings(file)
    database = database_of(settings, "audit")
    if not database.there():
        mend = "Name the settings of the service: --settings FILE, or QUIETLINE_DATA."
        raise _mistake(f"there is no audit in {database.name}", mend)
    keys = open_signing(settings, create=False)
    audit = Audit.open(database, keys)
    try:
        yield audit
    finally:
        audit.close()


def _read(file: Path) -> bytes:
    try:
        text = file.read_text(encoding="ascii", errors="replace").strip()
        if len(text) == HEX:
            return bytes.fromhex(text)
    except OSError as error:
        raise _mistake(f"{file}: {error.strerror}", "Name the file of `audit take-key`.") from None
    except ValueError:
        pass
    raise _mistake(f"{file} holds no key", "Name the file of `audit take-key`.")


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake("audit", 0, 0, said, mend)])
