"""Who in the deploying organisation confirmed which listing, how and when: a file that only grows.

One JSON object a line in `confirmations.jsonl` of the data directory. A line names the hash of
what the listing said that day; when the listing says something else, the line no longer counts.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, get_args

from authored import Mistake, Mistakes
from referral_directory.codes import How
from referral_directory.country import CountryFile
from referral_directory.model import Confirmation
from referral_directory.pack import ListingShape

FILE: Final = "confirmations.jsonl"
_NOT_SAID: Final = {"notes", "accepted", "priority", "pair", "capacity", "carried"}
"""What is never shown, or changes by the day: a change of it leaves a confirmation standing."""


def content_of(name: str, listing: ListingShape, country: CountryFile) -> str:
    """The hash of what a listing says, with what its country says for it (64 hex digits)."""
    said = listing.model_dump(mode="json", exclude_defaults=True, exclude=_NOT_SAID)
    days_off = [holiday.day for holiday in country.holidays]
    whole = [name, said, country.zone, days_off]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_confirmations(data: Path) -> Mapping[str, Confirmation]:
    """The latest confirmation of each listing; empty when there is no file. Raises `Mistakes`."""
    path = data / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Mistakes([Mistake(str(path), 0, 0, f"cannot be read: {error}")]) from None
    latest: dict[str, Confirmation] = {}
    faults: list[Mistake] = []
    for number, line in enumerate(lines, start=1):
        try:
            confirmation = _read_line(line)
        except (ValueError, KeyError, TypeError):
            mend = "Lines are only added, by 'directory confirm'; put back the line or remove it."
            faults.append(Mistake(str(path), number, 1, "is not a confirmation", mend))
            continue
        latest[confirmation.listing] = confirmation
    if faults:
        raise Mistakes(faults)
    return latest


def add_confirmation(data: Path, confirmation: Confirmation) -> None:
    """Write one more line, on disk when this returns. Raises `OSError`."""
    data.mkdir(parents=True, exist_ok=True)
    line = json.dumps(
        {
            "listing": confirmation.listing,
            "by": confirmation.by,
            "how": confirmation.how,
            "on": confirmation.on.isoformat(),
            "content": confirmation.content,
        },
        ensure_ascii=False,
    )
    handle = os.open(data / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_line(line: str) -> Confirmation:
    told = json.loads(line)
    if told["how"] not in get_args(How) or not all(isinstance(v, str) for v in told.values()):
        raise ValueError
    return Confirmation(
        listing=told["listing"],
        by=told["by"],
        how=told["how"],
        on=date.fromisoformat(told["on"]),
        content=told["content"],
    )
