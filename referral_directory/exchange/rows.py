"""What every reader of this room hands over: rows, each with a listing or what is wrong with it.

Plain frozen values, the same for tables, workbooks and HSDS. They decide nothing; what becomes of
a row is decided in `plan.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Content = Mapping[str, Any]
"""A listing as `ListingShape` writes it in JSON (`exclude_defaults`, by alias)."""
Base = Mapping[str, tuple[int, Content]]
"""What stands: revision and content by id."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in one cell. A row with an error is not taken; a warning is said."""

    row: int
    """As the person sees it: the line of the sheet, with its header as line 1; the place in a
    list of services, from 1; 0 when it is about the file as a whole."""
    column: str
    """The header as it stands in the file, or the field (`phones[1].number`); may be empty."""
    said: str = field(repr=False)
    mend: str = field(default="", repr=False)
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "the file"
        column = f", {self.column}" if self.column else ""
        return f"{place}{column}: {self.said}" + (f" {self.mend}" if self.mend else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One listing as a file has it."""

    number: int
    """As in `Fault.row`."""
    where: str
    """The sheet, table or path it stands in: `Services`, `services.csv`, `services[3]`."""
    content: Content | None = field(repr=False)
    """The whole listing as it would stand afterwards: what the file leaves out is as it stands
    now, for a listing that exists. None when no listing can be made of it."""
    faults: tuple[Fault, ...] = ()
    id: str | None = None
    """Ours, when the file names it or it follows from the file's own id."""
    base_revision: int | None = None
    """The revision that the file was exported from, when it says so."""

    @property
    def rejected(self) -> bool:
        """Whether it cannot be taken."""
        return self.content is None or any(fault.severity == "error" for fault in self.faults)


class Refused(ValueError):
    """A file that is not read at all. `code` says why; neither part repeats what is in it."""

    def __init__(self, code: str, said: str, mend: str = "") -> None:
        super().__init__(said)
        self.code = code
        """`too_large`, `bomb`, `entities`, `links`, `macros`, `paths`, `encoding`, `kind` …"""
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.args[0]}\n    {self.mend}".rstrip()
