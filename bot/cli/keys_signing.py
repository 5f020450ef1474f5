"""`quietline keys signing export|import`: a copy of the signing keys for the day a machine is gone.

It decides the words that open a copy, and shows them once. `bot.keys.signing_copy` does the rest.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from authored import Mistake, Mistakes
from bot.keys.signing_copy import put_back, sealed_copy
from bot.settings import Settings, read_settings
from bot.upkeep import Upkeep
from bot.vault import SigningKeys
from bot.wiring import ROOT, signing_path

WORDS: Final = ROOT / "bot" / "sealing" / "phrase_words.txt"
COUNT: Final = 8
"""Of 2,048 words: 88 bits, before a third of a second for each try."""
MOST: Final = 1 << 20

signing_app = typer.Typer(
    help="A copy of the signing keys, for the day this machine is gone.", no_args_is_help=True
)
Settings_ = Annotated[Path | None, typer.Option("--settings", help="A settings file in YAML.")]
Folder = Annotated[
    Path | None, typer.Option("--signing", help="The folder of signing keys; default: as set.")
]


@signing_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A new file, best on a stick.", dir_okay=False)],
    folder: Folder = None,
    settings: Settings_ = None,
) -> None:
    """Write a sealed copy of the signing keys, and show the words that open it, once."""
    known = read_settings(settings)
    place = _folder(folder, known)
    passphrase = " ".join(secrets.choice(_words()) for _ in range(COUNT))
    sealed = sealed_copy(place, passphrase)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise _mistake(f"{file}: {error.strerror}", "Name a file that is not there.") from None
    count = len(SigningKeys.open(place, create=False).public())
    Upkeep(known.data).done("signing-export", keys=count)
    print(f"{file} opens with these words, which are shown only now:")
    print(f"\n    {passphrase}\n")
    print("Write them on paper, apart from the file. Whoever has both speaks for your directory.")
    print("After `keys rotate`, make a new copy.")


@signing_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A copy.", exists=True, dir_okay=False)],
    folder: Folder = None,
    settings: Settings_ = None,
) -> None:
    """Put a copy into a folder without keys. The words are asked for, or read from a pipe."""
    known = read_settings(settings)
    place = _folder(folder, known)
    if place.resolve().is_relative_to(known.data.resolve()):
        raise _mistake(f"{place} lies inside the data", "Name a folder outside: --signing DIR")
    if sys.stdin.isatty():
        passphrase = typer.prompt("The words", hide_input=True)
    else:
        passphrase = sys.stdin.readline()
    with file.open("rb") as copy:
        sealed = copy.read(MOST)
    count = put_back(file, sealed, passphrase, place)
    print(f"{count} keys are in {place}. The machine that they come from must not sign any more.")
    print("Then look: ./quietline doctor signing audit listings")


def _folder(named: Path | None, known: Settings) -> Path:
    return (named or signing_path(known)).absolute()


def _words() -> list[str]:
    return WORDS.read_text("utf-8").split()


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake("keys", 0, 0, said, mend)])
