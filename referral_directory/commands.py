"""`directory …`: search the packs, list and check them, confirm a listing.

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

app = typer.Typer(
    help="The referral directory: search, list, check, confirm.", no_args_is_help=True
)

Data = Annotated[
    Path,
    typer.Option(
        "--data", envvar="QUIETLINE_DATA", help="The data directory of this installation."
    ),
]
Packs = Annotated[Path | None, typer.Option("--packs", help="Another folder of packs.")]
Country = Annotated[
    list[str], typer.Option("--country", help="A pack, like ua; may be repeated. Left out: all.")
]
HERE = Path("data")


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
    data: Annotated[
        Path | None,
        typer.Option("--confirmed", help="Only what is confirmed in this data directory."),
    ] = None,
) -> None:
    """Print what a person would be given, and why, straight from the packs."""
    from referral_directory import Query, read_confirmations
    from referral_directory.codes import CONSTRAINTS, WHO
    from referral_directory.showing import shown

    directory = _load(packs, country)
    known_places = directory.place_names
    needs = tuple(_need(word, directory) for word in need)
    _known("place", [place] if place else [], known_places)
    _known("who", who, WHO)
    _known("constraint", constraint, CONSTRAINTS)
    instant = _instant(at, directory, place)
    confirmed = read_confirmations(data) if data else None
    live = directory.serving(confirmed)
    query = Query(
        needs=needs,
        place=place,
        languages=tuple(lang),
        who=frozenset(who),
        hours_since=(hours_since, None) if hours_since is not None else None,
        constraints=frozenset(constraint),
    )
    if confirmed is None:
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
def check(country: Country = [], packs: Packs = None) -> None:
    """Read the packs; print every mistake and every doubt, with its place. Fails on a mistake."""
    from referral_directory.checking import counts, warnings

    directory = _load(packs, country)
    for warning in warnings(directory, datetime.now(UTC).date()):
        typer.echo(f"warning: {warning}")
    typer.echo(", ".join(f"{number} {what}" for what, number in counts(directory).items()))


@app.command()
def confirm(
    listing: Annotated[str, typer.Argument(help="The id of the listing.")],
    by: Annotated[str, typer.Option(help="Who confirms it.")],
    how: Annotated[str, typer.Option(help="call, visit or letter.")],
    data: Data = HERE,
    country: Country = [],
    packs: Packs = None,
) -> None:
    """Write down that a listing was confirmed as it stands today."""
    from typing import cast, get_args

    from referral_directory import Confirmation, add_confirmation
    from referral_directory.codes import How
    from referral_directory.listing import withheld

    directory = _load(packs, country)
    _known("listing", [listing], directory.entries)
    _known("how", [how], get_args(How))
    if not by.strip():
        _fail("--by is empty", "Say who confirmed it.")
    reason = withheld(directory.entries[listing].written)
    if reason is not None:
        _fail(f"{listing} is not served whoever confirms it: {reason}", "Mend the pack first.")
    today = datetime.now().astimezone().date()
    told = Confirmation(listing, by.strip(), cast(How, how), today, directory.content(listing))
    try:
        add_confirmation(data, told)
    except OSError as error:
        _fail(f"{data} cannot be written: {error.strerror}", "Name another with --data.")
    typer.echo(f"{listing} is confirmed as it stands, by {how}, on {today}.")


@app.command()
def waiting(data: Data = HERE, country: Country = [], packs: Packs = None) -> None:
    """Print the listings that wait for someone to confirm them."""
    from referral_directory import read_confirmations

    directory = _load(packs, country)
    confirmed = read_confirmations(data)
    names = directory.waiting(confirmed)
    for name in names:
        changed = " (changed since it was confirmed)" if name in confirmed else ""
        typer.echo(f"{name:28} {directory.entries[name].written.names['en']}{changed}")
    typer.echo(f"{len(names)} wait.")


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
