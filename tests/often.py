"""How often a property is tried: a fair part in a plain run, all of it in a whole one."""

import os

LEAST = 5


def often(whole: int) -> int:
    """Examples to try: `whole` with `QUIETLINE_SUITE=1`, otherwise a third of them."""
    return whole if os.environ.get("QUIETLINE_SUITE") else max(LEAST, whole // 3)
