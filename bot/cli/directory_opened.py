"""What commands around the directory share: it opened, a bar of progress, a plain refusal.

It decides nothing but that whoever is named acts, and the program otherwise.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.cli.office import Kept
    from bot.ledger.batches import Imports
    from bot.ledger.model import Actor
    from referral_directory import Directory


@dataclass(frozen=True)
class Opened:
    """The directory, what it is kept with, and who acts."""

    directory: "Directory"
    kept: "Kept"
    imports: "Imports"
    actor: "Actor"


@contextlib.contextmanager
def opened(settings: Path | None, by: str, *, seeded: bool = True) -> "Iterator[Opened]":
    """The directory, what it is kept with, and who acts. Not `seeded`: left as it was found."""
    from bot.atlas import read_atlas
    from bot.cli.office import open_kept
    from bot.ledger.batches import Imports
    from bot.ledger.model import Actor, LedgerError
    from bot.settings import read_settings
    from bot.staff import may
    from bot.staff.model import PROGRAM

    directory = read_atlas().every
    kept = open_kept(read_settings(settings), directory, seeded=seeded)
    try:
        actor = Actor(PROGRAM, (), restricted=True, vets=True)
        if by:
            staff = kept.book.accounts.named(by)
            # Restricted as well: who runs commands here has the files anyway.
            vets = may(staff.roles, "directory.vet")
            actor = Actor(staff.id, staff.areas, restricted=True, vets=vets)
        yield Opened(directory, kept, Imports(kept.ledger.books), actor)
    except LedgerError as refused:
        fail(str(refused), refused.mend)
    finally:
        kept.close()


@contextlib.contextmanager
def progress(what: str, total: int) -> "Iterator[Callable[[int], None]]":
    """A bar on the terminal while something is done; nothing where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total or None)

        def on(done: int) -> None:
            if done % 50 == 0 or done == total:
                progress.update(task, completed=done)

        yield on


def fail(message: str, mend: str = "") -> NoReturn:
    """Says why and what helps, and ends the command."""
    typer.echo(f"{message}\n    {mend}".rstrip(), err=True)
    raise typer.Exit(1)
