"""The first call of `./quietline` sets everything up where there is Python and pip and no more."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.houses import House, build, path_of

NOBODY = "4194304"
"""One more than the highest number a Linux process can have."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Where nothing was set up yet."""
    return build(tmp_path)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One that is set up, for others to be copied from."""
    house = build(tmp_path_factory.mktemp("first"))
    assert house.call("demo").stdout.startswith("called quietword-1.0")
    return house


@pytest.fixture
def settled(house: House, first: House) -> House:
    """Where all is as after a first call."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(first.folder / name, house.folder)
    shutil.copytree(first.folder / ".venv", house.folder / ".venv", symlinks=True)
    shutil.copytree(first.wheels, house.wheels, dirs_exist_ok=True)
    before = house.call("demo")
    assert (before.stdout.split()[:2], before.stderr) == (["called", "quietword-1.0"], "")
    return house


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


def test_a_set_up_that_was_cut_off_is_done_again_from_the_start(settled: House) -> None:
    house = settled
    # As after a kill in the middle: pip believes in a package whose file is not there.
    for word in (house.folder / ".venv").rglob("quietword.py"):
        word.unlink()
    (house.folder / ".venv" / ".installed-requirements.txt").unlink()
    house.unfinished.touch()

    assert house.call("demo").stdout.startswith("called quietword-1.0")
    assert not house.unfinished.exists()


def test_a_new_list_of_packages_is_installed(settled: House) -> None:
    house = settled
    house.needs("requirements.txt", house.wheel("quietword", "1.1"))

    assert house.call("demo").stdout.startswith("called quietword-1.1")


def test_tests_get_what_only_they_need(settled: House) -> None:
    house = settled
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
