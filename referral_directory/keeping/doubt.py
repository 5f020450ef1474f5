"""The doubts there are, each with the one sentence that says it.

The sentences are fixed, so that they can be translated; what they are about stands in `detail`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Code = Literal[
    "unseen",
    "mixed_scripts",
    "look_alike",
    "full_width",
    "other_digits",
    "punycode",
    "user_in_url",
    "bare_address",
    "not_public",
    "shortener",
    "odd_port",
    "not_https",
    "unreadable_url",
    "number",
    "other_country",
    "premium_rate",
    "shown_differs",
    "short_abroad",
    "date_to_come",
    "closure_past",
    "closure_soon",
    "other_language",
]

SAID: Final[Mapping[Code, str]] = {
    "unseen": "It holds a mark that cannot be seen or that turns the direction of reading.",
    "mixed_scripts": "One word mixes letters of different scripts that may look the same.",
    "look_alike": "It is written in letters of another script that look like Latin ones.",
    "full_width": "It holds full-width or styled letters or digits instead of plain ones.",
    "other_digits": "It holds digits other than 0 to 9.",
    "punycode": "The name of the site is written in code (xn--), so what it says is not seen.",
    "user_in_url": "The part before '@' or '\\' is not the site that is opened.",
    "bare_address": "It is a number of a machine, not the name of a site.",
    "not_public": "This name leads to no public site.",
    "shortener": "It is a shortened address: nobody can see where it leads.",
    "odd_port": "It names a port: pages for the public have none.",
    "not_https": "It is not https: what is read there can be changed on the way.",
    "unreadable_url": "It cannot be read as a web address.",
    "number": "The number does not fit the public numbering plan of its country.",
    "other_country": "The number is one of another country than the listing.",
    "premium_rate": "Calling this number costs more than usual and stands on the bill.",
    "shown_differs": "What is shown is another number than what is dialled.",
    "short_abroad": "A short number does not work from abroad.",
    "date_to_come": "This day is still to come.",
    "closure_past": "This closure is over; take it out.",
    "closure_soon": "A closure begins within two weeks.",
    "other_language": "This text does not seem to be in its language.",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something for the approver to look at: where, which kind, and the sentence for it."""

    field: str
    """As in `changes`: `contacts[phone 1].number`, `summary.uk`."""
    code: Code
    said: str
    detail: str = dataclasses.field(default="", repr=False)
    """The mark, word, name or date that it is about; may be empty."""


def doubt(name: str, code: Code, detail: str = "") -> Doubt:
    """A doubt with its sentence."""
    return Doubt(name, code, SAID[code], detail)
