"""A house: a folder with the launcher, its lists of packages and a stand-in for `bot` that says how
it was called. The launcher is the real one, and so is pip; the packages are two small wheels made
here, so that nothing is fetched.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
TOOLS = (
    "cat",
    "cmp",
    "cp",
    "env",
    "grep",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "rmdir",
    "sh",
    "sleep",
    "tail",
)

CALLED = """
import os, sys
import quietword
print("called", quietword.WORD, os.getcwd(), *sys.argv[1:])
"""


@dataclass(frozen=True)
class House:
    """A folder with the launcher, and the environment that it is called in."""

    folder: Path
    wheels: Path
    environment: Mapping[str, str]

    def call(
        self, *arguments: str, cwd: Path | None = None, launcher: Path | None = None, path: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Call the launcher and wait for its end."""
        environment = {**self.environment, "PATH": path or self.environment["PATH"]}
        return subprocess.run(
            [str(launcher or self.folder / "quietline"), *arguments],
            cwd=cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def needs(self, name: str, *wheels: Path) -> None:
        """Write a list of packages, each locked to the wheel that it must be."""
        lines = [
            f"{wheel.name.split('-')[0]}=={wheel.name.split('-')[1]} \\\n"
            f"    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
            for wheel in wheels
        ]
        (self.folder / name).write_text("".join(lines), encoding="utf-8")

    def wheel(self, name: str, version: str) -> Path:
        """Make a package whose only content is its version as a word."""
        path = self.wheels / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        files = {
            f"{name}.py": f'WORD = "{name}-{version}"\n',
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{file},{_digest(text)},{len(text)}\n" for file, text in files.items())
        with zipfile.ZipFile(path, "w") as archive:
            for file, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
                archive.writestr(file, text)
        return path

    @property
    def unfinished(self) -> Path:
        """What a set-up leaves until its end."""
        return self.folder / ".venv" / ".unfinished"


def _digest(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.rstrip(b'=').decode()}"


def build(tmp_path: Path) -> House:
    """A house in that folder, with a home and wheels of its own."""
    has_pip = [str(BASE_PYTHON), "-c", "import pip"]
    if not os.environ.get("CI") and subprocess.run(has_pip, check=False).returncode:
        pytest.skip(f"{BASE_PYTHON} has no pip, which the launcher asks for")
    folder = tmp_path / "a quiet house"
    wheels = tmp_path / "wheels"
    home = tmp_path / "home"
    for made in (folder / "bot", wheels, home):
        made.mkdir(parents=True)
    shutil.copy(ROOT / "quietline", folder)
    (folder / "bot" / "__main__.py").write_text(CALLED, encoding="utf-8")
    environment = {
        "HOME": str(home),
        "PATH": path_of(tmp_path / "bin", python3=BASE_PYTHON),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": wheels.as_uri(),
    }
    built = House(folder, wheels, environment)
    word = built.wheel("quietword", "1.0")
    built.needs("requirements.txt", word)
    built.needs("requirements-dev.txt", word, built.wheel("quiettest", "1.0"))
    return built


def path_of(folder: Path, **programs: Path) -> str:
    """A PATH that leads to the tools of any Debian and to the programs named, and nowhere else."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is on every Debian"
        (folder / tool).symlink_to(found)
    for name, program in programs.items():
        (folder / name).symlink_to(program)
    return str(folder)
