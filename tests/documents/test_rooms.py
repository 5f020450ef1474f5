"""The pages about rooms name every part that is there, and the first page leads to each room."""

import re

import typer.main

from bot.cli.bench_commands import bench_app
from tests.documents.reading import LINK, ROOT

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


def test_every_document_can_be_come_to_from_the_first_page() -> None:
    found, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in found:
            continue
        found.add(page)
        links = LINK.findall(page.read_text("utf-8"))
        ahead += [to for one in links if (to := (page.parent / one).resolve()).suffix == ".md"]
    assert set((ROOT / "docs").glob("*.md")) - found == set()


def test_the_first_page_names_everything_that_can_be_measured() -> None:
    first = (ROOT / "README.md").read_text("utf-8")
    command = typer.main.get_command(bench_app)
    named = set(re.findall(r"`(?:\./quietline )?bench ([\w-]+)`", first))
    assert named == set(getattr(command, "commands", ()))
