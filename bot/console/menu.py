"""The menu: which places there are, who sees them, and the key that leads there.

It decides the order. A place is shown when a page answers there and a role of the person allows it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from bot.console.said import N_
from bot.staff import Act


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the menu."""

    path: str
    label: str
    act: Act | Literal["me"]
    key: str = ""
    """After `g`: goes there."""
    count: str = ""
    """Which figure of `Ledger.counts` stands beside it."""
    part: str = ""
    """Only where the office has this part."""


MENU: Final = (
    (
        N_("People who ask"),
        (
            Place("/desk", N_("The desk"), "desk.work", "s", part="handoff"),
            Place("/desk-hours", N_("Opening hours"), "desk.lead", "b", part="handoff"),
            Place("/desk-surge", N_("When too many come"), "desk.lead", "q", part="handoff"),
            Place("/desk-figures", N_("Figures of the desk"), "desk.lead", "v", part="handoff"),
        ),
    ),
    (
        N_("Directory"),
        (
            Place("/", N_("This week"), "directory.view", "h"),
            Place("/listings", N_("Listings"), "directory.view", "l"),
            Place("/drafts", N_("Drafts"), "directory.view", "d", "drafts_waiting"),
            Place("/due", N_("To be checked"), "directory.check", "w", "due"),
            Place("/tasks", N_("Reports"), "directory.tasks", "r", "tasks"),
            Place("/organizations", N_("Organisations"), "directory.view", "o"),
            Place("/duplicates", N_("Duplicates"), "directory.merge", "u"),
            Place("/translations", N_("Translations"), "directory.review_text", "t"),
            Place("/coverage", N_("Coverage"), "directory.view", "c"),
            Place("/imports", N_("Imports"), "directory.import", "i"),
            Place("/exports", N_("Exports"), "directory.export", "e"),
            Place("/links", N_("Web addresses"), "directory.check", "x"),
            Place("/offline", N_("On paper and offline"), "directory.view", "f"),
        ),
    ),
    (
        N_("Organisation"),
        (
            Place("/people", N_("Accounts"), "staff.manage", "a"),
            Place("/keys", N_("Keys for partners"), "keys.manage", "k"),
            Place("/audit", N_("What staff did"), "audit.read", "y"),
            Place("/reports", N_("Reports without people"), "reports.read", "n", part="reports"),
            Place("/who-may", N_("Who may do what"), "help.read", "m"),
        ),
    ),
    (
        N_("You"),
        (
            Place("/me", N_("Your account"), "me", "p"),
            Place("/help", N_("Keys and help"), "help.read"),
        ),
    ),
)
