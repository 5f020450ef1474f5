"""The audit: what staff did, in a chain that nobody can change unseen."""

from bot.audit.audit import Audit
from bot.audit.model import NOTICES, Entry, Fault
from bot.audit.verifying import verify

__all__ = ["NOTICES", "Audit", "Entry", "Fault", "verify"]
