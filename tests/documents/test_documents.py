"""No document tells a person to type what does not exist."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.documents.judging import problems, unknown_settings
from tests.documents.reading import (
    LINK,
    ROOT,
    SETTING,
    Block,
    Line,
    alternatives,
    blocks,
    commands,
    documents,
    spans,
)

COMING: set[str] = set()
"""Linked to before it is there. Take it out with the commit that brings it."""
DOCUMENTS = documents()
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
RUN = [block for path in DOCUMENTS for block in blocks(path) if "run" in block.marks]


def wrong(line: Line, *, named_only: bool = False) -> list[str]:
    """What is wrong in a line, each with its place."""
    try:
        found = [
            one for words in commands(line.text) for one in problems(words, named_only=named_only)
        ]
    except ValueError as error:
        found = [str(error)]
    return [f"{line.where}\n    {one}" for one in found]


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_command_in_a_document_can_be_typed_as_it_stands(path: Path) -> None:
    typed = [line for block in blocks(path) for line in block.lines()]
    named = [fault for line in spans(path) for fault in wrong(line, named_only=True)]
    assert [fault for line in typed for fault in wrong(line)] + named == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_setting_and_every_file_that_a_document_names_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    assert unknown_settings(SETTING.findall(text)) == []
    links = [to for to in LINK.findall(text) if "://" not in to]
    assert [to for to in links if not (path.parent / to).exists() and to not in COMING] == []


@pytest.mark.parametrize("block", RUN, ids=[f"{one.file.name}:{one.number}" for one in RUN])
def test_a_block_that_says_so_runs_as_it_stands(block: Block, tmp_path: Path) -> None:
    (tmp_path / "quietline").symlink_to(ROOT / "quietline")
    ours = {name: one for name, one in os.environ.items() if not name.startswith("QUIETLINE_")}
    ran = subprocess.run(
        ["sh", "-eu", "-c", block.body],
        cwd=tmp_path,
        env=ours | {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_some_block_is_run_and_the_first_page_has_one() -> None:
    assert any(block.file == ROOT / "README.md" for block in RUN)


@pytest.mark.parametrize(
    "text",
    [
        "./quietline serve --quiet",
        "./quietline sing",
        "./quietline staff sing",
        "./quietline staff add",
        "systemctl enable quietline-mail",
        "systemctl mask caddy",
        "cp /opt/quietline/deploy/nothing /etc",
        "docker compose --profile sun up",
        "docker compose up moon",
        "docker compose run --rm replica1 sing",
        "apt install emacs",
        "makeithappen --now",
        "echo 'half",
        "cat x && ./quietline sing",
        "QUIETLINE_DATA=x ./quietline sing",
    ],
)
def test_what_does_not_exist_is_noticed(text: str) -> None:
    assert wrong(Line(ROOT / "README.md", 1, text))


def test_commands_are_found_as_a_shell_finds_them() -> None:
    block = Block(
        ROOT / "README.md",
        1,
        "a 'b c' | d > e && \\\n  f; # g\ncat <<'X' > h\nno\nX\ni\n",
        frozenset(),
    )
    found = [words for line in block.lines() for words in commands(line.text)]
    assert found == [["a", "b c"], ["d"], ["f"], ["cat"], ["i"]]
    assert alternatives("staff list|roles NAME") == ["staff list NAME", "staff roles NAME"]
