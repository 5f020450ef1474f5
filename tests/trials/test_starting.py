"""What is wrong before it starts stops the start: who runs it reads where it is and how to mend
it.
"""

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trials.programs import PYTHON, ROOT, environment
from tests.typed import Done, typed

UKRAINIAN = "locales/uk/LC_MESSAGES"
TREE = ("authored", "bot", "flows", "locales", "referral_directory", "understanding")


def refused(done: Done) -> str:
    """What the program says when it refuses to start."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("quietline: cannot go on\n")
    return done.stderr


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, in which a file may be broken."""
    tree = tmp_path_factory.mktemp("tree")
    for name in TREE:
        shutil.copytree(ROOT / name, tree / name)
    return tree


class Copy:
    """A copy of the program in which a file may be broken, and a process that starts it again and
    again: a start reads anew whatever changed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        paths = f"{root}{os.pathsep}{ROOT}"  # The tests are only here.
        self.process = subprocess.Popen(
            (*PYTHON, "tests.trials.typing_program"),
            cwd=root,
            env=environment(root) | {"PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert Path(self._line()["runs"]).is_relative_to(root)

    def start(self, *command: str) -> Done:
        """A start to its end."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return Done(**self._line())

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found


@pytest.fixture(scope="module")
def copy(tree: Path) -> Iterator[Copy]:
    copy = Copy(tree)
    yield copy
    with copy.process:
        pass


BROKEN = {
    # file, what stands there, what a slip makes of it, what the mend names
    "a flow": ("flows/library/welcome.yaml", "find_help/need}", "find_help/ned}", "'need'"),
    "a flow that is no YAML": ("flows/library/welcome.yaml", "entry: start", "entry: [start", "]"),
    "a pack": ("referral_directory/packs/ua/hotlines.yaml", "needs: [", "neds: [", "'needs'"),
    "a catalogue": (f"{UKRAINIAN}/ui.po", '\nmsgstr "', '\nmsgtsr "', "is no line of a catalogue"),
    "a translation": (f"{UKRAINIAN}/flows.po", "{keep_hours}", "{keep_hors}", "keep_hours"),
    "a phrase": ("locales/ui.yaml", "{text: Free", "{txt: Free", "'text'"),
}


@pytest.mark.parametrize(("file", "right", "wrong", "named"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_stops_the_start_and_is_named_with_its_line_and_mend(
    copy: Copy, file: str, right: str, wrong: str, named: str
) -> None:
    tree = copy.root
    text, was = (tree / file).read_text("utf-8"), (tree / file).stat()
    # Not in a catalogue's English, which is only there to be found by.
    at = text.rindex(right) if file.endswith(".po") else text.index(right)
    (tree / file).write_text(text[:at] + wrong + text[at + len(right) :], "utf-8")
    line = text[:at].count("\n") + 1
    try:
        said = refused(copy.start("demo", "--port", "0"))
    finally:
        (tree / file).write_text(text, "utf-8")
        # As it was, so that the next start takes up what was built from it.
        os.utime(tree / file, ns=(was.st_atime_ns, was.st_mtime_ns))
    found = re.findall(rf"{re.escape(Path(file).name)}:(\d+)", said)
    assert found, said
    assert abs(int(found[0]) - line) <= 6, said
    assert named in said


def test_a_broken_settings_file_stops_the_start_and_is_named_with_its_line_and_mend(
    tmp_path: Path,
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("# ours\nkeep_hour: 72\n", "utf-8")
    done = typed("serve", QUIETLINE_SETTINGS=str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{file}:2" in done.stderr
    assert "keep_hours" in done.stderr


def test_a_setting_that_is_none_stops_the_start_and_names_the_nearest() -> None:
    done = subprocess.run(
        (*PYTHON, "bot", "serve"),
        env=environment() | {"QUIETLINE_KEEP_HOUR": "72"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said = refused(Done(done.returncode, done.stdout, done.stderr))
    assert "QUIETLINE_KEEP_HOUR is not a setting" in said
    assert "QUIETLINE_KEEP_HOURS" in said


def test_a_port_that_is_taken_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(typed("demo", "--port", port, "--data", str(tmp_path / "data")))
    assert f"port {port} cannot be used" in said
    assert "--port 0" in said


@pytest.mark.parametrize(
    ("path", "mode", "mend"),
    [
        ("keys", 0o750, "chmod 700"),
        ("data", 0o755, "chmod 700"),
        ("data/quietline.db", 0o644, "chmod 600"),
    ],
)
def test_what_others_could_read_stops_the_start_and_says_how_to_close_it(
    tmp_path: Path, path: str, mode: int, mend: str
) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    data.mkdir(mode=0o700)
    keys.mkdir(mode=0o700)
    (data / "quietline.db").touch(0o600)
    (tmp_path / path).chmod(mode)
    said = refused(typed("serve", QUIETLINE_DATA=str(data), QUIETLINE_KEY_RING=str(keys)))
    assert f"{mend} {tmp_path / path}" in said
