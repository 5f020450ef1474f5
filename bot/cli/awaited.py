"""Waits at a start for what a service cannot be without: its database, its key service.

It decides which faults pass: those of which their own message says that it goes on by itself, and
a key service that does not answer. Whatever a person has to mend ends the start, as ever. A
machine that comes up before its database is thus no reason to look after it.
"""

import sys
import time
from collections.abc import Callable
from typing import Final, TypeVar

from bot.keys.line import Unreached
from bot.storage import StoreError

SECONDS: Final = 2.0
"""Between two tries."""
T = TypeVar("T")


def awaited(make: Callable[[], T], seconds: float = SECONDS) -> T:
    """What `make` gives, tried again until what it needs is there. `make` lets go of all that it
    took when it fails. Says what is missing once, and again when it is something else. Raises what
    does not pass.
    """
    told = ""
    while True:
        try:
            return make()
        except (StoreError, Unreached) as error:
            if isinstance(error, StoreError) and not error.passes:
                raise
            if str(error) != told:
                told = str(error)
                said = f"{told}\nTrying again every {seconds:g} seconds. Ctrl-C ends it."
                print(said, file=sys.stderr, flush=True)
        time.sleep(seconds)
