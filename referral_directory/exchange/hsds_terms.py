"""What the directory distinguishes, as HSDS taxonomies: needs, people, conditions.

It decides what a term is called and which term somebody else's word means. A need that is shown
only where the organisation decided so is no term here: its parent stands for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from referral_directory.exchange.hsds_ids import uuid_of
from referral_directory.exchange.rows import Content
from referral_directory.model import Need

VERSION: Final = "1"
_TAXONOMIES: Final = {
    "needs": ("Needs of survivors", "What a person can look for."),
    "people": ("People", "Whom a service receives, welcomes or is meant for."),
    "conditions": ("Conditions", "What it takes, or does not take, to be helped."),
}
PEOPLE: Final = {
    "woman": "women",
    "man": "men",
    "other_gender": "people of another gender",
    "adult": "adults",
    "under18": "people under 18",
    "captivity": "people who were in captivity",
    "disability": "people with a disability",
    "displaced": "displaced people",
    "family": "families",
    "military": "military people and veterans",
}
"""`lgbtqi` is not among them, as the need `lgbt` is not: where it is no label for the public, it
is none for partners either."""
CONDITIONS: Final = {
    "anonymous": "No name is asked for",
    "no_id": "No identity papers are asked for",
    "walk_in": "No appointment is needed",
    "accessible": "Accessible with a disability",
}
_CODES: Final = {"people": PEOPLE, "conditions": CONDITIONS}


@dataclass(frozen=True)
class Terms:
    """All terms, made once from the needs of the taxonomy."""

    needs: Mapping[str, Need] = field(repr=False)

    @cached_property
    def taxonomies(self) -> tuple[Mapping[str, Any], ...]:
        """The three of them, as HSDS."""
        return tuple(
            {"id": uuid_of("taxonomy", code), "name": name, "description": said, "version": VERSION}
            for code, (name, said) in _TAXONOMIES.items()
        )

    @cached_property
    def all(self) -> Mapping[str, Mapping[str, Any]]:
        """Every term by its id, needs first, each after its parent."""
        return {term["id"]: term for term in self._each()}

    def term(self, taxonomy: str, code: str) -> Mapping[str, Any]:
        """One term. Raises `KeyError` for a code that is none, or none for the public."""
        return self.all[term_id(taxonomy, code)]

    def public_need(self, code: str) -> str | None:
        """The code under which a need is told: its own or its parent's; None when neither is."""
        while code and (code not in self.needs or self.needs[code].restricted):
            code = code.rpartition(".")[0]
        return code or None

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of each term and of those below it."""
        found: dict[str, list[str]] = {name: [name] for name in self.all}
        for name, term in self.all.items():
            if "parent_id" in term:
                found[term["parent_id"]].append(name)
        return {name: tuple(names) for name, names in found.items()}

    def need_of(self, term: Mapping[str, Any]) -> str | None:
        """Which of our needs somebody's term means: by its id, code or name; None when none."""
        return self._words.get(str(term.get("id", ""))) or next(
            (
                self._words[word]
                for key in ("code", "name")
                if (word := _word(term.get(key))) in self._words
            ),
            None,
        )

    @cached_property
    def _words(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for code, need in self.needs.items():
            for word in (term_id("needs", code), code, *map(_word, need.names.values())):
                found.setdefault(word, code)
        return found

    def _each(self) -> Iterator[Mapping[str, Any]]:
        for code, need in self.needs.items():
            if not need.restricted:
                yield self._made("needs", code, need.names["en"])
        for taxonomy, names in _CODES.items():
            for code, name in names.items():
                yield self._made(taxonomy, code, name[0].upper() + name[1:])

    def _made(self, taxonomy: str, code: str, name: str) -> Mapping[str, Any]:
        detail = next(one for one in self.taxonomies if one["id"] == uuid_of("taxonomy", taxonomy))
        above = self.public_need(code.rpartition(".")[0]) if taxonomy == "needs" else None
        return {
            "id": term_id(taxonomy, code),
            "code": code,
            "name": name,
            "description": f"{detail['name']}: {name}",
            **({"parent_id": term_id(taxonomy, above)} if above else {}),
            "taxonomy": detail["name"],
            "taxonomy_detail": detail,
            "language": "en",
        }


def told(content: Content, terms: Terms) -> Iterator[tuple[str, str, str, str]]:
    """What a listing says in terms: taxonomy, code, how it is linked, and yes or no.

    What is unknown is not told.
    """
    needs = (terms.public_need(code) for code in content["needs"])
    for code in dict.fromkeys(code for code in needs if code):
        yield "needs", code, "need", "yes"
    for code, value in (content.get("who") or {}).items():
        if code in PEOPLE and value != "unknown":
            yield "people", code, "eligibility", value
    for link in ("only", "welcomes"):
        for code in content.get(link) or ():
            if code in PEOPLE:
                yield "people", code, link, "yes"
    for code in CONDITIONS:
        if (value := content.get(code, "unknown")) != "unknown":
            yield "conditions", code, "condition", value


@lru_cache(maxsize=1024)
def term_id(taxonomy: str, code: str) -> str:
    """The id of a term of ours."""
    return uuid_of("term", taxonomy, code)


def _word(value: object) -> str:
    return " ".join(str(value or "").split()).casefold()
