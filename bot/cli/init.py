"""`quietline init`: asks a few questions, and writes a settings file that only its owner reads.

It decides the order of the questions and what stands there when nobody answers. It overwrites
nothing, and whatever it writes was read back as settings before.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import typer
import yaml

from authored import Mistake, Mistakes
from bot.settings import read_settings

QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "data": ("Folder for the databases", "data"),
    "language": ("Language when a device names none of ours", "en"),
    "countries": ("Country packs, with commas, or all", "all"),
    "organisation": ("Who runs this, as people read it (empty: not yet)", ""),
    "contact": ("Where people ask about privacy, such as an e-mail address (empty: not yet)", ""),
    "public_url": ("Where people open the page (https://…; empty: not yet)", ""),
    "staff_url": ("Where staff open the console (https://…; empty: this machine alone)", ""),
    "telegram_token_file": ("File with the Telegram bot's token (empty: none)", ""),
    "database_file": ("File with the address of a PostgreSQL database (empty: files)", ""),
    "key_service": ("Key services, with commas (empty: a folder of this machine)", ""),
}
"""Setting → what is asked, and what holds when nothing is said."""
HEAD: Final = "# Settings of Quietline. Every one: docs/settings.md. Then: quietline doctor\n"


def run_init(file: Path, said: Mapping[str, str | None], *, yes: bool) -> int:
    """Ask for what was not `said`, unless `yes`; write the file and make the folder of the data.

    Raises `Mistakes` for a file that is there or a value that cannot be.
    """
    if file.exists():
        raise _mistake(file, "it is there already", f"Change it by hand: nano {file}")
    values = {
        name: given if (given := said.get(name)) is not None else _asked(question, default, yes=yes)
        for name, (question, default) in QUESTIONS.items()
    }
    kept: dict[str, str | bool] = {name: value for name, value in values.items() if value}
    if "public_url" in kept:
        kept["web_behind_proxy"] = True
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(HEAD + yaml.safe_dump(kept, sort_keys=False, allow_unicode=True))
        settings = read_settings(part, {})
        # A link refuses where a rename would overwrite.
        file.hardlink_to(part)
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _mistake(file, f"{error.strerror}", "Name a file in a folder of yours.") from None
    finally:
        part.unlink(missing_ok=True)
    print(f"{file} is written, for you alone. Next:")
    print(f"    ./quietline staff add NAME --role administrator --settings {file}")
    print(f"    ./quietline doctor --settings {file}")
    print(f"    ./quietline serve --settings {file}")
    return 0


def _asked(question: str, default: str, *, yes: bool) -> str:
    if yes or not sys.stdin.isatty():
        return default
    answer: str = typer.prompt(question, default=default, show_default=bool(default))
    return answer.strip()


def _mistake(file: Path, said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake(str(file), 0, 0, said, mend)])
