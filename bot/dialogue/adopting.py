"""What becomes of a session when the script changed under it: nobody is stranded (law 7).

It decides where a person goes on, and takes away what no flow knows any more. It says nothing.
"""

from msgspec.structs import replace

from bot.dialogue.places import declared, resolve, still_said
from bot.dialogue.session import Session
from flows.grammar import Script


def adopt(script: Script, session: Session) -> tuple[Session, bool]:
    """The session on the present script, and whether the person had to be moved.

    Same id, then `renamed_from`, then the newest checkpoint on the way here, then the start (law
    7).
    """
    if session.script == script.version:
        return session, False
    trail = tuple(found for old in session.trail if (found := resolve(script, old)))
    here = resolve(script, session.position)
    landed = resolve(script, session.landed)
    slots = {name: value for name, value in session.slots.items() if declared(script, name)}
    kept = replace(session, script=script.version, trail=trail, slots=slots)
    if here and landed:
        said = tuple(name for old in session.said if (name := still_said(script, old)))
        return replace(kept, position=here, landed=landed, said=said or here[:1]), False
    while trail and not script.steps[trail[-1][0]].checkpoint:
        trail = trail[:-1]
    there = trail[-1] if trail else (script.start,)
    moved = replace(kept, position=there, landed=there, trail=trail[:-1], said=there[:1])
    return moved, True
