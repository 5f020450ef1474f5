"""A small library that is right in every respect, for tests that break one thing in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.catalogue import po_path
from flows.grammar import Errand, Vocabulary
from flows.translating import Sources

ALWAYS = """\
format: 1
id: always
title: What is always there
steps:
  help_now:
    say: Call 112.
    choices: {on: {label: Go on, go: return}}
  human:
    call: open_lines
    outcomes: {some: lines}
  lines:
    say: These people answer now.
    shows: [found]
    choices: {on: {label: Go on, go: return}}
  language:
    say: Which language?
    ask: {slot: language, from: languages}
  left:
    say: All is gone.
    forgets: true
commands:
  help_now: {label: Help now, words: [help, sos], go: help_now}
  human: {label: Talk to a person, words: [human], go: human}
  back: {label: Back, words: [back]}
  language: {label: Language, words: [language], go: language}
  leave: {label: Leave, words: [stop, leave], go: left}
notes:
  unclear: {say: I did not understand.}
  again: {say: Still not.}
  stale: {say: That button is old.}
  media: {say: I cannot open that.}
  long: {say: That was long.}
  moved: {say: Things moved.}
start: find_help/need
"""

FIND_HELP = """\
format: 1
id: find_help
title: Find help near me
entry: need
slots:
  need: {values: [medical, legal], retention: session}
  place: {options: places, retention: session, sensitive: true}
  chosen: {from: found, retention: session}
steps:
  need:
    say: |
      What would help you most?
      You do not have to say what happened.
    note: Warm, no blame.
    max_chars: 320
    checkpoint: true
    choices:
      medical: {label: Medical care, set: {need: medical}, do: medical_time, then: place}
      legal: {label: Legal help, set: {need: legal}, go: place}
      same: {label: As before, if: {slot: need, set: true}, go: decide}
  place:
    say: Where are you?
    choices: {abroad: {label: Not in Ukraine, set: {place: abroad}, go: searching}}
    ask: {slot: place, from: places, go: searching}
  searching:
    call: find_services
    outcomes: {some: results, none: decide}
  decide:
    when:
      - {if: {any: [{slot: need, eq: medical}, {not: {slot: place, set: true}}]}, go: need}
      - {if: {all: [{slot: need, in: [legal]}, {slot: place, eq: abroad}]}, go: place}
    go: bye
  results:
    say: These can help with {need_name}.
    shows: [found]
    each: {value: found, set: chosen, go: details}
    choices: {again: {label: Look for something else, set: {need: null}, go: need}}
  details:
    say: Here is how to reach them.
    shows: [chosen]
    renamed_from: [detail, old_flow/detail]
    choices:
      again: {label: Back to the list, go: results}
      end: {label: That is all, go: bye}
  bye:
    say: Done. What I remembered is gone.
    forgets: true
"""

MEDICAL_TIME = """\
format: 1
id: medical_time
title: How long ago, without asking what
entry: when
slots:
  time: {values: [d1, later], retention: session}
steps:
  when:
    say: Was it today?
    choices:
      d1: {label: "Yes", set: {time: d1}, go: return}
      later: {label: "No", set: {time: later}, go: return}
"""

Write = Callable[..., Path]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(
        errands={
            "find_services": Errand(("some", "none"), ("found", "relaxed")),
            "open_lines": Errand(("some",), ("found",)),
        },
        options={"places": ("UA-63", "abroad"), "languages": ("en", "uk")},
        fillers=("need_name",),
    )


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the library; `flow=(old, new)` replaces text in a file, `flow=None` leaves it out."""

    def write(**changes: object) -> Path:
        library = tmp_path / "library"
        library.mkdir(exist_ok=True)
        files = {"always": ALWAYS, "find_help": FIND_HELP, "medical_time": MEDICAL_TIME}
        for flow in [*files, *(name for name in changes if name not in files)]:
            text, change = files.get(flow, ""), changes.get(flow, ())
            if change is None:
                continue
            if isinstance(change, str):
                text = change
            elif isinstance(change, tuple):
                pairs = (
                    change if change and isinstance(change[0], tuple) else [change] * bool(change)
                )
                for old, new in pairs:
                    assert old in text, old
                    text = text.replace(old, new)
            (library / f"{flow}.yaml").write_text(text, encoding="utf-8")
        return library

    return write


LANGUAGES = """\
format = 1

[[language]]
code = "en"
endonym = "English"
dir = "ltr"
script = "Latn"
fallback = []
started = true

[[language]]
code = "uk"
endonym = "Українська"
dir = "ltr"
script = "Cyrl"
fallback = []
started = true

[[language]]
code = "crh"
endonym = "Qırımtatarca"
dir = "ltr"
script = "Latn"
fallback = ["uk", "en"]
started = true

[[language]]
code = "ar"
endonym = "العربية"
dir = "rtl"
script = "Arab"
fallback = []
started = false
"""
UI = """\
format: 1
messages:
  card.free: {text: Free, note: It costs nothing.}
  card.hours: "Hours: {hours}"
"""


EMPTY_PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "locales"
    for language in ("uk", "crh"):
        for domain in ("flows", "ui"):
            path = po_path(folder, language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(EMPTY_PO, encoding="utf-8")
    (folder / "languages.toml").write_text(LANGUAGES, encoding="utf-8")
    (folder / "ui.yaml").write_text(UI, encoding="utf-8")
    return folder


@pytest.fixture
def sources(write: Write, locales: Path) -> Sources:
    return Sources(write(), locales)
