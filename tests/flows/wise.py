"""A small script that every rule about wording is content with, for tests that break one thing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from authored import Mistake
from flows.grammar import Errand, Vocabulary
from flows.lint import lint
from flows.reader import read_library
from flows.wording import Around, rules

ALWAYS = """\
format: 1
id: always
title: What is always there
slots:
  line: {from: found, retention: session}
steps:
  help_now:
    say: In Ukraine, the number of the police is 102. A hospital helps without a call.
    choices:
      nobody: {label: Nobody answered, go: human}
      menu: {label: Menu, go: menu}
  human:
    say: People who answer may have rules about children.
    go: lines
  lines:
    call: open_lines
    outcomes: {some: shown, none: unshown}
  shown:
    say: These people answer now.
    shows: [found]
    choices: {menu: {label: Menu, go: menu}}
  unshown:
    say: Nobody can be shown now.
    choices: {menu: {label: Menu, go: menu}}
  menu:
    say: You can go on from here.
    choices:
      find: {label: Find help, go: find/need}
      end: {label: That is all, go: left}
  language:
    say: You can pick a language.
    ask: {slot: language, from: languages}
    choices: {skip: {label: Keep this one, go: menu}}
  left:
    say: Done. This is erased.
    forgets: true
hears: {}
commands:
  help_now: {label: Help now, words: [help, sos], go: help_now}
  human: {label: Talk to a person, words: [human], go: human}
  back: {label: Back, words: [back]}
  language: {label: Language, words: [language], go: language}
  leave: {label: Leave, words: [stop, leave], go: left}
notes:
  unclear: {say: I can only use the choices here.}
  again: {say: You can talk to a person or open the menu.}
  stale: {say: That button is old.}
  media: {say: I cannot open that.}
  long: {say: That was long.}
  moved: {say: Things moved.}
start: hello/start
"""

HELLO = """\
format: 1
id: hello
title: First contact
entry: start
steps:
  start:
    say: I am an automatic guide. What you type is not kept. Is it safe to read here?
    choices:
      go_on: {label: "Yes", go: find/need}
      leave: {label: Leave, go: always/left}
"""

FIND = """\
format: 1
id: find
title: Find help
entry: need
slots:
  need: {values: [medical, legal], retention: session}
  time: {values: [d1, later], retention: session}
steps:
  need:
    say: What would help most now?
    choices:
      medical: {label: Medical care, set: {need: medical}, go: time}
      legal: {label: Legal help, set: {need: legal}, go: found}
      skip: {label: Not sure, go: always/human}
  time:
    say: You can say how long ago it was.
    choices:
      d1: {label: Today, set: {time: d1}, go: windows}
      later: {label: Longer ago, set: {time: later}, go: windows}
      skip: {label: Skip, go: windows}
  windows:
    say: >-
      HIV prevention starts within 3 days. Pregnancy can be prevented within 5 days. After that,
      care still helps.
    choices: {on: {label: Go on, go: found}}
  found:
    say: You can ask for care at any time.
    choices: {menu: {label: Menu, go: always/menu}}
"""

FILES = {"always": ALWAYS, "hello": HELLO, "find": FIND}
VOCABULARY = Vocabulary(
    errands={
        "open_lines": Errand(("some", "none"), ("found",)),
        "send_referral": Errand(("done",), ()),
        "remind_later": Errand(("done",), ()),
        "handoff": Errand(("ended", "refused"), ()),
    },
    options={"languages": ("en", "uk"), "places": ("UA",), "events": ("a", "b")},
)


class Book:
    """A language whose translations are written in the test; all else is as in English."""

    def __init__(self, texts: Mapping[str, str | None]) -> None:
        self.texts = texts

    def own(self, domain: str, context: str, english: str) -> str | None:
        return self.texts.get(context, english)


def found_in(
    folder: Path,
    books: Mapping[str, Mapping[str, str | None]] | None = None,
    around: Around | None = None,
    **changes: Any,
) -> list[Mistake]:
    """What the rules about wording find; `flow=(old, new)` changes a file, text is a file."""
    library = folder / "library"
    library.mkdir(exist_ok=True)
    for flow in [*FILES, *(name for name in changes if name not in FILES)]:
        text, change = FILES.get(flow, ""), changes.get(flow, ())
        if isinstance(change, str):
            text = change
        elif change:
            for old, new in [change] if isinstance(change[0], str) else change:
                assert old in text, old
                text = text.replace(old, new)
        (library / f"{flow}.yaml").write_text(text, encoding="utf-8")
    said = {name: Book(texts) for name, texts in (books or {}).items()}
    found = lint(read_library(library, VOCABULARY), said, rules(around or Around()))
    # Figures for reading are tried on texts of their own; labels here are as long as they like.
    return [one for one in found if one.rule not in {"L30", "L29"}]


def ids(found: list[Mistake]) -> list[str]:
    """The names of the rules that found something."""
    return [one.rule for one in found]
