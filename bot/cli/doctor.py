"""`quietline doctor`: looks at each part as `serve` would, and says how to mend what is wrong.

It decides nothing: each check is in a file of its family. Exit code 1 when something would stop
the service or breaks a promise; a warning alone gives 0.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from authored import Mistake, Mistakes, did_you_mean
from bot.cli.doctor_machine import LOOKS as OF_MACHINE
from bot.cli.doctor_model import ABOUT, Finding, Look, fail
from bot.cli.doctor_people import LOOKS as OF_PEOPLE
from bot.cli.doctor_people import telegram_online
from bot.cli.doctor_stores import LOOKS as OF_STORES
from bot.cli.faults import explained
from bot.settings import read_settings

LOOKS: dict[str, Look] = {**OF_MACHINE, **OF_STORES, **OF_PEOPLE}


def run_doctor(
    file: Path | None, only: Sequence[str] = (), *, as_json: bool = False, online: bool = False
) -> int:
    """Print a line for each part, or one JSON. Returns 1 when one failed. Raises `Mistakes`."""
    for name in only:
        if name not in ABOUT:
            mend = did_you_mean(name, ABOUT) or f"There are: {', '.join(ABOUT)}"
            raise Mistakes([Mistake("doctor", 0, 0, f"there is no check '{name}'", mend)])
    found = []
    for name, finding in examined(file, only, online=online):
        found.append((name, finding))
        if not as_json:
            print(f"{finding.verdict:<4}  {name:<10}  {finding.said}")
            if finding.mend:
                print(f"{'':18}{finding.mend}")
    if as_json:
        said = [
            {"check": name, "verdict": one.verdict, "said": one.said, "mend": one.mend}
            for name, one in found
        ]
        print(json.dumps(said, indent=1, ensure_ascii=False))
    return 1 if any(one.verdict == "fail" for _, one in found) else 0


def examined(
    file: Path | None, only: Sequence[str] = (), *, online: bool = False
) -> Iterator[tuple[str, Finding]]:
    """Each check that is asked for, in their order, with how it ended."""
    try:
        settings = read_settings(file)
    except ValueError as error:
        said = _lines(error) or [str(error)]
        yield "settings", fail(said[0], " ".join(said[1:]) or "See docs/settings.md")
        return
    looks = LOOKS | ({"telegram": telegram_online} if online else {})
    for name in ABOUT:
        if only and name not in only:
            continue
        try:
            yield name, looks[name](settings)
        except Exception as error:
            lines = _lines(error)
            if lines is None:
                raise
            yield name, fail(lines[0], " ".join(lines[1:]) or str(getattr(error, "mend", "")))


def _lines(error: Exception) -> list[str] | None:
    said = explained(error)
    if said is None:
        return None
    lines = [line.strip() for line in said.splitlines()[1:] if line.strip()]
    return lines or [said]
