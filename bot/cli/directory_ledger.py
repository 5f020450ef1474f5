"""`directory waiting|confirm|publish|suspend|verify|restored`: the ledger from the command line.

Each command carries out what the ledger decides and prints it. Whoever is named by `--by` has an
account and the role for it, and two different people are needed here too; who can run commands on
this machine could name anybody, so what the history says of it is the command's word.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# Importing it adds its commands to the same group.
from bot.cli.directory_offline import directory_app
from bot.cli.directory_opened import fail, opened

if TYPE_CHECKING:
    from bot.cli.directory_opened import Opened
    from bot.staff import Act

__all__ = ["directory_app"]

Settings_ = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file of settings.", dir_okay=False)
]
MOST_SHOWN = 500
By = Annotated[str, typer.Option("--by", help="Who does it: the name of an account.")]
Listing = Annotated[str, typer.Argument(help="The id of the listing.")]


@directory_app.command()
def waiting(
    area: Annotated[str, typer.Option(help="Only a country or region, like UA-63.")] = "",
    settings: Settings_ = None,
) -> None:
    """Print which listings are to be called, the longest overdue first, and which wait for a
    second person.
    """
    from bot.ledger.model import ListQuery

    with opened(settings, "") as known:
        ledger, actor = known.kept.ledger, known.actor
        due = ledger.work(actor, when=None, area=area)
        for item in due.items:
            typer.echo(f"{item.row.id:32} {item.row.name} (due {item.row.due_on})")
        new = ledger.find(ListQuery(stage=("draft",), area=area, size=MOST_SHOWN), actor)
        for row in new.rows:
            typer.echo(f"{row.id:32} {row.name}")
        drafts = ledger.drafts(actor)
        for draft in drafts:
            typer.echo(f"{draft.record:32} proposed since {draft.since}")
    typer.echo(f"{due.total} due or overdue for a call, {new.total} never published,")
    typer.echo(f"{len(drafts)} proposed and waiting for a second person.")


@directory_app.command()
def confirm(
    listing: Listing,
    by: By,
    how: Annotated[str, typer.Option(help="call, visit or letter.")],
    part: Annotated[
        list[str], typer.Option("--part", help="Only this part, like hours; may be repeated.")
    ] = [],
    settings: Settings_ = None,
) -> None:
    """Write down that somebody asked the service itself, and propose it for publication."""
    from typing import cast, get_args

    from bot.ledger.model import How
    from referral_directory.keeping import critical, parts

    if how not in get_args(How):
        fail(f"'{how}' is no way of asking", "Say call, visit or letter.")
    with opened(settings, by) as known:
        _may(known, by, "directory.check")
        ledger, actor = known.kept.ledger, known.actor
        record = ledger.record(listing, actor)
        there = tuple(parts(record.content))
        unknown = [one for one in part if one not in there]
        if unknown:
            fail(f"there is no part '{unknown[0]}'", f"There are: {', '.join(there)}")
        done = ledger.check(actor, listing, part or critical(record.content), cast("How", how))
        typer.echo(f"{listing}: {len(done)} parts are confirmed as they stand, by {how}.")
        if not record.row.published and record.draft is None:
            ledger.propose(
                actor, listing, record.content, base=record.revision, version=None, why="checked"
            )
            typer.echo(f"A second person can publish it: directory publish {listing} --by NAME")


@directory_app.command()
def publish(listing: Listing, by: By, settings: Settings_ = None) -> None:
    """Approve what somebody else proposed, as it stands now, and publish it."""
    with opened(settings, by) as known:
        _may(known, by, "directory.approve")
        ledger, actor = known.kept.ledger, known.actor
        draft = ledger.record(listing, actor).draft
        if draft is None:
            fail(f"nothing is proposed for {listing}", "Propose it first: directory confirm.")
        ledger.publish(actor, listing, draft.version, draft.digest)
        typer.echo(f"{listing} is published.")


@directory_app.command()
def suspend(
    listing: Annotated[list[str], typer.Argument(help="The ids of the listings.")],
    by: By,
    why: Annotated[str, typer.Option(help="Why, for those who look at it.")],
    settings: Settings_ = None,
) -> None:
    """Take listings away from survivors at once. One person is enough."""
    with opened(settings, by) as known:
        _may(known, by, "directory.suspend")
        count = known.kept.ledger.suspend(known.actor, listing, why=why)
        typer.echo(f"suspended: {count}")


@directory_app.command()
def verify(settings: Settings_ = None) -> None:
    """Hold everything in the ledger against its history and its signatures. Fails on a fault."""
    with opened(settings, "", seeded=False) as known:
        faults = known.kept.ledger.verify_history()
    for fault in faults:
        typer.echo(f"{fault.where}: {fault.said}", err=True)
    if faults:
        fail(
            f"{len(faults)} things do not follow from the history",
            "Find out who can write there. Put back a backup, then: ./quietline directory restored",
        )
    typer.echo("Everything follows from the history, and what is published is signed by us.")


@directory_app.command()
def restored(settings: Settings_ = None) -> None:
    """Say that a backup of the ledger was put back on purpose, so that it is served again."""
    with opened(settings, "", seeded=False) as known:
        generation = known.kept.ledger.restored()
    typer.echo(f"The ledger is taken as it is, at its change {generation}.")


def _may(known: "Opened", by: str, act: "Act") -> None:
    """Ends the command when the person's roles do not allow it."""
    from bot.staff import may

    if not may(known.kept.book.accounts.named(by).roles, act):
        fail(f"'{by}' may not do that", "See who may: ./quietline staff list")
