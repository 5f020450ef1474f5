"""Makes rows of the lines of a table: each a whole listing, or what is wrong in which cell.

An empty cell leaves what stands, `-` empties it, a cell that says what stands changes nothing, down
to the last space. Nothing that a cell does not plainly say is put into a listing.
"""

from collections.abc import Iterator, Mapping
from copy import copy, deepcopy
from typing import Any, Final

from pydantic import ValidationError

from referral_directory.codes import INTERNATIONAL
from referral_directory.exchange import cells
from referral_directory.exchange.cells import REMOVE, Unread
from referral_directory.exchange.column_names import TEXTS
from referral_directory.exchange.columns import Column, column, title
from referral_directory.exchange.headers import Headed
from referral_directory.exchange.listing_cells import cells_of
from referral_directory.exchange.reading import Reader
from referral_directory.exchange.rows import Base, Content, Fault, Row, Severity
from referral_directory.exchange.settled_hours import settle_hours
from referral_directory.exchange.tables import Line
from referral_directory.exchange.vocabulary import Vocabulary
from referral_directory.listing import withheld
from referral_directory.pack import ListingShape

_FIRST: Final = ("area", "needs")
"""Read before the rest: the area says whose numbers these are."""


def rows_of(
    headed: Headed, vocabulary: Vocabulary, base: Base, *, country: str, where: str = ""
) -> Iterator[Row]:
    """The rows of a table, over what stands. `country` is meant where no area says another."""
    reader = Reader(vocabulary)
    columns = {i: one for i, one in enumerate(headed.columns) if one is not None}
    places = [i for i, one in columns.items() if one.key in _FIRST]
    places += [i for i in columns if i not in places]
    titles = {one.key: headed.titles[i] for i, one in columns.items()}
    for line in headed.lines:
        filled = {i for i, cell in enumerate(line.cells) if cell}.union(line.formulas)
        told = [(i, columns[i]) for i in places if i in filled]
        yield _Maker(line, titles, reader, base, country).row(told, where)


def country_of(content: Content, otherwise: str) -> str:
    """The country of a listing: `UA`, `INT`, or what is meant where its area names none."""
    for code in content.get("area", ()):
        if code == INTERNATIONAL:
            return str(INTERNATIONAL)
        if code[:2].isupper() and code[2:3] in {"", "-"}:
            return str(code[:2])
    return otherwise


