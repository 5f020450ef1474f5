"""Says what is wrong with a command that a document tells a person to type.

Commands of ours are held against the command line itself: every name and every option. Of other
programs only those in the tables here may stand in a document, each with what it is checked for.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import typer.main
import yaml

from bot.cli import main
from bot.settings import ELSEWHERE, PREFIX, Settings
from tests.documents.reading import ROOT

UNITS = ROOT / "deploy" / "systemd"
COMPOSE = ROOT / "compose.yaml"
HOME = "/opt/quietline/"
OTHER_UNITS = {"caddy", "nginx", "postgresql", "systemd-journald", "tor@default"}
VERBS = {"daemon-reload", "disable", "enable", "reload", "restart", "start", "status", "stop"}
DEBIAN = {
    *("caddy", "git", "nginx-light", "postgresql", "postgresql-client", "python3", "python3-pip"),
    *("tor",),
}
"""Packages of Debian 12 that a document may ask for."""
COMPOSE_VERBS = {"build", "config", "down", "exec", "logs", "ps", "pull", "run", "stop", "up"}
PLAIN = {
    "caddy",
    *("apparmor_parser", "cat", "cd", "chmod", "chown", "cp", "createdb", "createuser", "curl"),
    *("df", "timedatectl"),
    *("echo", "export", "git", "grep", "install", "journalctl", "kill", "ln", "ls", "mkdir", "mv"),
    *(
        "nano",
        "nginx",
        "openssl",
        "pip",
        "psql",
        "rm",
        "scp",
        "sed",
        "sh",
        "sleep",
        "ssh",
        "swapoff",
        "sysctl",
        "tar",
        "test",
    ),
    *("systemd-analyze", "systemd-sysusers", "systemd-tmpfiles", "tee", "umask", "wait"),
}
"""Programs of every Debian; only the files of ours that they name are looked at."""
OWN = re.compile(r"/opt/quietline(-releases/\w+)?/quietline")
BEFORE = {"do", "done", "env", "exec", "sudo", "until", "while"}
"""What may stand before a program; the last of a loop stands alone."""
COMING: set[str] = set()
COMING_OPTIONS: set[tuple[str, str]] = set()
"""Told of before they are there. Take each out with the commit that brings it."""
ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*")
NOT_THERE = ("NoSuchOption",)
INCOMPLETE = ("BadOptionUsage", "MissingParameter", "UsageError")
"""In a sentence a command may be named without all that it needs; in a block it may not."""


def problems(words: Sequence[str], *, named_only: bool = False) -> Iterator[str]:
    """What is wrong with a simple command; nothing when all is well.

    `named_only`: it stands in a sentence, without all that it needs.
    """
    words = list(words)
    for word in words:
        yield from _names(word)
    while words and (ASSIGNED.fullmatch(words[0]) or words[0] in BEFORE):
        words.pop(0)
    if words[:2] == ["runuser", "-u"]:
        words = words[4:]
    if not words:
        return
    program, *rest = words
    if program in {"./quietline", "quietline"} or OWN.fullmatch(program):
        yield from _ours(rest, NOT_THERE if named_only else NOT_THERE + INCOMPLETE)
    elif program.removeprefix("./").startswith("deploy/"):
        return  # a script of ours: that it is there was looked at above
    elif program in OTHERS:
        yield from OTHERS[program](rest)
    elif program not in PLAIN:
        yield f"{program} is in no table of {Path(__file__).name}"


def unknown_settings(names: Sequence[str]) -> list[str]:
    """Which of these are no settings of ours."""
    known = {name.upper() for name in Settings.model_fields} | ELSEWHERE
    return [name for name in names if name.removeprefix(PREFIX) not in known]


def _names(word: str) -> Iterator[str]:
    """Files of the checkout that a word names."""
    for prefix in (HOME, "deploy/", "./deploy/"):
        if word.startswith(prefix):
            path = ROOT / word.removeprefix(HOME).removeprefix("./")
            if not any(ROOT.glob(str(path.relative_to(ROOT)))) and ".venv" not in path.parts:
                yield f"{word} is not in the checkout"


@cache
def _root() -> Any:
    return typer.main.get_command(main.app)


@cache
def _room(name: str) -> Any:
    module, attribute, _ = main.ROOMS[name]
    return typer.main.get_command(getattr(import_module(module), attribute))


def _ours(words: list[str], faults: tuple[str, ...]) -> Iterator[str]:
    command, said = _root(), "quietline"
    while hasattr(command, "commands"):
        if not words or words[0] in {"--help", "-h"}:
            return
        name = words.pop(0)
        found = command.commands.get(name)
        if found is None and said == "quietline" and name in main.ROOMS:
            found = _room(name)
        if found is None:
            yield from [] if name in COMING else [f"`{said} {name}` is not a command"]
            return
        command, said = found, f"{said} {name}"
    if "--help" in words:
        return
    try:
        command.make_context(said, list(words))
    except Exception as error:  # noqa: BLE001 - its classes are the library's own and move about
        if (said, getattr(error, "option_name", "")) in COMING_OPTIONS:
            return
        if type(error).__name__ in faults:
            yield f"`{said}`: {getattr(error, 'message', '') or type(error).__name__}"


def _systemctl(words: list[str]) -> Iterator[str]:
    verbs = [word for word in words if not word.startswith("-")]
    if not verbs or verbs[0] not in VERBS:
        yield f"systemctl {' '.join(words)} is not looked at"
        return
    for name in verbs[1:]:
        unit = name if "." in name else f"{name}.service"
        pattern = re.sub(r"@[^.]*\.", "@.", unit)
        known = unit.removesuffix(".service") in OTHER_UNITS
        if not known and not (UNITS / pattern).exists():
            yield f"there is no unit {unit}"


def _apt(words: list[str]) -> Iterator[str]:
    verb, *packages = [word for word in words if not word.startswith("-")]
    if verb not in {"install", "update", "upgrade"}:
        yield f"apt {verb} is not looked at"
    for package in packages:
        if package not in DEBIAN:
            yield f"{package} is not a package that we name"


def _docker(words: list[str]) -> Iterator[str]:
    if words[:1] != ["compose"]:
        yield f"docker {words[:1]} is not looked at"
        return
    described = yaml.safe_load(COMPOSE.read_text("utf-8"))
    services = described["services"]
    profiles = {one for service in services.values() for one in service.get("profiles", ())}
    rest = list(words[1:])
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "--profile":
            if (name := rest.pop(0)) not in profiles:
                yield f"compose.yaml has no profile {name}"
        elif option != "--progress":
            yield f"docker compose {option} is not looked at"
    if not rest or rest[0] not in COMPOSE_VERBS:
        yield f"docker compose {' '.join(rest)} is not looked at"
        return
    verb, *rest = rest
    named = [word for word in rest if not word.startswith("-")]
    if verb in {"run", "exec"}:
        service, *inner = named[0], *rest[rest.index(named[0]) + 1 :]
        yield from [] if service in services else [f"compose.yaml has no service {service}"]
        if service in services and verb == "run" and "entrypoint" not in services[service]:
            yield from _ours(list(inner), NOT_THERE + INCOMPLETE)
    else:
        yield from (f"compose.yaml has no service {one}" for one in named if one not in services)


OTHERS: dict[str, Callable[[list[str]], Iterator[str]]] = {
    "apt": _apt,
    "apt-get": _apt,
    "docker": _docker,
    "systemctl": _systemctl,
}
