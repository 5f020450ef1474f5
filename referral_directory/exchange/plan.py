"""What an import would do, row by row, before it does anything: the plan is what is committed.

It decides for each row whether it is new, changes something, changes nothing, may be there already,
meets somebody else's change, or is not taken and why. It stores nothing and reads no clock.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

from referral_directory.codes import INTERNATIONAL
from referral_directory.exchange.listing_rows import country_of
from referral_directory.exchange.plans import Like, Plan, PlanItem, names_mark
from referral_directory.exchange.rows import Base, Content, Fault, Row
from referral_directory.insight.duplicates import Base as Others
from referral_directory.insight.duplicates import suspects_of
from referral_directory.insight.likeness import traits
from referral_directory.keeping import changes, three_way

_ID: Final = re.compile(r"([a-z]{2}|intl)-[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the plan is made over: the directory as it stands, as far as this person sees it."""

    base: Base
    """Revision and content by id; revision 0 for a record that was never more than a draft."""
    drafts: Mapping[str, Content] = field(default_factory=dict)
    """What the open drafts say, by id."""
    ancestors: Mapping[str, Content] = field(default_factory=dict)
    """What the rows were made from, by id: the pack as imported before, the revision exported."""
    dismissed: AbstractSet[frozenset[str]] = frozenset()
    """Pairs that somebody decided are not the same."""
    refuses: Callable[[Content], str] = lambda _: ""
    """Why a listing is not taken, whatever it says: of whom it is. Empty for all others."""
    names_ids: bool = True
    """Whether a row may name an id that is not in `base`: not where others may have it."""


def _unseen(done: int) -> None:
    """Nobody looks how far it is."""


def plan(
    rows: Iterable[Row],
    standing: Standing,
    *,
    source: str,
    country: str,
    faults: Iterable[Fault] = (),
    remember: bool = False,
    progress: Callable[[int], None] = _unseen,
) -> Plan:
    """The plan of an import. `country` is whose the rows are that name no area of one.

    `faults` are those of the file as a whole. With `remember` the plan holds what each row said,
    so that the next import from there is compared with it. `progress` is told how many rows are
    done.
    """
    planner = _Planner(standing, country, remember=remember)
    items = []
    for done, row in enumerate(rows, 1):
        items.append(planner.item(row))
        progress(done)
    return Plan(source, tuple(items), tuple(faults), names_mark(standing.base))


class _Planner:
    def __init__(self, standing: Standing, country: str, *, remember: bool) -> None:
        self._standing = standing
        self._remember = remember
        self._country = country
        self._seen: dict[str, int] = {}
        self._made: set[str] = set()
        self._others: Others | None = None

    def item(self, row: Row) -> PlanItem:
        one = PlanItem(
            row=row.number,
            where=row.where,
            action="rejected",
            id=row.id or "",
            content=row.content,
            faults=row.faults,
        )
        if row.rejected or row.content is None:
            return replace(one, content=None)
        if why := self._standing.refuses(row.content):
            return _rejected(one, "", why, "Take the row out.")
        if self._remember:
            one = replace(one, theirs=row.content)
        if row.id is not None and row.id in self._standing.base:
            return self._over(one, row, row.id, row.content)
        return self._new(one, row, row.content)

    def _over(self, one: PlanItem, row: Row, name: str, content: Content) -> PlanItem:
        revision, stands = self._standing.base[name]
        one = replace(one, base_revision=revision)
        if name in self._seen:
            said = f"Row {self._seen[name]} is about the same listing."
            return _rejected(one, "id", said, "Keep one of the two.")
        self._seen[name] = row.number
        if content == stands:
            return replace(one, action="unchanged", content=None)
        drafted = self._standing.drafts.get(name)
        if drafted is not None:
            if drafted == content:
                return replace(one, action="unchanged", content=None)
            return replace(one, action="conflict", changes=_fields(drafted, content), why="draft")
        ancestor = self._standing.ancestors.get(name)
        if ancestor is not None:
            return self._merged(one, ancestor, stands, content)
        if row.base_revision is not None and row.base_revision != revision:
            fields = _fields(stands, content)
            return replace(one, action="conflict", content=stands, changes=fields, why="changed")
        return replace(one, action="update", changes=_fields(stands, content))

    def _merged(
        self, one: PlanItem, ancestor: Content, stands: Content, content: Content
    ) -> PlanItem:
        merge = three_way(ancestor, stands, content)
        one = replace(one, content=merge.content)
        if merge.conflicts:
            return replace(one, action="conflict", changes=merge.conflicts, why="changed")
        if merge.content == stands:
            return replace(one, action="unchanged", content=None)
        return replace(one, action="update", changes=_fields(stands, merge.content))

    def _new(self, one: PlanItem, row: Row, content: Content) -> PlanItem:
        if row.id is not None:
            if not self._standing.names_ids:
                return _rejected(one, "id", "There is no such listing.", "Leave the id empty.")
            if not _ID.match(row.id):
                mend = "Leave the id empty, or write it like ua-name-of-service."
                return _rejected(one, "id", "This is not the id of a listing.", mend)
            if row.id in self._made:
                return _rejected(one, "id", "Another row has the same id.", "Change one.")
        name = row.id or self._free(content)
        self._made.add(name)
        one = replace(one, id=name, action="create", changes=())
        if self._others is None:
            self._others = Others.of(
                {key: stands for key, (_, stands) in self._standing.base.items()}
            )
        its = traits(name, content)
        likes = tuple(
            Like(other, pair.reasons, sure=pair.verdict == "duplicate")
            for pair in suspects_of(its, self._others, self._standing.dismissed)
            for other in (pair.b if pair.a == name else pair.a,)
        )
        self._others.put(its)
        if any(like.sure for like in likes):
            return replace(one, action="duplicate", likes=likes)
        return replace(one, likes=likes)

    def _free(self, content: Content) -> str:
        country = country_of(content, self._country)
        head = "intl" if country == INTERNATIONAL else country.lower()[:2]
        wished = f"{head}-{slug(str(content['names']['en']))}"
        name, count = wished, 1
        while name in self._standing.base or name in self._made:
            count += 1
            name = f"{wished}-{count}"
        return name


def slug(name: str) -> str:
    """A name as part of an id: `Centre for Women` is `centre-for-women`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "listing"


def _fields(before: Content, after: Content) -> tuple[str, ...]:
    return tuple(change.field for change in changes(before, after))


def _rejected(one: PlanItem, column: str, said: str, mend: str) -> PlanItem:
    faults = (*one.faults, Fault(one.row, column, said, mend))
    return replace(one, action="rejected", content=None, faults=faults)
