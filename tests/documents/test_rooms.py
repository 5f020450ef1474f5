"""The pages about rooms name every part that is there, and the first page leads to each room."""

import re

from tests.documents.reading import ROOT

BOT = ROOT / "bot"


def test_every_file_of_the_service_is_in_its_table_and_nothing_else_is() -> None:
    table = [line for line in (BOT / "README.md").read_text("utf-8").splitlines() if "|" in line]
    named = {name for line in table for name in re.findall(r"`([\w*]+)`", line.split("|")[1])}
    there = {path.stem for path in BOT.glob("*.py") if not path.stem.startswith("__")}
    told = {path for path in there for name in named if re.fullmatch(name.replace("*", ".*"), path)}
    assert there - told == set()
    assert {name for name in named if not list(BOT.glob(f"{name}.py"))} == set()


def test_the_first_page_leads_to_every_room() -> None:
    first = (ROOT / "README.md").read_text("utf-8")
    rooms = [
        path.relative_to(ROOT).as_posix()
        for folder in (ROOT, BOT)
        for path in folder.glob("[!.]*/README.md")
    ]
    assert [room for room in rooms if f"({room})" not in first] == []
