"""What is asked of the tables of the desk itself, compiled once: shifts, settings, figures.

It decides nothing about them. Whatever is overwritten is named with the version that was read, so
that two writers lose nothing.
"""

from sqlalchemy import bindparam, delete, select, update

from bot.handoff.tables import at_desk, desk_setting, duty, figure, new_at_desk
from bot.storage.statements import statement

SETTINGS = at_desk(select(desk_setting))
MAKE_SETTING = new_at_desk(desk_setting)
"""Values: name, version, body."""
CHANGE_SETTING = at_desk(
    update(desk_setting)
    .values(version=bindparam("new"), body=bindparam("other"))
    .where(desk_setting.c.name == bindparam("n"), desk_setting.c.version == bindparam("was"))
)
"""Values: version, body, name, the version that was looked at."""

DUTIES = at_desk(select(duty))
DUTIES_NOW = statement(select(duty))
"""The same without the desk's place, for who only looks within a turn."""
LOAD_DUTY = at_desk(select(duty).where(duty.c.staff == bindparam("s")))
MAKE_DUTY = new_at_desk(duty)
"""Values: staff, version, epoch, sequence, sealed."""
CHANGE_DUTY = at_desk(
    update(duty)
    .values(version=bindparam("new"), epoch=bindparam("day"))
    .values(sequence=bindparam("random"), sealed=bindparam("other"))
    .where(duty.c.staff == bindparam("s"), duty.c.version == bindparam("was"))
)
"""Values: version, epoch, sequence, sealed, staff, the version that was loaded."""
DROP_DUTY = at_desk(delete(duty).where(duty.c.staff == bindparam("s")))

FIGURES = at_desk(select(figure))
MAKE_FIGURE = new_at_desk(figure)
"""Values: id, epoch, sequence, sealed."""
CHANGE_FIGURE = at_desk(
    update(figure)
    .values(epoch=bindparam("day"), sequence=bindparam("new"), sealed=bindparam("other"))
    .where(figure.c.id == bindparam("i"), figure.c.sequence == bindparam("was"))
)
"""Values: epoch, sequence, sealed, id, the sequence that was loaded."""
DROP_FIGURE = at_desk(delete(figure).where(figure.c.id == bindparam("i")))
