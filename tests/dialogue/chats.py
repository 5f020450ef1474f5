"""A small script with a chat with a human in it, as an author would write one."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from bot.dialogue.events import Asked, Chose, Event, Happened, Returned
from bot.dialogue.session import Session
from bot.dialogue.step import Turn, begin, step
from flows.grammar import Errand
from flows.reader import read_script
from flows.table import Table
from tests.dialogue.scripts import ALWAYS, VOCABULARY, write

DESK = """
format: 1
id: desk
title: A chat with a human
entry: start
aside: true
slots:
  handoff: {values: [waiting, talking], retention: session}
steps:
  start:
    when: [{if: {slot: handoff, set: true}, go: look}]
    go: consent
  consent:
    say: A trained person answers.
    choices:
      "yes": {label: "Yes, gladly", go: asking}
      "no": {label: "Rather not", go: declined}
      code: {label: I have six words, go: enter}
      about: {label: Ask me, do: timing, then: consent}
  declined: {say: That is fine., go: return}
  asking:
    call: ask_person
    outcomes: {waiting: line, none: always/human}
  look:
    call: in_line
    outcomes: {waiting: line, talking: talk, over: over}
  line:
    set: {handoff: waiting}
    say: You are in line.
    takes: person
    choices:
      read: {label: Read meanwhile, go: welcome/hello}
      here: {label: Where I was, go: return}
      stop: {label: Stop waiting, go: stopped}
  stopped: {set: {handoff: null}, say: You no longer wait., go: return}
  enter:
    say: You can write your six words here.
    takes: code
    outcomes: {found: look, unknown: again, wait: often}
    choices: {skip: {label: Not now, go: return}}
  again: {say: These open no chat., go: enter}
  often: {say: The words rest., choices: {skip: {label: Not now, go: return}}}
  joined: {say: A person is here now., go: talk}
  talk:
    set: {handoff: talking}
    say: The chat is open.
    shows: [who]
    takes: person
    choices:
      here: {label: Back to the guide, go: return}
      end: {label: End this chat, go: sure}
  sure:
    say: It can be ended here.
    choices:
      stay: {label: Go on talking, go: talk}
      end: {label: End it, go: over}
  over: {set: {handoff: null}, say: This is the guide again., go: after}
  after: {say: One tap tells whether it helped., choices: {skip: {label: Skip, go: return}}}
"""
NEWS = {"joined": "desk/joined", "ended": "desk/over", "lapsed": "desk/stopped"}
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "ask_person": ("waiting", "none"),
    "in_line": ("waiting", "talking", "over"),
    "find_services": ("some", "none"),
}
"""What the errands of this script can come back with."""
NOTES = """
  nobody: {say: Nobody can read it yet.}
  long_for_person: {say: That was too long to be sent.}
  sealed: {say: This chat is sealed by your page.}
  media_for_person: {say: Pictures do not reach the person.}"""

STEPS = """
  menu: {say: What there is., choices: {ok: {label: Go on, go: welcome/hello}}}
  grave: {say: You are not alone., go: desk/start}"""


def chat_always(news: Mapping[str, str] = NEWS, notes: str = NOTES) -> str:
    """What is always there, with a way to the desk."""
    told = "".join(f"\n  {name}: {state}" for name, state in news.items())
    return (
        ALWAYS.replace("words: [human], go: human", "words: [human], go: desk/start")
        .replace("notes:", f"notes:{notes}")
        .replace("hears:", f"news:{told}\nhears:" if told else "hears:")
        .replace("menu: welcome/hello", "menu: menu\n  immediate_danger: grave")
        .replace("\nsteps:", f"\nsteps:{STEPS}")
    )


def chat_table(folder: Path, **flows: str) -> Table:
    """The compiled script; `flows` take the place of its own."""
    errands = {
        **VOCABULARY.errands,
        "ask_person": Errand(ANSWERS["ask_person"]),
        "in_line": Errand(ANSWERS["in_line"], ("who",)),
        "make_slip": Errand(("made",), ("slip",)),
    }
    library = write(folder, **({"always": chat_always(), "desk": DESK} | flows))
    return Table(read_script(library, dataclasses.replace(VOCABULARY, errands=errands)))


JOINED = Happened("joined", {"who": ("Linden",)})
IN_LINE = (Asked("human"), Chose("yes"), Returned("waiting"))
"""What leads into the line."""


def walk(table: Table, *events: Event, session: Session | None = None) -> Turn:
    """The last turn of a conversation made of these events."""
    turn = Turn(session or begin(table, "en"), ())
    for event in events:
        turn = step(table, turn.session, event)
    return turn
