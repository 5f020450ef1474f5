"""The promises of the house: who imports whom, short files that say what they are, no odd paths."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.house.imports import imports

ROOT = Path(__file__).resolve().parents[2]

MAY_IMPORT = {
    # room: what of ours it may import besides itself. What is not listed is composition or shell.
    "authored": (),
    "flows": ("authored",),
    "referral_directory": ("authored",),
    "understanding": ("authored",),
    "bot.dialogue": ("flows.grammar", "flows.table"),
    "bot.vault": (),
    "bot.storage": (),
    "bot.sealing": (),
    "bot.audit": ("bot.report", "bot.storage", "bot.vault"),
    "bot.handoff": (
        *("authored", "bot.report", "bot.sealing", "bot.storage", "bot.vault"),
        "referral_directory",
    ),
    "bot.keys": ("bot.report", "bot.vault"),
    "bot.ledger": ("authored", "bot.report", "bot.storage", "referral_directory"),
    "bot.reports": ("bot.report", "bot.storage", "bot.vault"),
    "bot.slips": (
        *("bot.handoff.code_words", "bot.handoff.tries", "bot.report", "bot.storage", "bot.vault"),
    ),
    "bot.staff": ("authored", "bot.report", "bot.storage"),
    "bot.hsds": ("bot.channels.limits", "bot.ledger", "bot.report", "referral_directory"),
    "bot.console": (
        *("authored", "bot.ledger", "bot.report", "bot.staff", "flows", "referral_directory"),
        *("bot.audit", "bot.handoff", "bot.reports", "bot.sealing"),
        # What a survivor sees is shown by what shows it to survivors.
        *("bot.assurance", "bot.cards", "bot.channels", "bot.handing_words", "bot.pack_words"),
        *("bot.phrases", "bot.said_hours", "bot.speech", "bot.wording"),
        # What takes long to read is kept from start to start.
        "bot.compiled",
    ),
    "bot.channels": ("bot.channels.contract", "bot.channels.limits"),
}

NOT_IN_A_PURE_ROOM = {
    *("aiohttp", "alembic", "asyncio", "cryptography", "http", "io", "logging", "os", "pathlib"),
    *("random", "secrets", "select", "shutil", "socket", "sqlalchemy", "sqlite3", "ssl"),
    *("structlog", "subprocess", "telegram", "tempfile", "threading", "time", "urllib"),
}

MAY_NOT_USE = {
    # room: libraries that would make it do what another room does
    "authored": NOT_IN_A_PURE_ROOM - {"io", "os", "pathlib"},
    # flows: reads its library, may ask `dot` to draw, and tells the library of tables not to log.
    "flows": NOT_IN_A_PURE_ROOM - {"io", "logging", "os", "pathlib", "shutil", "subprocess"},
    "referral_directory": {"aiohttp", "telegram", "sqlalchemy", "socket", "random"},
    # understanding: reads its lexicons; training roughens sentences by a seeded generator.
    "understanding": NOT_IN_A_PURE_ROOM - {"io", "os", "pathlib", "random"},
    "bot.dialogue": NOT_IN_A_PURE_ROOM,
    "bot.vault": {"aiohttp", "telegram", "sqlalchemy", "logging", "structlog"},
    "bot.storage": {"aiohttp", "telegram"},
    "bot.channels": {"sqlalchemy", "sqlite3", "cryptography"},
    "bot.sealing": {"aiohttp", "asyncio", "telegram", "sqlalchemy", "socket", "logging"},
    "bot.audit": {"aiohttp", "telegram", "jinja2"},
    "bot.handoff": {"aiohttp", "telegram", "jinja2"},
    "bot.ledger": {"aiohttp", "telegram", "jinja2"},
    "bot.reports": {"aiohttp", "telegram", "jinja2"},
    "bot.staff": {"aiohttp", "telegram", "jinja2"},
    "bot.hsds": {"sqlalchemy", "sqlite3", "telegram"},
    "bot.console": {"sqlalchemy", "sqlite3", "telegram"},
}

COMPOSITION = ("bot.app", "bot.cli", "bot.__main__", "bot.wiring")
"""These may import everything, and nothing else may import them."""

PLACES = ("authored", "bot", "flows", "locales", "referral_directory", "tests", "understanding")
OURS = ("authored", "bot", "flows", "referral_directory", "understanding")
LINES_OF_A_FILE = 300
LINES_OF_A_README = 40

MODULES = {
    path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for place in PLACES
    for path in sorted((ROOT / place).rglob("*.py"))
}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_the_design_lets_it(room: str) -> None:
    allowed = MAY_IMPORT[room] if room == "bot.channels" else (room, *MAY_IMPORT[room])
    trespasses = [
        f"{name} imports {imported}"
        for path, name in in_room(room)
        for imported in ours(imports(path, name))
        if not any(within(imported, one) for one in allowed)
        and not (room == "bot.channels" and channel_of(imported) == channel_of(name))
    ]
    assert trespasses == []


@pytest.mark.parametrize("room", MAY_NOT_USE)
def test_a_room_does_not_do_the_work_of_another(room: str) -> None:
    # A `bench` measures its room with what it makes up; the service never loads it.
    trespasses = [
        f"{name} imports {imported}"
        for path, name in in_room(room)
        if not name.endswith(".bench")
        for imported in imports(path, name)
        if any(within(imported, one) for one in MAY_NOT_USE[room])
    ]
    assert trespasses == []


def test_nothing_but_composition_imports_the_composition() -> None:
    trespasses = [
        f"{name} imports {imported}"
        for path, name in MODULES.items()
        if name.split(".")[0] in OURS and not any(within(name, one) for one in COMPOSITION)
        for imported in imports(path, name)
        if any(within(imported, one) for one in COMPOSITION)
    ]
    assert trespasses == []


def test_the_service_never_imports_its_tests() -> None:
    # The simulator of the demo runs from a checkout only, on the Bot API server of the tests.
    trespasses = [
        f"{name} imports {imported}"
        for path, name in MODULES.items()
        if name.split(".")[0] in OURS
        for imported in imports(path, name)
        if within(imported, "tests")
        and not (within(name, "bot.cli.simulator") and within(imported, "tests.botapi"))
    ]
    assert trespasses == []


def test_every_file_is_short() -> None:
    lengths = {name: len(path.read_bytes().splitlines()) for path, name in MODULES.items()}
    assert {name: long for name, long in lengths.items() if long > LINES_OF_A_FILE} == {}


def test_every_file_opens_with_what_it_is() -> None:
    texts = {name: path.read_text(encoding="utf-8") for path, name in MODULES.items()}
    assert [name for name, text in texts.items() if not opening_of(text)] == []


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ('"""What it is."""\nimport os\n', "What it is."),
        ('"""What it is,\n\nand why."""', "What it is,\n\nand why."),
        ("'What it is.'\nimport os\n", "What it is."),
        ('"""What it is.""".strip()\nimport os\n', None),
        ('import os\n"""What it is."""\n', None),
        ('""" """\n', ""),
        ("", None),
    ],
)
def test_what_a_file_opens_with_is_seen(text: str, opening: str | None) -> None:
    assert opening_of(text) == opening


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_has_a_short_page_that_says_what_it_is_for(room: str) -> None:
    page = ROOT / room.replace(".", "/") / "README.md"
    lines = len(page.read_bytes().splitlines()) if page.is_file() else 0
    assert 3 <= lines <= LINES_OF_A_README


def test_no_file_names_a_folder_of_one_machine_or_the_host_of_a_package_index() -> None:
    # Written in pieces, so that this file does not find itself.
    folders = r"(?<![\w.<>{}$])/(?:work|root|home|Users)" + r"/\w"
    hosts = r"pythonhosted\." + r"org|pypi\." + r"org|registry\.npmjs|deb\.debian\." + r"org"
    foreign = re.compile(f"{folders}|{hosts}")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if foreign.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import bot.vault", ["bot.vault"]),
        ("from bot import vault", ["bot.vault"]),
        ("from . import contract", ["bot.channels.contract"]),
        ("from ..vault import seal", ["bot.vault.seal"]),
        ("def late():\n    import bot.app", ["bot.app"]),
        ("import importlib\nimportlib.import_module('bot.app')", ["importlib", "bot.app"]),
    ],
)
def test_an_import_is_seen_in_whatever_way_it_is_written(
    tmp_path: Path, source: str, expected: list[str]
) -> None:
    path = tmp_path / "web.py"
    path.write_text(source, encoding="utf-8")
    assert list(imports(path, "bot.channels.web")) == expected


def in_room(room: str) -> Iterator[tuple[Path, str]]:
    """Every module of a room, with its full name."""
    return ((path, name) for path, name in MODULES.items() if within(name, room))


def within(name: str, room: str) -> bool:
    """Whether a dotted name is the room or stands in it."""
    return name == room or name.startswith(room + ".")


def ours(names: Iterable[str]) -> Iterator[str]:
    """Only what this project wrote."""
    return (name for name in names if name.split(".")[0] in (*OURS, "tests"))


def channel_of(name: str) -> str:
    """The channel that a module is of: `web` for `bot.channels.web.pages` and for `web_pages`."""
    parts = name.split(".")
    return parts[2].split("_")[0] if len(parts) > 2 and within(name, "bot.channels") else ""


def opening_of(text: str) -> str | None:
    """The docstring of a file: where it opens as ours do, nothing after it is parsed."""
    end = text.find('"""', 3) if text.startswith('"""') else -1
    opening = text[: end + 3] + text[end + 3 :].partition("\n")[0] if end > 0 else text
    return ast.get_docstring(ast.parse(opening))


def tracked() -> list[Path]:
    """The files that git keeps or would keep; every file of ours where there is no git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for place in PLACES for path in (ROOT / place).rglob("*")]
    return [path for path in found if path.is_file()]


def text_of(path: Path) -> str:
    """The words of a file; none when it holds something else."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
