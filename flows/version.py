"""The version of a script: a hash over everything that a person could notice, no more.

Notes for translators, titles, the length a prompt may have, and the places in the files are left
out: changing them moves nobody.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from flows.grammar import Script

_UNSEEN = frozenset({"version", "note", "title", "max_chars"})


def version_of(script: Script) -> Script:
    """The script with its version filled in: twelve hex digits of SHA-256."""
    text = json.dumps(_plain(script), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return replace(script, version=hashlib.sha256(text.encode()).hexdigest()[:12])


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        seen = (f.name for f in fields(value) if f.compare and f.name not in _UNSEEN)
        return {name: _plain(getattr(value, name)) for name in seen}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
