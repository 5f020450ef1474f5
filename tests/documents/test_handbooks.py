"""What a handbook quotes from a screen is on that screen, and its tables are the program's."""

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

from bot.cli.doctor_model import ABOUT
from bot.console.staff_words import ACT_WORDS, ROLE_WORDS
from bot.settings import Settings
from bot.staff import ROLES, may
from tests.documents.reading import FENCE, ROOT
from tests.documents.settled import row

DOCS = ROOT / "docs"
HANDBOOKS = sorted(DOCS.glob("handbook-*.md"))
CONSOLE = ROOT / "locales" / "uk" / "LC_MESSAGES" / "console.po"
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
ITALIC = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
PUT_IN = re.compile(r"%\(\w+\)s")
FIXED = 4
"""Letters that a text with something put in must hold."""


def prose(path: Path) -> str:
    """A document without what is typed."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", path.read_text("utf-8")))


def quoted(pattern: re.Pattern[str], path: Path) -> list[str]:
    """What stands between the marks, on one line each."""
    return [" ".join(found.split()) for found in pattern.findall(prose(path))]


@cache
def said_by_the_console() -> list[re.Pattern[str]]:
    """Every English text of the console; what is put into one may be anything.

    One that holds hardly more than what is put in proves nothing, so it is left out.
    """
    catalogue = read_po(io.BytesIO(CONSOLE.read_bytes()))
    ids = [" ".join(one.split()) for message in catalogue for one in _all(message.id) if one]
    parts = {one: PUT_IN.split(one) for one in ids}
    return [
        re.compile(".+".join(re.escape(part) for part in each))
        for one, each in parts.items()
        if len(each) == 1 or sum(letter.isalpha() for letter in "".join(each)) >= FIXED
    ]


def on_a_screen(said: str, known: list[re.Pattern[str]]) -> bool:
    """Whether it is said whole; or begins so, where a document breaks it off with `…`."""
    if any(each.fullmatch(said) for each in known):
        return True
    begun = re.escape(said.removesuffix("…").rstrip())
    return said.endswith("…") and any(each.pattern.startswith(begun) for each in known)


def _all(said: str | list[str] | tuple[str, ...]) -> Iterator[str]:
    yield from [said] if isinstance(said, str) else said


@cache
def labels() -> set[str]:
    """Everything that a person can press, in English."""
    flows = [
        yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for path in (ROOT / "flows" / "library").glob("*.yaml")
    ]
    found = {
        choice["label"]
        for flow in flows
        for step in flow["steps"].values()
        for choice in step.get("choices", {}).values()
    }
    found |= {command["label"] for flow in flows for command in flow.get("commands", {}).values()}
    ui = yaml.safe_load((ROOT / "locales" / "ui.yaml").read_text("utf-8"))["messages"]
    return found | {one["text"] if isinstance(one, dict) else one for one in ui.values()}


def test_there_is_a_handbook_for_each_who_needs_one() -> None:
    names = [path.stem.removeprefix("handbook-") for path in HANDBOOKS]
    assert names == ["administrator", "author", "operator"]
    assert all(len(path.read_text("utf-8").splitlines()) <= 300 for path in HANDBOOKS)


@pytest.mark.parametrize("path", HANDBOOKS, ids=[path.stem for path in HANDBOOKS])
def test_what_stands_in_bold_stands_on_a_screen_of_the_console(path: Path) -> None:
    known = said_by_the_console()
    found = quoted(BOLD, path)
    assert [one for one in found if not on_a_screen(one, known)] == []


@pytest.mark.parametrize("path", HANDBOOKS, ids=[path.stem for path in HANDBOOKS])
def test_what_stands_in_italics_can_be_pressed_by_a_person(path: Path) -> None:
    known = labels()
    assert [one for one in quoted(ITALIC, path) if one not in known] == []


def test_a_word_that_is_on_no_screen_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Press **Sing\nnow**, then `**not this**`; they press *Hum*.\n", "utf-8")
    assert quoted(BOLD, page) == ["Sing now"]
    assert quoted(ITALIC, page) == ["Hum"]
    known = said_by_the_console()
    assert not on_a_screen("Sing now", known)
    assert not on_a_screen("Sing now …", known)
    assert on_a_screen("Transfer Agate", known)
    assert on_a_screen("The line is broken since …", known)
    assert "Hum" not in labels()


def test_the_page_of_settings_is_the_program_s_own() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| `\w+` \|", line)]
    assert sorted(rows) == sorted(row(name) for name in Settings.model_fields)


def test_the_card_of_keys_is_what_the_desk_shows() -> None:
    script = (ROOT / "bot/console/static/desk/keys_help.js").read_text("utf-8")
    words = (ROOT / "bot/console/templates/desk_words.html").read_text("utf-8")
    said = dict(re.findall(r'data-word="(key_\w+)">{{ _\("(.+?)"\) }}', words))
    shown = [(keys, said[name]) for keys, name in re.findall(r'\["([^"]+)", "(key_\w+)"\]', script)]
    card = (DOCS / "handbook-operator.md").read_text("utf-8")
    assert [one for one in shown if f"| {_keys(one[0])} | {one[1]} |" not in card] == []


def _keys(keys: str) -> str:
    return " ".join(f"`{key}`" for key in keys.split())


def test_the_fixed_replies_of_the_handbook_are_those_of_the_desk() -> None:
    replies = yaml.safe_load((ROOT / "bot" / "console" / "canned.yaml").read_text("utf-8"))
    text = (DOCS / "handbook-operator.md").read_text("utf-8")
    named = {one["slash"]: one["name"]["en"] for one in replies.values()}
    told = dict(re.findall(r"`/(\w\w)` ([^`|·\n]+?)(?: ·|\.| \|)", text))
    assert told == named


def test_who_may_do_what_is_told_as_it_is_asked() -> None:
    text = (DOCS / "handbook-administrator.md").read_text("utf-8")
    for role in ROLES:
        (line,) = [one for one in text.splitlines() if one.startswith(f"| {ROLE_WORDS[role]} |")]
        acts = [ACT_WORDS[act] for act in ACT_WORDS if may([role], act) and act != "help.read"]
        assert line == f"| {ROLE_WORDS[role]} | {'; '.join(acts)} |"


def test_every_check_of_the_doctor_is_told_of() -> None:
    text = (DOCS / "handbook-administrator.md").read_text("utf-8")
    assert [name for name in ABOUT if f"`{name}`" not in text] == []
