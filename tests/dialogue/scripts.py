"""Small scripts for tests of the dialogue, written as an author would write them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.dialogue.lexicon import Lexicon, build
from flows.grammar import Errand, Vocabulary
from flows.reader import read_script
from flows.table import Table

VOCABULARY = Vocabulary(
    errands={
        "find_services": Errand(("some", "none"), ("found",)),
        "nothing_back": Errand(("some",), ()),
    },
    options={"places": ("UA-63", "UA-30", "UA-32"), "languages": ("en", "uk")},
    fillers=(),
)
PLACES: Mapping[str, Mapping[str, Iterable[str]]] = {
    "UA-63": {
        "en": ("Kharkiv region", "Kharkiv"),
        "uk": ("Харківська область", "Харків", "Харкові"),
    },
    "UA-30": {"en": ("Kyiv city", "Kiev"), "uk": ("місто Київ", "Києві")},
    "UA-32": {"en": ("Kyiv region",), "uk": ("Київська область",)},
}
LANGUAGES = {"en": ("English", "англійська"), "uk": ("Ukrainian", "українська")}

ALWAYS = """
format: 1
id: always
title: Open in every state
entry: help_now
start: welcome/hello
slots:
  language: {options: languages, retention: session}
commands:
  help_now: {label: Help now, words: [help, sos, he is here], go: help_now}
  human: {label: A person, words: [human], go: human}
  back: {label: Back, words: [back]}
  language: {label: Language, words: [language], go: language}
  leave: {label: Leave, words: [stop, exit], go: left}
notes:
  unclear: {say: I did not catch that.}
  again: {say: "A person can help, or pick from the list."}
  stale: {say: That was an older message.}
  media: {say: I read only text.}
  long: {say: That is long. Pick from the list.}
  moved: {say: This guide has changed.}
steps:
  help_now: {say: Help is here., choices: {ok: {label: Go on, go: welcome/hello}}}
  human: {say: People answer here., choices: {ok: {label: Go on, go: welcome/hello}}}
  language: {say: Which language?, ask: {slot: language, from: languages, go: welcome/hello}}
  left: {say: Goodbye., forgets: true}
"""
WELCOME = """
format: 1
id: welcome
title: Welcome
entry: hello
slots:
  need: {values: [medical, legal], retention: session}
  place: {options: places, retention: session}
  chosen: {from: found, retention: session}
  time: {values: [early, late], retention: session}
steps:
  hello:
    say: Hello.
    checkpoint: true
    choices:
      medical: {label: Medical care, set: {need: medical, time: null}, go: place}
      legal: {label: Legal help, set: {need: legal}, go: place}
      about: {label: About, do: timing, then: hello}
      hidden: {label: Hidden, if: {slot: need, eq: legal}, go: place}
  place:
    say: Where?
    renamed_from: [where]
    ask: {slot: place, from: places, go: deciding}
    choices: {skip: {label: Skip, go: deciding}}
  deciding:
    when: [{if: {slot: need, eq: medical}, do: timing, then: searching}]
    go: searching
  searching:
    say: One moment.
    call: find_services
    outcomes: {some: results, none: nothing}
  results:
    say: These can help.
    each: {value: found, set: chosen, go: details}
    choices: {again: {label: Start again, go: hello}}
  details: {say: Details., shows: [chosen], choices: {other: {label: Another, go: searching}}}
  nothing: {say: Nothing found., choices: {again: {label: Start again, go: hello}}}
"""
TIMING = """
format: 1
id: timing
title: When
entry: when
slots:
  time: {values: [early, late], retention: session}
steps:
  when:
    say: When was it?
    choices:
      early: {label: Early, set: {time: early}, go: return}
      late: {label: Late, set: {time: late}, go: told}
      out: {label: Out, go: welcome/hello}
  told: {say: Later still helps., go: return}
"""


def write(folder: Path, **flows: str) -> Path:
    """A library of these flows; `always` and `timing` are there unless given."""
    for name, text in ({"always": ALWAYS, "timing": TIMING, "welcome": WELCOME} | flows).items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def table_of(folder: Path, **flows: str) -> Table:
    """The compiled script of such a library."""
    return Table(read_script(write(folder, **flows), VOCABULARY))


def lexicon_of(table: Table) -> Lexicon:
    """What is understood: English from the script, Ukrainian for a few labels."""
    ukrainian = {
        "welcome.hello.choices.medical.label": "Медична допомога",
        "always.commands.help_now.words": "допоможіть; небезпека",
        "always.commands.leave.words": "стоп; ",
    }
    return build(
        table.script,
        {"en": lambda _, english: english, "uk": ukrainian.get},
        {"places": PLACES},
        LANGUAGES,
    )
