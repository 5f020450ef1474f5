"""`quietline packages advisories`: asks OSV what is publicly known against each locked version.

    package, version  →  POST /v1/querybatch  →  ids  →  GET /v1/vulns/ID  →  a line for each

Only names and versions of public packages leave the machine. It judges nothing: an advisory may
not touch how we use a package, and that is for a person to decide.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.cli.packages import Locked

AT_ONCE: Final = 500
"""Versions in one question; OSV takes a thousand."""
SECONDS: Final = 20
MOST_BYTES: Final = 16_000_000
MOST_PAGES: Final = 20


class _NoAnswer(Exception):
    """The service cannot be asked. The words say why, and repeat nothing that it said."""


def run_advisories(service: str, locked: tuple[Locked, ...]) -> int:
    """Print what is known. Gives 0 for nothing, 1 for something, 2 when nobody answered."""
    service = service.rstrip("/")
    try:
        found = dict(_found(service, locked))
        lines = [
            f"{one.name} {one.version}  {_said(service, each)}"
            for one, ids in found.items()
            for each in ids
        ]
    except _NoAnswer as error:
        print(f"quietline: {service} gave no answer: {error}", file=sys.stderr)
        print("    Nothing is known of the packages now, neither good nor bad.", file=sys.stderr)
        print(
            "    Where there is a network:  ./quietline packages advisories\n"
            "    Or look for each line of requirements.txt at https://osv.dev in a browser.",
            file=sys.stderr,
        )
        return 2
    for line in lines:
        print(line)
    print(f"{len(locked)} versions asked, {len(lines)} advisories against {len(found)} of them")
    return 1 if lines else 0


def _found(service: str, locked: tuple[Locked, ...]) -> Iterator[tuple[Locked, list[str]]]:
    for start in range(0, len(locked), AT_ONCE):
        group = locked[start : start + AT_ONCE]
        ids: list[list[str]] = [[] for _ in group]
        asked = [(place, {"package": {"purl": one.purl}}) for place, one in enumerate(group)]
        for _ in range(MOST_PAGES):
            if not asked:
                break
            body = {"queries": [query for _, query in asked]}
            answered = _ask(f"{service}/v1/querybatch", body).get("results", [])
            if len(answered) != len(asked):
                raise _NoAnswer("it left questions out")
            asked = list(_taken(asked, answered, ids))
        yield from ((one, names) for one, names in zip(group, ids, strict=True) if names)


def _taken(
    asked: Iterable[tuple[int, dict[str, Any]]],
    answered: Iterable[Mapping[str, Any] | None],
    ids: list[list[str]],
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Puts the answers in their places; gives what has another page."""
    for (place, query), said in zip(asked, answered, strict=True):
        ids[place] += [str(one["id"]) for one in (said or {}).get("vulns", [])]
        if token := (said or {}).get("next_page_token"):
            yield place, {**query, "page_token": token}


def _said(service: str, name: str) -> str:
    """The id, other names of the same, and what it is about in a line."""
    about = _ask(f"{service}/v1/vulns/{urllib.parse.quote(name, safe='')}")
    also = ", ".join(str(one) for one in about.get("aliases", []))
    summary = str(about.get("summary") or about.get("details") or "").partition("\n")[0]
    line = f"{name}{f' ({also})' if also else ''}  {summary[:120]}"
    return "".join(letter if letter.isprintable() else " " for letter in line)


def _ask(url: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    if not url.startswith(("https://", "http://")):
        raise _NoAnswer("its address must begin with https://")
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at above
        url, data, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # nosec B310  # noqa: S310 - as above
            said = json.loads(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        raise _NoAnswer(f"status {error.code}") from None
    except TimeoutError:
        raise _NoAnswer(f"it took longer than {SECONDS} seconds") from None
    except OSError:
        raise _NoAnswer("it cannot be reached from here") from None
    except ValueError:
        raise _NoAnswer("not what OSV answers") from None
    if not isinstance(said, dict):
        raise _NoAnswer("not what OSV answers")
    return said
