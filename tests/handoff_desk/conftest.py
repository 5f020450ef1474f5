"""A desk for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handoff_desk.office import Office, an_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


@pytest.fixture
def staffed(office: Office) -> Office:
    office.on_duty("ann", "ben", "eve")
    return office
