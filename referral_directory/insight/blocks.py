"""Which listings are worth comparing: those that share something rare.

A number, a page, an address, the whole name, a rare word of it, or a place next to each other in
the alphabet; so twenty thousand listings take seconds. It judges nobody.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from referral_directory.insight.likeness import Content, Traits, traits

CROWD: Final = 60
"""What more than this share is no sign by itself; what so many share in one region is."""
_BESIDE: Final = 4
_RARE: Final = 3
"""The rarest words of a name by which it is looked for."""


class Base:
    """Listings, made comparable and found by what they share."""

    def __init__(self) -> None:
        self.traits: dict[str, Traits] = {}
        self._blocks: dict[str, list[str]] = defaultdict(list)
        """By what is shared, and by what is shared in one region."""

    @classmethod
    def of(cls, contents: Mapping[str, Content]) -> "Base":
        """The base of these contents, by id."""
        base = cls()
        for name, content in contents.items():
            base.add(name, content)
        return base

    def add(self, name: str, content: Content) -> None:
        """Add a listing. What is known by an id stays as it was first added."""
        if name not in self.traits:
            self.put(traits(name, content))

    def put(self, one: Traits) -> None:
        """Add a listing whose traits are known."""
        name = one.id
        if name in self.traits:
            return
        self.traits[name] = one
        for key in (*_keys(one), *_words(one)):
            self._blocks[key].append(name)
            for place in _places(one):
                self._blocks[f"{key} @{place}"].append(name)

    def shared(self, key: str) -> int:
        """How many listings have this contact."""
        return len(self._blocks.get(key, ()))

    def near(self, one: Traits) -> set[str]:
        """The listings that share enough with this one to be compared."""
        found: set[str] = set()
        for key in (*_keys(one), *self._rare(one)):
            block = self._blocks.get(key, ())
            if len(block) <= CROWD:
                found.update(block)
                continue
            for place in _places(one):
                small = self._blocks.get(f"{key} @{place}", ())
                found.update(small if len(small) <= CROWD else ())
        found.discard(one.id)
        return found

    def candidates(self) -> Iterator[tuple[str, str]]:
        """Every two listings to compare, once each, `a` before `b`."""
        seen: set[tuple[str, str]] = set()
        for one in self.traits.values():
            for other in self.near(one):
                seen.add((min(one.id, other), max(one.id, other)))
        seen.update(self._neighbours())
        yield from sorted(seen)

    def _rare(self, one: Traits) -> list[str]:
        """The words by which a name is looked for: the rarest of it."""
        known = [(len(block), word) for word in _words(one) if (block := self._blocks.get(word))]
        return [word for _, word in sorted(known)[:_RARE]]

    def _neighbours(self) -> Iterator[tuple[str, str]]:
        """Each with the few that follow it in the alphabet: a slip of the pen stays near."""
        by_language: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for one in self.traits.values():
            for language, said in one.names.items():
                by_language[language].append((said, one.id))
        for listed in by_language.values():
            listed.sort()
            for i, (_, name) in enumerate(listed):
                for _, other in listed[i + 1 : i + 1 + _BESIDE]:
                    if other != name:
                        yield min(name, other), max(name, other)


def _keys(one: Traits) -> Iterator[str]:
    yield from (f"phone {number}" for number in one.phones)
    yield from (f"short {number}" for number in one.shorts)
    yield from (f"email {email}" for email in one.emails)
    yield from (f"page {page}" for page in one.pages)
    yield from (f"domain {domain}" for domain in one.domains)
    if one.address:
        yield f"at {one.address}"
    yield from (f"{language} {' '.join(said)}" for language, said in one.names.items())


def _words(one: Traits) -> set[str]:
    return {
        f"{language}:{word}"
        for language, said in one.names.items()
        for word in said
        if len(word) > 2 and not word.isdecimal()
    }


def _places(one: Traits) -> frozenset[str]:
    return one.regions | one.countries
