"""Whoever may not work at the desk any more leaves it at once: chats, shift and keys.

It decides nothing: an administrator did. Without it a shift would go on until its line was gone for
long, the roster would go on naming them, and words would go on being sealed to them.
"""

import contextlib

from bot.console.desk_office import HandoffOffice
from bot.console.frame import Visit
from bot.handoff.model import Refused
from bot.staff import Staff, may


async def leaves_desk(visit: Visit, someone: Staff, *, anyway: bool = False) -> None:
    """Does all that when their roles, as they are now, do not let them work there; `anyway`: in any
    case, for who has to prove anew who they are.
    """
    office: HandoffOffice | None = visit.office.parts.get("handoff")
    if office is None or (not anyway and may(someone.roles, "desk.work")):
        return
    await visit.run(strike, office, someone.id, visit.office.clock())


def strike(office: HandoffOffice, staff: str, now: float) -> None:
    """Does it. Not within a group."""
    office.desk.hand_over_all(staff)
    with contextlib.suppress(Refused):  # not on shift
        office.shifts.end_shift(staff)
    # Somebody may have handed them a chat between the two.
    office.desk.hand_over_all(staff)
    with office.store.group() as group:
        for device in office.keys.devices(group, staff, now):
            office.keys.revoke(group, staff, device.identity.id, now)
