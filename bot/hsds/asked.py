"""What a partner asks for, read from the address or from the body of a POST.

It decides what is well asked. What is not is answered with what helps: a filter that is not known
is never passed over, because the answer would hold more than was asked for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

PAGE_SIZE: Final = 50
MOST_A_PAGE: Final = 500
MOST_FULL: Final = 100
"""Fully nested records on one page."""
LONGEST: Final = 200
"""Characters of a search."""
_WHOLE: Final = re.compile(r"[0-9]{1,9}\Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_HALF: Final = re.compile("[\\ud800-\\udfff]")
"""What JSON can write and UTF-8 cannot."""
_PLACE: Final = "Filter by service area on your side: no point on a map is kept here."

Params = Mapping[str, str | int | bool | None]


class BadRequest(Exception):
    """What was asked cannot be answered. `field`: where; `mend`: what helps."""

    def __init__(self, field: str, said: str, mend: str = "") -> None:
        super().__init__(said)
        self.field, self.said, self.mend = field, said, mend


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. What was left out is as here."""

    search: tuple[str, ...] = field(default=(), repr=False)
    """Folded words; all of them must be found."""
    page: int = 1
    per_page: int | None = None
    format: Literal["json", "ndjson"] = "json"
    taxonomy_term_id: str | None = None
    taxonomy_id: str | None = None
    organization_id: str | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    top_only: bool = False
    parent_id: str | None = None

    @property
    def size(self) -> int:
        """Records on a page."""
        return self.per_page or PAGE_SIZE


def read(params: Params, known: frozenset[str]) -> Asked:
    """The question of some parameters, of which a list has `known`. Raises `BadRequest`."""
    made: dict[str, Any] = {}
    for name, value in params.items():
        if name in {"postcode", "proximity"}:
            raise BadRequest(name, "There is no search by distance here.", _PLACE)
        if name not in known:
            there = ", ".join(sorted(known))
            raise BadRequest(_shown(name), "There is no such filter here.", f"There are: {there}.")
        if value is None or value == "":
            continue
        made[name] = _READ[name](name, value)
    asked = Asked(**made)
    most = MOST_FULL if asked.full else MOST_A_PAGE
    if asked.per_page is not None and asked.per_page > most and not asked.minimal:
        raise BadRequest("per_page", f"A page has at most {most} records.", "Ask for more pages.")
    return asked


def _shown(name: str) -> str:
    """The name of a parameter, short and plain enough to be said back."""
    return re.sub(r"[^A-Za-z0-9_.-]", "?", name)[:40]


def _number(name: str, value: str | int | bool) -> int:  # noqa: FBT001  (JSON has booleans too)
    text = str(value)
    if isinstance(value, bool) or not _WHOLE.match(text) or int(text) < 1:
        raise BadRequest(name, "This is no number from 1 on.", "Write digits, like 1.")
    return int(text)


def _yes(name: str, value: str | int | bool) -> bool:  # noqa: FBT001  (as above)
    text = str(value).lower()
    if text not in {"true", "false"}:
        raise BadRequest(name, "This is neither true nor false.", "Write true or false.")
    return text == "true"


def _text(name: str, value: str | int | bool) -> str:  # noqa: FBT001  (as above)
    if not isinstance(value, str):
        raise BadRequest(name, "This is no text.", "Write it in quotes.")
    if len(value) > LONGEST:
        raise BadRequest(name, f"This has more than {LONGEST} characters.", "Shorten it.")
    if _HALF.search(value):
        raise BadRequest(name, "This holds half a character.", "Send it as UTF-8.")
    return value


def _words(name: str, value: str | int | bool) -> tuple[str, ...]:  # noqa: FBT001  (as above)
    from bot.hsds.catalogue import folded  # noqa: PLC0415  (only a search needs it)

    return tuple(folded(_text(name, value)).split())


def _format(name: str, value: str | int | bool) -> str:  # noqa: FBT001  (as above)
    if value not in {"json", "ndjson"}:
        raise BadRequest(name, "There is no such format.", "There are json and ndjson.")
    return str(value)


def _instant(name: str, value: str | int | bool) -> datetime:  # noqa: FBT001  (as above)
    text = _text(name, value).strip().upper()
    try:
        # A plus in an address is a space when nobody wrote it as %2B.
        made = datetime.fromisoformat(text.replace(" ", "+", 1) if "T" in text else text)
        return (made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        mend = "Write it like 2026-11-01 or 2026-11-01T10:00:00Z."
        raise BadRequest(name, "This is no day or time.", mend) from None


_READ: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "search": _words,
    "page": _number,
    "per_page": _number,
    "format": _format,
    "taxonomy_term_id": _text,
    "taxonomy_id": _text,
    "organization_id": _text,
    "modified_after": _instant,
    "minimal": _yes,
    "full": _yes,
    "full_service": _yes,
    "top_only": _yes,
    "parent_id": _text,
}
