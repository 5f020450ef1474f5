"""Staff accounts: who works here, what they may do, and how they show who they are."""

from bot.staff.book import StaffBook
from bot.staff.model import (
    ApiKey,
    NotAllowed,
    Session,
    Staff,
    StaffError,
    WeakPassword,
    WrongProof,
)
from bot.staff.roles import ACTS, MAY, ROLES, Act, Role, may
from bot.storage import StoreError

__all__ = [
    "ACTS",
    "MAY",
    "ROLES",
    "Act",
    "ApiKey",
    "NotAllowed",
    "Role",
    "Session",
    "Staff",
    "StaffBook",
    "StaffError",
    "StoreError",
    "WeakPassword",
    "WrongProof",
    "may",
]