class _Maker:
    """Makes one row."""

    def __init__(
        self, line: Line, titles: Mapping[str, str], reader: Reader, base: Base, country: str
    ) -> None:
        self._line = line
        self._titles = titles
        self._reader = reader
        self._base = base
        self._country = country
        self._faults: list[Fault] = []
        self._content: dict[str, Any] = {}
        self._touched: set[str] = set()
        self._contacts: dict[tuple[str, int], dict[str, Any]] = {}
        self._gone: list[dict[str, Any]] = []

    def row(self, places: list[tuple[int, Column]], where: str) -> Row:
        told = {}
        for i, one in places:
            if i in self._line.formulas:
                said = "This cell is calculated; what it shows is not taken."
                self._fault(one.key, said, "Copy the column and paste its values.")
            elif cell := cells.tidy(self._line.cells[i]):
                told[i] = (one, cell)
        name, revision, delete = self._own(told)
        if name is not None and name not in self._base:
            # A listing of another installation, or one that is gone: the plan decides.
            revision = None
        stands = self._base.get(name) if name is not None else None
        if delete:
            if stands is None:
                self._fault("delete", "There is no such listing.", "Look at its id.")
                return Row(self._line.number, where, None, tuple(self._faults), name)
            content = {**stands[1], "status": "closed"}
            return Row(self._line.number, where, content, tuple(self._faults), name, revision)
        written: Mapping[str, str] = {}
        if stands is not None:
            self._content = dict(deepcopy(stands[1]))
            written = cells_of(stands[1])
            self._name_contacts()
        self._take(told, written)
        content_or_none = self._settled(stands[1] if stands else None, written)
        return Row(self._line.number, where, content_or_none, tuple(self._faults), name, revision)

    def _own(self, told: dict[int, tuple[Column, str]]) -> tuple[str | None, int | None, bool]:
        """What the row says of itself: its id, the revision it came from, whether to delete."""
        name: str | None = None
        revision: int | None = None
        delete = False
        for i, (one, cell) in list(told.items()):
            match one.reads:
                case "id":
                    name = cells.plain(cell)
                case "revision":
                    text = cells.plain(cell)
                    if text.isascii() and text.isdigit():
                        revision = int(text[:9])
                    else:
                        self._fault(one.key, "is not a revision", "Leave it as it was exported.")
                case "delete":
                    try:
                        delete = bool(self._reader.read(one, cell))
                    except Unread as unread:
                        self._fault(one.key, *_words(unread))
                case _:
                    continue
            del told[i]
        return name, revision, delete

    def _name_contacts(self) -> None:
        seen: dict[str, int] = {}
        for contact in self._content.get("contacts", ()):
            seen[contact["kind"]] = seen.get(contact["kind"], 0) + 1
            self._contacts[contact["kind"], seen[contact["kind"]]] = contact

    def _take(self, told: Mapping[int, tuple[Column, str]], written: Mapping[str, str]) -> None:
        for i, (one, cell) in told.items():
            if written.get(one.key) == cell:
                continue
            self._touched.add(one.key)
            try:
                if cell == REMOVE:
                    self._remove(one)
                elif one.reads == "address":
                    self._put_address(one, cell, typed=i in self._line.typed)
                else:
                    self._put(one, self._reader.read(one, cell))
            except Unread as unread:
                self._fault(one.key, *_words(unread))

    def _remove(self, one: Column) -> None:
        if one.contact is not None and not one.path:
            if (contact := self._contacts.get(one.contact)) is not None:
                self._gone.append(contact)
            return
        at: Any = self._contacts.get(one.contact) if one.contact else self._content
        for step in one.path[:-1]:
            at = at.get(step) if at else None
        if at:
            at.pop(one.path[-1], None)

    def _contact(self, which: tuple[str, int]) -> dict[str, Any]:
        if which not in self._contacts:
            contact = self._contacts[which] = {"kind": which[0]}
            self._content.setdefault("contacts", []).append(contact)
        return self._contacts[which]

    def _put(self, one: Column, value: Any) -> None:
        at = self._contact(one.contact) if one.contact else self._content
        if one.reads == "received":
            at["who"] = {**at.get("who", {}), **value}
            return
        for step in one.path[:-1]:
            at = at.setdefault(step, {})
        if not isinstance(value, str):
            # What was read is shared between rows that say the same; nobody may change it there.
            value = deepcopy(value) if one.reads == "closures" else copy(value)
        at[one.path[-1]] = value

    def _put_address(self, one: Column, cell: str, *, typed: bool) -> None:
        if one.contact is None:
            return
        contact = self._contact(one.contact)
        country = contact.get("country") or country_of(self._content, self._country)
        if typed and len(cell) > 6:
            raise Unread(
                "is a number for the spreadsheet: a + or 0 in front is lost",
                "Format the column as text and write the number whole.",
            )
        if typed and len(cell) > 3:
            self._fault(one.key, "If it begins with 0, the 0 is lost.", "", "warning")
        field, value = self._reader.address(one, cell, country)
        for other in ("number", "url", "email"):
            contact.pop(other, None)
        contact[field] = value

    def _settled(self, before: Content | None, written: Mapping[str, str]) -> Content | None:
        """The listing whole and well formed, or None with the faults named."""
        if not self._touched and before is not None:
            return before
        if self._gone:
            kept = [one for one in self._content["contacts"] if not _is_in(one, self._gone)]
            self._content["contacts"] = kept
        for (kind, at), contact in self._contacts.items():
            head = f"{kind}_{at}"
            if not {"number", "url", "email"} & contact.keys() and not _is_in(contact, self._gone):
                if not any(fault.column == self._title(head) for fault in self._faults):
                    self._fault(head, "There is no number or address for what stands beside.")
                return None
            if head in self._touched and f"{head}_shown" not in self._touched:
                contact.pop("shown", None)  # it was how the number before was shown
            settle_hours(contact, f"{head}_hours", self._touched, written, self._fault)
        settle_hours(self._content, "hours", self._touched, written, self._fault)
        try:
            shape = ListingShape.model_validate(self._content)
        except ValidationError as error:
            self._blame(error)
            return None
        if before is None and (reason := withheld(shape)):
            self._fault("", f"Survivors would not see it: {reason}.", "", "warning")
        return shape.model_dump(mode="json", exclude_defaults=True, by_alias=True)

    def _blame(self, error: ValidationError) -> None:
        keys = {id(contact): f"{kind}_{at}" for (kind, at), contact in self._contacts.items()}
        contacts = self._content.get("contacts", [])
        for fault in error.errors(include_url=False, include_input=False):
            loc = fault["loc"]
            head = ""
            if loc[0] == "contacts" and len(loc) > 1 and isinstance(loc[1], int):
                head, loc = keys.get(id(contacts[loc[1]]), ""), loc[2:]
            key = _key(head, tuple(str(step) for step in loc))
            if any(one.column == self._title(key) for one in self._faults):
                continue  # the cell itself could not be read, and it was said why
            if fault["type"] == "missing":
                self._fault(key, "This is missing.", "Add it; every listing has one.")
            elif fault["type"] == "string_pattern_mismatch":
                # A pattern says nothing to whoever keeps a spreadsheet.
                said = "This is not written as it has to be."
                mend = "Write it like help@example.org." if "email" in key else ""
                self._fault(key, said, mend)
            else:
                said = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
                self._fault(key, f"{said[:1].upper()}{said[1:]}.")

    def _title(self, key: str) -> str:
        return self._titles.get(key) or (title(key) if key and column(key) else key)

    def _fault(self, key: str, said: str, mend: str = "", severity: Severity = "error") -> None:
        self._faults.append(Fault(self._line.number, self._title(key), said, mend, severity))


def _words(unread: Unread) -> tuple[str, str]:
    said = str(unread.args[0])
    return (
        f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '?', '!')) else '.'}",
        unread.mend,
    )


def _is_in(contact: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    return any(contact is other for other in others)


def _key(head: str, loc: tuple[str, ...]) -> str:
    """The column of a place in a listing."""
    names = {"names": "name"}
    steps = tuple(names.get(step, step) for step in loc if not step.isdigit())
    if not steps:
        return head
    if steps[0] in {*TEXTS} and len(steps) == 1:
        return f"{steps[0]}_en"
    if steps[:2] == ("hours", "printed"):
        steps = ("hours", *steps[2:])
    if steps[0] in {"number", "url", "email", "kind"}:
        steps = steps[1:]
    key = "_".join((*((head,) if head else ()), *steps))
    while column(key) is None and "_" in key:
        key = key.rpartition("_")[0]
    return key
