"""The real packs, and a short way from a file to its plan."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from referral_directory import Directory, load_packs, packs_in
from referral_directory.exchange.files import Brought, Wanted, bring
from referral_directory.exchange.plan import Standing, plan
from referral_directory.exchange.plans import Plan, PlanItem
from referral_directory.exchange.rows import Base, Content
from tests.exchange.files import GOOD, csv_of

Planned = Callable[..., Plan]
# Needs a spreadsheet program of 300 MB, so it is there for those who ask for it.
collect_ignore = [] if os.environ.get("QUIETLINE_SPREADSHEET") else ["test_libreoffice.py"]


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_packs(countries=packs_in())


@pytest.fixture(scope="session")
def base(directory: Directory) -> Base:
    """What the packs say, as if all of it stood in revision 1."""
    return {
        name: (1, entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True))
        for name, entry in directory.entries.items()
    }


@pytest.fixture
def planned(directory: Directory) -> Planned:
    """Plans a file: its bytes, a text, or rows by header."""

    def make(
        source: bytes | str | list[Mapping[str, str]],
        standing: Standing | None = None,
        **wanted: Any,
    ) -> Plan:
        return planned_of(directory, source, standing or Standing({}), **wanted)[0]

    return make


def planned_of(
    directory: Directory,
    source: bytes | str | list[Mapping[str, str]],
    standing: Standing,
    **wanted: Any,
) -> tuple[Plan, Brought]:
    if isinstance(source, list):
        source = csv_of(source)
    data = source.encode() if isinstance(source, str) else source
    brought = bring(data, "services.csv", directory, standing.base, Wanted(**wanted))
    made = plan(brought.rows, standing, source="services.csv", country="UA", faults=brought.faults)
    return made, brought


@pytest.fixture
def one(planned: Planned) -> Callable[..., PlanItem]:
    """The plan of one good row with some of its cells otherwise."""

    def make(**cells: str) -> PlanItem:
        named = {key.replace("__", " "): value for key, value in cells.items()}
        return planned([GOOD | named]).items[0]

    return make


@pytest.fixture
def content(one: Callable[..., PlanItem]) -> Callable[..., Content]:
    """What such a row says, as a listing; it must be taken."""

    def make(**cells: str) -> Content:
        item = one(**cells)
        assert item.content is not None, [str(fault) for fault in item.faults]
        return item.content

    return make
