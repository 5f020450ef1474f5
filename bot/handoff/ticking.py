"""What the clock brings to chats: words when it is quiet, ends, drops, offers, today's key.

It decides what is due from the chat and the time alone; `due` is pure. So that no silence is longer
than `told_seconds`: who waits is told where they stand, and who is owed an answer is told that it
takes longer and, when it still does not come, gets back in line.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from bot.handoff import moves
from bot.handoff.acting import save
from bot.handoff.lifecycle import after
from bot.handoff.model import ENDED, Chat, DeskRules, Refused
from bot.handoff.offers import offers
from bot.handoff.rows import Unreadable

if TYPE_CHECKING:
    from bot.handoff.passing import Passing

STILL: Final = "still_waiting"
_HOUR: Final = 3_600.0
_AT_ONCE: Final = 64
"""Chats that are changed in one transaction: turns wait for a few milliseconds at most."""


def tick(desk: "Passing", now: float) -> None:
    """One round. What one chat raises keeps no other from its turn."""
    desk.board.look()
    for staff in _absent(desk, now):
        desk.dropped(staff)
    rules = desk.parts.rules
    picture = desk.board.picture
    today = desk.parts.rows.epoch()
    ids = [
        chat.id
        for chat in picture.chats.values()
        if picture.epochs[chat.id] != today or due(chat, now, rules)
    ]
    for start in range(0, len(ids), _AT_ONCE):
        _change(desk, ids[start : start + _AT_ONCE], now)
    _offer(desk, now)
    desk.board.look()


def due(chat: Chat, now: float, rules: DeskRules) -> Chat | None:
    """The chat as the clock makes it; None when nothing is due."""
    if chat.state == "waiting":
        if now - chat.seen >= rules.waiting_hours * _HOUR:
            return moves.end(chat, "abandon", "left", now)
        return moves.still(chat, STILL, now) if now - chat.told_at >= rules.told_seconds else None
    if chat.transfer is not None and _run_out(chat, now, rules):
        return moves.transfer(chat, None)
    if chat.state == "parked":
        if now < chat.parked_until:
            return None
        return moves.requeue(chat, "drop", now, passing=chat.owner)
    if chat.state != "claimed":
        return None
    if chat.owed:
        late = now - chat.owed >= rules.told_seconds
        return moves.park(chat, now, now + rules.told_seconds) if late else None
    quiet = now - max(chat.since, chat.last_in, chat.last_out)
    if not chat.warned:
        return moves.ask_gently(chat, now) if quiet >= rules.quiet_seconds else None
    asked = now - chat.warned
    if quiet >= rules.idle_seconds and asked >= rules.idle_seconds - rules.quiet_seconds:
        return moves.end(chat, "idle", "idle", now)
    return None


def _run_out(chat: Chat, now: float, rules: DeskRules) -> bool:
    step = chat.transfer
    if step is None or step.step == "joined":
        return False
    if step.step == "asking_person":
        return now - step.since >= rules.quiet_seconds
    to_queue = step.to.startswith(moves.QUEUE)
    return now - step.since >= (rules.told_seconds if to_queue else rules.offer_seconds)


def _absent(desk: "Passing", now: float) -> Iterable[str]:
    """Staff who have chats and are not there: their line is gone, or their shift, for too long."""
    shifts, since = desk.parts.shifts, desk.absent
    on, gone = {duty.staff for duty in shifts.on_duty()}, set(shifts.gone())
    staffed = desk.board.picture.staffed.keys()
    for staff in since.keys() - (staffed - on):
        del since[staff]
    return [
        staff
        for staff in staffed
        if staff in gone
        or (staff not in on and now - since.setdefault(staff, now) >= desk.parts.rules.drop_seconds)
    ]


def _change(desk: "Passing", chat_ids: Iterable[bytes], now: float) -> None:
    rows, rules = desk.parts.rows, desk.parts.rules
    with desk.parts.store.group() as group:
        picture = desk.board.follow(group)
        for chat_id in chat_ids:
            known = picture.chats.get(chat_id)
            if known is None:
                continue
            try:
                chat = rows.load(group, chat_id)
            except Unreadable:
                # Its day's key is gone, and we hold it only because we were there. It ends now,
                # and the person is told.
                rows.save(group, known, moves.end(known, "lose", "keys_gone", now))
                continue
            if chat is None or chat.state in ENDED:
                continue
            new = due(chat, now, rules)
            if new is None and picture.epochs[chat_id] != rows.epoch():
                new = replace(chat, state=after(chat.state, "renew"))
            if new is not None:
                save(desk.parts, group, chat, new)


def _offer(desk: "Passing", now: float) -> None:
    board, parts = desk.board, desk.parts
    queue = board.queue()
    if not queue:
        return
    with parts.store.group() as group:
        board.follow(group)
        changes = offers(board.queue(), parts.shifts.on_duty(), board.load, parts.rules, now)
        for change in changes:
            try:
                new = moves.offer(change.chat, change.to, change.until, change.passed_by)
                parts.rows.save(group, change.chat, new)
            except Refused:
                continue
