"""What is installed is what is declared, what is declared is used, and all is locked by hash."""

import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.imports import imports

ROOT = Path(__file__).resolve().parents[2]
SERVICE = ("authored", "bot", "flows", "referral_directory", "understanding")
LISTS = ("requirements.txt", "requirements-dev.txt")

NEVER_IMPORTED = {"tzdata"}
"""The standard library reads it where the machine has no time zones of its own."""

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = [Requirement(line) for line in PROJECT["dependencies"]]
FOR_TESTS = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]


def locked(name: str) -> dict[str, str]:
    """Package → version, as a list of requirements locks them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_locked_by_hash_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    line = re.compile(r"[a-z0-9.-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert [written[:60] for written in text.splitlines() if not line.fullmatch(written)] == []


def test_the_locks_hold_what_is_declared() -> None:
    short, long = locked("requirements.txt"), locked("requirements-dev.txt")
    assert short.items() <= long.items()
    wrong = [
        f"{need} is locked as {lock.get(canonicalize_name(need.name))}"
        for lock, needs in ((short, DECLARED), (long, FOR_TESTS))
        for need in needs
        if not need.specifier.contains(lock.get(canonicalize_name(need.name), "0"))
    ]
    assert wrong == []


def test_the_service_imports_what_is_declared_and_nothing_else() -> None:
    paths = [path for place in SERVICE for path in (ROOT / place).rglob("*.py")]
    imported = set().union(*map(third_party, paths))
    assert imported == {canonicalize_name(need.name) for need in DECLARED} - NEVER_IMPORTED


def third_party(path: Path) -> set[str]:
    """The packages that a file imports, by the names that they are installed by."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    tops = {imported.split(".")[0] for imported in imports(path, name)}
    foreign = tops - set(sys.stdlib_module_names) - {*SERVICE, "tests"}
    return {canonicalize_name(name) for top in foreign for name in _installed_as(top, path)}


def _installed_as(top: str, path: Path) -> list[str]:
    names = _packages().get(top)
    assert names, f"{path.relative_to(ROOT)} imports {top}, which no installed package holds"
    return names[:1]


@cache
def _packages() -> Mapping[str, list[str]]:
    """What every package is installed as. It looks through all that is installed: once."""
    return packages_distributions()
