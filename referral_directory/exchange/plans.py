"""A plan as it is kept, shown, decided upon and read again.

A plan is committed by its digest: whatever is decided otherwise makes another plan.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal

from referral_directory.exchange.rows import Content, Fault

Action = Literal["create", "update", "unchanged", "duplicate", "conflict", "rejected", "left_out"]
"""`duplicate`: it may be there already. `conflict`: somebody changed it otherwise meanwhile, or has
a draft open. `left_out`: a person decided so."""
UNDECIDED: Final = frozenset({"duplicate", "conflict", "rejected"})
WRITES: Final = frozenset({"create", "update"})


@dataclass(frozen=True, slots=True)
class Like:
    """A listing, or a new row of the same file, that may be the same one."""

    id: str
    reasons: tuple[str, ...]
    """Codes of `insight.duplicates.REASONS`."""
    sure: bool
    """Nearly sure. What is only maybe the same stops nothing."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """What becomes of one row."""

    row: int
    where: str
    action: Action
    id: str
    """Of the listing; of a new one, the id it will have unless somebody takes it first."""
    content: Content | None = field(repr=False)
    """What would be proposed. Of a conflict, with what stands where the two differ. None when
    nothing is."""
    changes: tuple[str, ...] = ()
    """Fields that would change; of a conflict, those that are in conflict."""
    faults: tuple[Fault, ...] = ()
    base_revision: int = 0
    """What it is made over; 0 for a new listing."""
    likes: tuple[Like, ...] = ()
    why: Literal["", "changed", "draft"] = ""
    """Of a conflict: what stands was changed since, or a draft is open."""
    theirs: Content | None = field(default=None, repr=False)
    """What the file itself said, where the next one is to be compared with it: of a pack."""


@dataclass(frozen=True)
class Plan:
    """All of an import: what is committed, or not at all."""

    # No slots: the digest of thousands of rows takes its time, and is kept.

    source: str
    """Whence it came: the name of the file, or `pack:ua`."""
    items: tuple[PlanItem, ...] = field(repr=False)
    faults: tuple[Fault, ...] = ()
    """Of the file as a whole, like a column that is not known."""
    over: str = ""
    """The mark of the listings that there were: whether a row may be there already was asked of
    these."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it, hex: what is looked at is what is committed."""
        return hashlib.sha256(_written(_told(self)).encode()).hexdigest()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are of each action."""
        return Counter(item.action for item in self.items)

    @property
    def blocked(self) -> tuple[PlanItem, ...]:
        """The rows that must be mended or decided upon before any row is taken."""
        return tuple(item for item in self.items if item.action in UNDECIDED)

    @property
    def ready(self) -> bool:
        """Whether it may be committed: nothing is undecided, and there is something to write."""
        return not (
            self.blocked
            or any(fault.severity == "error" for fault in self.faults)
            or not any(item.action in WRITES for item in self.items)
        )


def decided(
    plan: Plan,
    *,
    as_new: Collection[int] = (),
    keep_ours: Collection[int] = (),
    leave_out: Collection[int] = (),
) -> Plan:
    """The plan with what a person decided, by numbers of rows: another plan, another digest.

    `as_new`: not the same as what it looks like. `keep_ours`: in conflict, what stands stays and
    the rest of the row is taken. `leave_out`: the row is passed over. A row of which none of it
    holds (a rejected one as new, a draft in the way) stays as it is.
    """

    def one(item: PlanItem) -> PlanItem:
        if item.row in leave_out and item.action != "unchanged":
            return replace(item, action="left_out", content=None)
        if item.action == "duplicate" and item.row in as_new:
            return replace(item, action="create")
        if item.action == "conflict" and item.row in keep_ours and item.why == "changed":
            return replace(item, action="update", why="")
        return item

    return replace(plan, items=tuple(one(item) for item in plan.items))


def names_mark(names: Iterable[str]) -> str:
    """The mark of a set of ids: SHA-256, hex."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def plan_json(plan: Plan) -> str:
    """The plan as JSON, with its digest."""
    return _written({**_told(plan), "digest": plan.digest})


def plan_from_json(text: str) -> Plan:
    """The plan that was written so. Raises `ValueError` when it is not as it was written."""
    told = json.loads(text)
    try:
        items = tuple(_item(one) for one in told["items"])
        faults = tuple(Fault(**one) for one in told["faults"])
        plan = Plan(told["source"], items, faults, told["over"])
        digest = told["digest"]
    except (KeyError, TypeError, AttributeError):
        raise ValueError("it is not a plan") from None
    if plan.digest != digest:
        raise ValueError("the plan was changed since it was made")
    return plan


def _item(told: Mapping[str, Any]) -> PlanItem:
    return PlanItem(
        **{
            **told,
            "changes": tuple(told["changes"]),
            "faults": tuple(Fault(**one) for one in told["faults"]),
            "likes": tuple(
                Like(**{**one, "reasons": tuple(one["reasons"])}) for one in told["likes"]
            ),
        }
    )


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "version": 1,
        "source": plan.source,
        "over": plan.over,
        "items": [_item_told(item) for item in plan.items],
        "faults": [asdict(fault) for fault in plan.faults],
    }


def _item_told(item: PlanItem) -> dict[str, Any]:
    return {
        "row": item.row,
        "where": item.where,
        "action": item.action,
        "id": item.id,
        "content": item.content,
        "changes": item.changes,
        "faults": [asdict(fault) for fault in item.faults],
        "base_revision": item.base_revision,
        "likes": [asdict(like) for like in item.likes],
        "why": item.why,
        "theirs": item.theirs,
    }


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
