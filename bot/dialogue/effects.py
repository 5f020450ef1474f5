"""What to do: all that the dialogue may ask of the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do and to come back from, as `Returned`."""

    name: str
    slots: Mapping[str, str]
    language: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase this session now."""


Effect = Errand | Forget
