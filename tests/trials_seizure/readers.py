"""What the program itself gets to see of each table that is sealed, and to whom it shows it.

It decides nothing: each reader asks the part that reads that table in the service.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from bot.channels.contract import Address, Outgoing
from bot.handoff.duty_rows import DutyRows
from bot.pump import Pump
from bot.sealing import SealingError
from tests.trials_seizure.scene import Scene

Seen = Mapping[Any, object]
"""Who sees it → what they see."""
WAYS = ("in", "out", "own", "copy")


class _NotKeptError(Exception):
    """Nothing of a group is to be kept."""


def sessions(scene: Scene) -> Seen:
    """What is remembered of each person."""
    found = {address.person: scene.session_of(address) for address in scene.pushed}
    shown = {person: repr(session) for person, session in found.items() if session}
    # Of those at the desk the session changes by itself with what they are told.
    at_desk = (talk.person.address for talk in scene.talks)
    return shown | {one.person: "there" for one in at_desk if scene.session_of(one)}


async def letters(scene: Scene) -> Seen:
    """What would be sent to each person. It takes the replies out: put them back."""
    sent: dict[object, list[str]] = {}

    async def deliver(address: Address, outgoing: Outgoing) -> None:
        sent.setdefault(address.person, []).append(outgoing.mark)

    turns = scene.service.turns
    pump = Pump(scene.service.store, scene.service.vault, turns.wording, time.time, deliver)
    while await pump.send_waiting():
        pass
    return {(person, mark): mark for person, marks in sent.items() for mark in marks}


def footprints(scene: Scene) -> Seen:
    """Messages that lie in each chat."""
    of = scene.service.footprints.of
    found = {one.person: [mark.id for mark in of(one)] for one in scene.pushed}
    return {person: ids for person, ids in found.items() if ids}


def chats(scene: Scene) -> Seen:
    """Every chat, by its id."""
    human, found = scene.operators[0].human, {}
    with scene.service.store.group() as group:
        for chat_id in human.rows.ids(group):
            chat = human.chats.of_person(group, chat_id)
            if chat is not None:
                found[chat_id] = chat.name
    return found


def messages(scene: Scene) -> Seen:
    """Every message, by its chat, way and number."""
    kept, found = scene.operators[0].human.messages.kept, {}
    with scene.service.store.group() as group:
        for talk in scene.talks:
            for way in WAYS:
                for number, body in kept.read(group, talk.chat.id, way):  # type: ignore[arg-type]
                    found[talk.chat.id, way, number] = body
    return found


def wraps(scene: Scene) -> Seen:
    """What the operator who has a chat opens of it in the browser."""
    found: dict[object, object] = {}
    for talk in scene.talks[:2]:
        with suppress(SealingError):
            for text in scene.operators[0].read(talk.chat):
                found[talk.chat.id, text] = text
    return found


def notes(scene: Scene) -> Seen:
    """Notes, by who may read them."""
    human = scene.operators[0].human
    with scene.service.store.group() as group:
        return {
            (one.staff, note.id): note.body
            for one in scene.operators
            for note in human.notes.of(group, one.staff)
        }


def duties(scene: Scene) -> Seen:
    """Who is on shift."""
    rows = DutyRows(scene.service.vault, scene.service.ring)
    with scene.service.store.group() as group:
        return {staff: held.shift.who for staff, held in rows.every(group).items()}


def figures(scene: Scene) -> Seen:
    """How long people waited."""
    counts = scene.operators[0].human.counts
    counts.look()
    return {held.id: repr(held.page.n) for held in counts._rows.values()}  # noqa: SLF001


def tallies(scene: Scene) -> Seen:
    """The counts of the week."""
    with scene.service.store.group() as group:
        held = scene.service.tally._all(group)  # noqa: SLF001
    return {one.id: repr(one.page.n) for one in held}


def anywhere() -> bytes:
    """A place from which nobody tried yet, so that nobody is slowed down here."""
    return secrets.token_bytes(16)


def slips(scene: Scene) -> Seen:
    """The services that words lead to."""
    assert scene.service.slips
    held = scene.service.slips.slips
    found = {words: held.find(words, anywhere(), lambda _: True) for words in scene.slips}
    return {words: one.listing for words, one in found.items() if one.outcome == "good"}


def codes(scene: Scene) -> Seen:
    """The chat that each person's words lead to. They are not used up by it."""
    codes, found = scene.operators[0].human.codes, {}
    for talk in scene.talks:
        with suppress(_NotKeptError), scene.service.store.group() as group:
            led = codes.find(group, talk.words, anywhere())
            if led.chat is not None:
                found[talk.words] = led.chat.id
            raise _NotKeptError
    return found


READERS: Mapping[str, Callable[[Scene], Any]] = {
    "session": sessions,
    "outbox": letters,
    "footprint": footprints,
    "chat": chats,
    "message": messages,
    "wrap": wraps,
    "staff_note": notes,
    "duty": duties,
    "figure": figures,
    "tally": tallies,
    "slip": slips,
    "code": codes,
}
TAKES_AWAY = {"outbox"}
