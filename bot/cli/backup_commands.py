"""`quietline backup`, `restore-test` and `restore` on the command line.

Nothing heavy is imported here, so that help comes at once. It decides nothing.
"""

from pathlib import Path
from typing import Annotated

import typer

Settings_ = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file of settings.", dir_okay=False)
]
Key = Annotated[
    Path | None, typer.Option("--key", help="The private half, for a sealed one.", dir_okay=False)
]


def add_to(app: typer.Typer) -> None:
    """These commands, as commands of the whole."""
    app.command()(backup)
    app.command("restore-test")(restore_test)
    app.command()(restore)


def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="Where backups go, instead of backup_folder.")
    ] = None,
    seal_for: Annotated[
        Path | None,
        typer.Option(help="File of a public half: only who has the other one reads the backup."),
    ] = None,
    settings: Settings_ = None,
) -> None:
    """Copy all databases into a new folder: of people ciphertext alone, and never a key."""
    from bot.cli.backup import run_backup

    raise typer.Exit(run_backup(settings, to, seal_for))


def restore_test(
    folder: Annotated[
        Path | None, typer.Argument(help="A backup; without it the newest.", file_okay=False)
    ] = None,
    key: Key = None,
    settings: Settings_ = None,
) -> None:
    """Open a backup aside and look at all of it: chains, signatures, and that no past day opens."""
    from bot.cli.backup import run_restore_test

    raise typer.Exit(run_restore_test(settings, folder, key))


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup.", exists=True, file_okay=False)],
    key: Key = None,
    settings: Settings_ = None,
) -> None:
    """Put a backup into databases that are not there yet. Nothing is ever overwritten."""
    from bot.cli.backup import run_restore

    raise typer.Exit(run_restore(settings, folder, key))
