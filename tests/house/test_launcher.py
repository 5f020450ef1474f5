"""The first call of `./quietline` sets everything up where there is Python and pip and no more.

The launcher is the real one, and so is pip; the packages are two small wheels made here, so that
nothing is fetched. A house is a folder with the launcher, its lists of packages and a stand-in for
`bot` that says how it was called.
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
NOBODY = "4194304"
"""One more than the highest number a Linux process can have."""


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


@pytest.fixture
def house(tmp_path: Path) -> House:
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


def test_the_first_call_sets_up_and_the_next_goes_straight_through(house: House) -> None:
    first = house.call("demo", "--port", "8 0")
    second = house.call("demo")

    assert first.stdout == f"called quietword-1.0 {house.folder} demo --port 8 0\n"
    assert "setting up" in first.stderr
    assert "ready" in first.stderr
    assert second.stdout == f"called quietword-1.0 {house.folder} demo\n"
    assert second.stderr == ""


def test_it_is_called_from_any_folder_through_a_link(house: House, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "bot.py").write_text("print('a stranger')", encoding="utf-8")
    (elsewhere / "first").symlink_to(house.folder / "quietline")
    (elsewhere / "second").symlink_to("first")

    called = house.call("chat", cwd=elsewhere, launcher=elsewhere / "second")

    assert called.stdout == f"called quietword-1.0 {elsewhere} chat\n"


def test_nothing_is_left_outside_the_folder(house: House) -> None:
    before = {path for path in house.folder.iterdir() if path.name != "bot"}
    house.call("demo")
    after = {path for path in house.folder.iterdir() if path.name != "bot"}

    assert {path.name for path in after - before} == {".venv"}
    assert not list(Path(house.environment["HOME"]).glob("*"))


def test_a_set_up_that_was_cut_off_is_done_again_from_the_start(house: House) -> None:
    house.call("demo")
    # As after a kill in the middle: pip believes in a package whose file is not there.
    for word in (house.folder / ".venv").rglob("quietword.py"):
        word.unlink()
    (house.folder / ".venv" / ".installed-requirements.txt").unlink()
    house.unfinished.touch()

    assert house.call("demo").stdout.startswith("called quietword-1.0")
    assert not house.unfinished.exists()


def test_a_new_list_of_packages_is_installed(house: House) -> None:
    house.call("demo")
    house.needs("requirements.txt", house.wheel("quietword", "1.1"))

    assert house.call("demo").stdout.startswith("called quietword-1.1")


def test_tests_get_what_only_they_need(house: House) -> None:
    house.call("demo")
    (house.folder / "bot" / "__main__.py").write_text("import quiettest; print(quiettest.WORD)")

    assert house.call("test").stdout == "quiettest-1.0\n"
    assert house.call("check").stderr == ""
    assert house.call("demo").stderr == ""


def test_two_first_calls_at_once_set_up_once(house: House) -> None:
    command = [str(house.folder / "quietline"), "demo"]
    both = [
        subprocess.Popen(
            command,
            env=house.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.communicate() for one in both]

    assert all(out.startswith("called quietword-1.0") for out, _ in said)
    assert sum("setting up /" in words for _, words in said) == 1


@pytest.mark.parametrize("owner", [NOBODY, ""])
def test_the_lock_of_a_set_up_that_died_holds_nobody_up(house: House, owner: str) -> None:
    lock = house.folder / ".venv" / ".setting-up"
    lock.mkdir(parents=True)
    (lock / "pids").write_text(owner)

    assert house.call("demo").stdout.startswith("called quietword-1.0")
    assert not lock.exists()


def test_a_package_that_is_not_the_locked_one_is_refused(house: House) -> None:
    house.wheel("quietword", "1.0").write_bytes(b"something else")

    refused = house.call("demo")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "could not be installed" in refused.stderr
    assert "set-up.log" in refused.stderr

    house.needs("requirements.txt", house.wheel("quietword", "1.0"))
    assert house.call("demo").stdout.startswith("called quietword-1.0")


@pytest.mark.parametrize(
    ("python", "said", "mend"),
    [
        (None, "none was found", "apt install python3 python3-pip"),
        ("exit 1", "none was found", "apt install python3 python3-pip"),
        ("case $2 in *pip*) exit 1 ;; esac", "python3 has no pip", "apt install python3-pip"),
    ],
    ids=["no Python", "an old Python", "a Python without pip"],
)
def test_what_is_missing_is_named_with_what_mends_it(
    house: House, tmp_path: Path, python: str | None, said: str, mend: str
) -> None:
    programs = {}
    if python:
        programs["python3"] = tmp_path / "stand-in"
        programs["python3"].write_text(f"#!/bin/sh\n{python}\n")
        programs["python3"].chmod(0o755)

    stopped = house.call("demo", path=path_of(tmp_path / "bare", **programs))

    assert stopped.returncode == 1
    assert said in stopped.stderr
    assert mend in stopped.stderr
