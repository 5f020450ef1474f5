"""The key service and those who ask it.

This room knows keys, days and who may ask. It knows nothing of sessions, tables or words.
"""

from bot.keys.remote_ring import RemoteRing
from bot.keys.remote_signing import RemoteSigning

__all__ = ["RemoteRing", "RemoteSigning"]
