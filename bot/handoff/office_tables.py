"""What is asked of the tables of the desk itself, compiled once: shifts, settings, figures.

It decides nothing about them. Whatever is overwritten is named with the version that was read, so
that two writers lose nothing.
"""

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.handoff.tables import compiled, desk_setting, duty, figure

SETTINGS = compiled(select(desk_setting))
MAKE_SETTING = compiled(insert(desk_setting).on_conflict_do_nothing())
"""Values: name, version, body."""
CHANGE_SETTING = compiled(
    update(desk_setting)
    .values(version=bindparam("new"), body=bindparam("other"))
    .where(desk_setting.c.name == bindparam("n"), desk_setting.c.version == bindparam("was"))
)
"""Values: version, body, name, the version that was looked at."""

DUTIES = compiled(select(duty))
LOAD_DUTY = compiled(select(duty).where(duty.c.staff == bindparam("s")))
MAKE_DUTY = compiled(insert(duty).on_conflict_do_nothing())
"""Values: staff, version, epoch, sequence, sealed."""
CHANGE_DUTY = compiled(
    update(duty)
    .values(version=bindparam("new"), epoch=bindparam("day"))
    .values(sequence=bindparam("random"), sealed=bindparam("other"))
    .where(duty.c.staff == bindparam("s"), duty.c.version == bindparam("was"))
)
"""Values: version, epoch, sequence, sealed, staff, the version that was loaded."""
DROP_DUTY = compiled(delete(duty).where(duty.c.staff == bindparam("s")))

FIGURES = compiled(select(figure))
MAKE_FIGURE = compiled(insert(figure).on_conflict_do_nothing())
"""Values: id, epoch, sequence, sealed."""
CHANGE_FIGURE = compiled(
    update(figure)
    .values(epoch=bindparam("day"), sequence=bindparam("new"), sealed=bindparam("other"))
    .where(figure.c.id == bindparam("i"), figure.c.sequence == bindparam("was"))
)
"""Values: epoch, sequence, sealed, id, the sequence that was loaded."""
DROP_FIGURE = compiled(delete(figure).where(figure.c.id == bindparam("i")))
