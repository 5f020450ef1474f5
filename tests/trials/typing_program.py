"""A program in which commands are typed one after another, so that what each needs is loaded once.
It stands beside a copy of the service, and runs that one. It decides nothing about what is said.
"""

import json
import sys
from dataclasses import asdict

from bot import __file__ as ran
from tests.typed import typed


def main() -> None:
    """Says which service it runs; then answers each line, a list of words, with how that ended."""
    _say({"runs": ran})
    for line in sys.stdin:
        _say(asdict(typed(*json.loads(line))))


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
