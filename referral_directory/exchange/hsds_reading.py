"""One HSDS record while it is read: what a person said for it, and what is to be said of it.

It decides nothing of the listing; it only passes over what is not of the shape that HSDS has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from referral_directory.exchange.hsds_book import Book

Said = tuple[str, str, str]
"""A warning: the field, what is the matter, what helps."""


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What a file does not say and a person says for it."""

    country: str = "UA"
    """Where numbers without a country are dialled, and the area of a service that names none."""
    language: str = "en"
    """In which its texts are."""
    languages: tuple[str, ...] = ()
    """Spoken where the file names no language; left out: the one of its texts."""
    source: str = ""
    """The web page it came from, for services that name none."""

    def written(self) -> dict[str, Any]:
        """As it is kept with a listing."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "ReadAs":
        """As it was kept."""
        known = {key: kept[key] for key in cls.__dataclass_fields__ if key in kept}
        return cls(**known | {"languages": tuple(known.get("languages", ()))})


@dataclass(slots=True)
class Reading:
    """One record while it is read: what was made of it, and what is to be said of it."""

    record: Mapping[str, Any]
    book: Book
    as_: ReadAs
    said: list[Said] = field(default_factory=list)

    def warn(self, where: str, what: str, mend: str = "") -> None:
        """Say something of a field; the record is taken all the same."""
        self.said.append((where, what, mend))

    def text(self, key: str) -> str:
        """A text of the record, without spaces around it; empty when there is none."""
        return plain(self.record.get(key))

    def parts(self, key: str) -> Sequence[Mapping[str, Any]]:
        """A list of the record; what is no record in it is passed over."""
        return parts(self.record, key)


def parts(record: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """A list in a record; what is no record in it is passed over."""
    value = record.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def plain(value: object) -> str:
    """A value as one line of text."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
