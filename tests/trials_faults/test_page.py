"""The page for the night names what the journal says, and nothing that it never says."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_event_that_the_page_names_is_one_that_the_program_tells_of() -> None:
    page = (ROOT / "docs" / "faults.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)} - {"event"}
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    assert len(named) > len(rows)
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", source)] == []
