"""Who may do what: the one table. What is shown on the page "who may" and what is enforced at every
request is this table and no other.

It decides which role may do which act. It must not know anybody, nor which records are in whose
areas: that is the ledger's.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

Act = Literal[
    "directory.view",
    "directory.restricted",
    "directory.edit",
    "directory.approve",
    "directory.check",
    "directory.suspend",
    "directory.tasks",
    "directory.vet",
    "directory.translate",
    "directory.review_text",
    "directory.merge",
    "directory.import",
    "directory.export",
    "directory.purge",
    "staff.manage",
    "keys.manage",
    "audit.read",
    "help.read",
    "desk.work",
    "desk.lead",
    "reports.read",
]
"""Something that a route needs. A route names exactly one."""

Role = Literal[
    "viewer",
    "editor",
    "approver",
    "vetting_officer",
    "translator",
    "operator",
    "lead",
    "administrator",
    "auditor",
]

ACTS: Final[tuple[Act, ...]] = get_args(Act)
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_LOOK: Final[frozenset[Act]] = frozenset({"directory.view", "help.read"})
_KEEP: Final[frozenset[Act]] = frozenset(
    {"directory.check", "directory.suspend", "directory.tasks"}
)
"""Whoever keeps listings may say that one was checked, and take one down at once."""

MAY: Final[Mapping[Role, frozenset[Act]]] = {
    "viewer": _LOOK,
    "editor": _LOOK
    | _KEEP
    | {"directory.edit", "directory.merge", "directory.import", "directory.export"},
    "approver": _LOOK | _KEEP | {"directory.approve", "directory.review_text", "directory.export"},
    "vetting_officer": _LOOK | _KEEP | {"directory.vet", "directory.edit", "directory.restricted"},
    "translator": _LOOK | {"directory.translate", "directory.review_text"},
    # Whoever is on duty may take a listing down at once; nobody alone may put one up.
    "operator": _LOOK | {"directory.suspend", "directory.tasks", "desk.work"},
    "lead": _LOOK
    | _KEEP
    | {
        *("directory.restricted", "directory.edit", "directory.approve", "directory.review_text"),
        *("directory.merge", "directory.import", "directory.export", "directory.purge"),
        *("audit.read", "desk.work", "desk.lead", "reports.read"),
    },
    # Keeps accounts and keys, and nothing that survivors see.
    "administrator": _LOOK
    | {"staff.manage", "keys.manage", "audit.read", "directory.purge", "reports.read"},
    "auditor": _LOOK | {"audit.read", "reports.read"},
}


def may(roles: Iterable[Role], act: Act) -> bool:
    """Whether somebody with these roles may do that."""
    return any(act in MAY[role] for role in roles)
