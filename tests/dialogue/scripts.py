"""Small scripts for tests of the dialogue, written as an author would write them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
  help_now: {label: Help now, words: [help, sos], go: help_now}
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
  staff: {say: Nothing about a person here.}
hears:
  suicide: crisis
  child_at_risk: crisis
  need: welcome/heard
  place: welcome/where_heard
  menu: welcome/hello
  privacy: human
steps:
  crisis: {say: A person can talk with you., choices: {ok: {label: Go on, go: welcome/hello}}}
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
  heard: {values: ["yes"], retention: session}
steps:
  hello:
    say: Hello.
    checkpoint: true
    choices:
      medical: {label: Medical care, set: {need: medical, time: null}, go: place}
      legal: {label: Legal help, set: {need: legal}, go: place}
      about: {label: About, do: timing, then: hello}
      work: {label: For my work, go: work/start}
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
  heard:
    say: So you look for this.
    choices:
      "yes": {label: "Yes", go: place}
      meant: {label: I meant something else, set: {need: null, heard: null}, go: hello}
  where_heard: {say: There then., choices: {ok: {label: Go on, go: hello}}}
"""
WORK = """
format: 1
id: work
title: For people at work
staff: true
entry: start
steps:
  start: {say: What to do., choices: {ok: {label: Go on, go: welcome/hello}}}
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


@dataclass(frozen=True, slots=True)
class Sense:
    """What was understood of one text."""

    crisis: str | None = None
    need: str | None = None
    place: str | None = None
    command: str | None = None


SENSES = {
    "i want to end it": Sense(crisis="suicide"),
    "a child told me": Sense(crisis="child_at_risk"),
    "he is here": Sense(crisis="immediate_danger", command="help_now"),
    "end it in kharkiv": Sense(crisis="suicide", need="legal", place="UA-63"),
    "some lawyer": Sense(need="legal"),
    "some lawyer in kyiv": Sense(need="legal", place="UA-30"),
    "a lawyer on the moon": Sense(need="legal", place="MOON"),
    "some bread": Sense(need="bread"),
    "near kyiv": Sense(place="UA-30"),
    "somewhere else": Sense(place="MOON"),
    "the beginning again": Sense(command="menu"),
    "wipe all of this": Sense(command="erase"),
    "one before": Sense(command="back"),
}


class Senses:
    """Understands a few whole texts, and whether they stand at the end of a long one."""

    def hear(self, text: str, language: str, *, needs: bool = True) -> Sense:
        said = text.casefold()
        known = (sense for phrase, sense in SENSES.items() if said.endswith(phrase))
        return next(known, Sense())


def write(folder: Path, **flows: str) -> Path:
    """A library of these flows; `always` and `timing` are there unless given."""
    for name, text in (
        {"always": ALWAYS, "timing": TIMING, "welcome": WELCOME, "work": WORK} | flows
    ).items():
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
        Senses(),
    )
