"""`directory …`: search the packs, list and check them.

Each command carries out what the room decides and prints it. Heavy libraries are imported in the
command that needs them, so that `--help` is quick.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from referral_directory import Directory

app = typer.Typer(help="The referral directory: search, list, check, keep.", no_args_is_help=True)

Packs = Annotated[Path | None, typer.Option("--packs", help="Another folder of packs.")]
Country = Annotated[
    list[str], typer.Option("--country", help="A pack, like ua; may be repeated. Left out: all.")
]


@app.command()
def search(
    need: Annotated[
        list[str], typer.Option("--need", help="A need, like medical; may be repeated.")
    ] = [],
    place: Annotated[str | None, typer.Option(help="UA-63, LT, abroad or occupied.")] = None,
    lang: Annotated[list[str], typer.Option(help="A language, like uk; may be repeated.")] = [],
    who: Annotated[
        list[str], typer.Option(help="woman, man, adult, captivity …; may be repeated.")
    ] = [],
    hours_since: Annotated[
        int | None, typer.Option(help="Hours since the event, if it matters.")
    ] = None,
    constraint: Annotated[list[str], typer.Option(help="no_police, anonymous, no_id …")] = [],
    at: Annotated[
        str | None,
        typer.Option(help="When: 2026-11-22 23:10, by the clocks there. Or now."),
    ] = None,
    country: Country = [],
    packs: Packs = None,
) -> None:
    """Print what a person would be given, and why, straight from the packs."""
    from referral_directory import Query
    from referral_directory.codes import CONSTRAINTS, WHO
    from referral_directory.showing import shown

    directory = _load(packs, country)
    known_places = directory.place_names
    needs = tuple(_need(word, directory) for word in need)
    _known("place", [place] if place else [], known_places)
    _known("who", who, WHO)
    _known("constraint", constraint, CONSTRAINTS)
    instant = _instant(at, directory, place)
    live = directory.serving(None)
    query = Query(
        needs=needs,
        place=place,
        languages=tuple(lang),
        who=frozenset(who),
        hours_since=(hours_since, None) if hours_since is not None else None,
        constraints=frozenset(constraint),
    )
    typer.echo("Not confirmed by anyone here: what pages said on the dates given.\n")
    for line in shown(directory, live, query, instant):
        typer.echo(line)


@app.command("list")
def list_(country: Country = [], packs: Packs = None) -> None:
    """Print every listing: whether it may be served, and if not, why."""
    from referral_directory.listing import withheld

    directory = _load(packs, country)
    for name, entry in sorted(directory.entries.items()):
        reason = withheld(entry.written)
        mark = "-" if reason else "+"
        typer.echo(
            f"{mark} {name:28} {entry.written.names['en']}" + (f" ({reason})" if reason else "")
        )


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV, XLSX or HSDS file to look at instead.")
    ] = None,
    country: Country = [],
    packs: Packs = None,
) -> None:
    """Read the packs, or a file; print every mistake and every doubt, with its place.

    Fails on a mistake. A file is held against the packs; nothing is taken in.
    """
    from referral_directory.checking import counts, warnings

    directory = _load(packs, country)
    if file is not None:
        _check_file(file, directory)
        return
    for warning in warnings(directory, datetime.now(UTC).date()):
        typer.echo(f"warning: {warning}")
    typer.echo(", ".join(f"{number} {what}" for what, number in counts(directory).items()))


def _check_file(file: Path, directory: "Directory") -> None:
    from referral_directory.exchange.files import Wanted, bring
    from referral_directory.exchange.rows import Refused

    base = {
        name: (0, entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True))
        for name, entry in directory.entries.items()
    }
    try:
        source = file if file.is_dir() else file.read_bytes()
        brought = bring(source, file.name, directory, base, Wanted())
        faults = [*brought.faults, *(fault for row in brought.rows for fault in row.faults)]
    except OSError as error:
        _fail(f"{file} cannot be read: {error.strerror}", "Look at its name.")
    except Refused as refused:
        _fail(str(refused), "")
    for fault in faults:
        typer.echo(f"{fault.severity}: {fault}")
    typer.echo(f"{brought.said}: {brought.total} rows, {len(faults)} remarks")
    if any(fault.severity == "error" for fault in faults):
        raise typer.Exit(1)


def _load(packs: Path | None, countries: list[str]) -> "Directory":
    from authored import Mistakes
    from referral_directory import PACKS, load_packs, packs_in

    try:
        return load_packs(packs or PACKS, countries or packs_in(packs or PACKS))
    except Mistakes as mistakes:
        typer.echo(str(mistakes), err=True)
        raise typer.Exit(1) from None


def _fail(message: str, mend: str) -> NoReturn:
    typer.echo(f"{message}\n    {mend}".rstrip(), err=True)
    raise typer.Exit(1)


def _known(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    from authored import did_you_mean

    names = list(known)
    for word in given:
        if word not in names:
            _fail(f"there is no {what} '{word}'", did_you_mean(word, names))


def _need(word: str, directory: "Directory") -> str:
    """The code of a need, which may be named by its last word where that means only one."""
    meant = [code for code in directory.needs if code.rpartition(".")[2] == word]
    if word in directory.needs or len(meant) != 1:
        _known("need", [word], directory.needs)
        return word
    typer.echo(f"'{word}' is {meant[0]}.")
    return meant[0]


def _instant(text: str | None, directory: "Directory", place: str | None) -> datetime:
    """When. A time without an offset is what the clocks show in the country of the place."""
    from zoneinfo import ZoneInfo

    if text is None:
        return datetime.now(UTC)
    with suppress(ValueError):
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant
        zone = directory.zone_at(place)
        instant = instant.replace(tzinfo=ZoneInfo(zone))
        typer.echo(f"At {instant:%Y-%m-%d %H:%M %Z} ({zone}).")
        return instant
    return _fail(f"'{text}' is not an instant", "Write it like 2026-11-22 23:10.")
