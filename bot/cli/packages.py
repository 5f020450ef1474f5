"""`quietline packages`: what the service is made of, and what is publicly known against it.

    sbom         requirements.txt as CycloneDX 1.6 JSON: package, version, licence, locked hashes
    advisories   asks OSV for every locked version; only package names and versions are sent

It reads what is locked, never what happens to be installed, and changes nothing.
"""

import importlib.metadata
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from authored import Mistake, Mistakes

ROOT: Final = Path(__file__).resolve().parents[2]
LOCK: Final = ROOT / "requirements.txt"
OSV: Final = "https://api.osv.dev"
PIN: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)\s*(?:; *(?P<marker>.+))?")
HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")

packages_app = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Locked:
    """One package as the lock names it."""

    name: str
    version: str
    marker: str
    """Where it is wanted, like `sys_platform == 'win32'`; empty: everywhere."""
    hashes: tuple[str, ...]
    """SHA-256 of each file that may be installed, in hex."""

    @property
    def purl(self) -> str:
        """The package URL, by which others know it."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(path: Path = LOCK) -> tuple[Locked, ...]:
    """What is locked there, in its order. Raises `Mistakes`."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        mend = "It belongs to the checkout: fetch it again."
        raise Mistakes([Mistake(str(path), 0, 0, f"{error.strerror}", mend)]) from None
    return tuple(_entries(text))


def _entries(text: str) -> Iterator[Locked]:
    for entry in text.replace("\\\n", " ").splitlines():
        said = entry.partition("--hash")[0].strip()
        if found := PIN.fullmatch(said):
            name, version, marker = found["name"], found["version"], found["marker"] or ""
            yield Locked(name, version, marker.strip(), tuple(HASH.findall(entry)))


def bill(locked: tuple[Locked, ...]) -> dict[str, Any]:
    """The bill of materials. The same lock always gives the same, so it can be compared."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = f"pkg:generic/quietline@{project['version']}"
    direct = {_plain(re.split(r"[^A-Za-z0-9._-]", need)[0]) for need in project["dependencies"]}
    named = "\n".join(one.purl + "".join(one.hashes) for one in locked)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ours + named)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": "quietline",
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": [_component(one) for one in locked],
        "dependencies": [
            {"ref": ours, "dependsOn": [one.purl for one in locked if _plain(one.name) in direct]}
        ],
    }


def _component(one: Locked) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        # What only another platform needs is in no machine of ours; it is named all the same.
        "scope": "optional" if one.marker else "required",
        "purl": one.purl,
        "externalReferences": [
            {
                "type": "distribution",
                "url": one.purl,
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
            }
        ],
    }
    if one.marker:
        said["properties"] = [{"name": "python:marker", "value": one.marker}]
    if licence := _licence(one):
        said["licenses"] = [{"license": {"name": licence}}]
    return said


def _licence(one: Locked) -> str:
    """As the package itself says it, where this very version is installed."""
    try:
        about = importlib.metadata.metadata(one.name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if about["Version"] != one.version:
        return ""
    classified = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License ::") and line.count(" :: ") > 1
    ]
    expressed, told = (about.get_all(name) or [""] for name in ("License-Expression", "License"))
    written = expressed[0] or ", ".join(classified) or told[0]
    return written.splitlines()[0][:80] if written else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@packages_app.command()
def sbom(
    out: Annotated[
        Path | None, typer.Option(help="Write it there; otherwise it is printed.", dir_okay=False)
    ] = None,
) -> None:
    """What the service is made of, as CycloneDX JSON."""
    text = json.dumps(bill(read_lock()), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        mend = "Name a file that can be written."
        raise Mistakes([Mistake(str(out), 0, 0, f"{error.strerror}", mend)]) from None
    print(out)


@packages_app.command()
def advisories(
    service: Annotated[str, typer.Option(help="Where OSV answers.")] = OSV,
    lock: Annotated[Path, typer.Option(help="The list that is asked about.")] = LOCK,
) -> None:
    """Ask OSV what is known against the locked versions. 0: nothing, 1: something, 2: no answer."""
    from bot.cli.advisories import run_advisories

    raise typer.Exit(run_advisories(service, read_lock(lock)))
