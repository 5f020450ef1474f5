"""How large a trial is, and by which chance it runs. It decides nothing about what is tried.

A plain run tries each thing a few times; `QUIETLINE_TRIALS=whole` (`./quietline trials run N`)
as often as its criterion says. `QUIETLINE_SEED` runs the same chance again.
"""

import os
import secrets
import sys

WHOLE = os.environ.get("QUIETLINE_TRIALS") == "whole"


def size(few: int, whole: int) -> int:
    """How often something is tried in this run."""
    return whole if WHOLE else few


def seed() -> int:
    """The seed of this run, told so that the same run can be held again."""
    given = os.environ.get("QUIETLINE_SEED", "")
    chosen = int(given) if given else secrets.randbelow(1 << 32)
    sys.stdout.write(f"QUIETLINE_SEED={chosen}\n")
    return chosen
