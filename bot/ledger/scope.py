"""Who may see what: areas of a person, and what is not public.

It decides by the actor alone. Out of scope and not there are one answer.
"""

from bot.ledger.held import Held, hidden_of, without_hidden
from bot.ledger.known import Known
from bot.ledger.model import Actor, Content


def may_see(actor: Actor, held: Held, known: Known) -> bool:
    """Whether the record is there for this person."""
    return in_areas(actor, held.content, known) and (actor.restricted or not is_restricted(held))


def in_areas(actor: Actor, content: Content, known: Known) -> bool:
    """Whether a listing lies in the areas that the person keeps."""
    return not actor.areas or not known.around(content["area"]).isdisjoint(actor.areas)


def is_restricted(held: Held) -> bool:
    """Whether the record as it stands is not public."""
    return bool(held.content.get("visibility", "public") != "public")


def is_delicate(held: Held) -> bool:
    """Whether anything of the record is not public, so that a look at it is written down."""
    contents = [held.content, *([held.draft.kept.content] if held.draft else [])]
    return is_restricted(held) or any(hidden_of(one) != ([], None) for one in contents)


def seen(actor: Actor, content: Content) -> Content:
    """The content as this person may see it."""
    return content if actor.restricted else without_hidden(content)
