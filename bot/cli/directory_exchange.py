"""`directory import`, `export`, `imports`, `undo`: tables, HSDS and packs, in and out.

It carries out what `referral_directory.exchange` plans and the ledger takes, shows how far it is,
and prints what was decided. What is said of a file goes to the terminal and nowhere else.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.directory_opened import fail, opened, progress
from referral_directory.commands import app as directory_app

if TYPE_CHECKING:
    from referral_directory import Directory
    from referral_directory.exchange.files import Brought
    from referral_directory.exchange.plans import Plan

__all__ = ["directory_app"]

SHOWN = 25
"""Remarks that are printed; all of them are in the workbook of `--errors`."""
WORDS = {
    "create": "new",
    "update": "changed",
    "unchanged": "as they are",
    "duplicate": "may be there already",
    "conflict": "changed here since",
    "rejected": "not taken",
    "left_out": "left out",
}

Settings_ = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file of settings.", dir_okay=False)
]
Rows = Annotated[str, typer.Option(help="Rows, like 4,7.")]


@directory_app.command("import")
def import_(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV, XLSX or HSDS file, or the folder of a package.")
    ] = None,
    pack: Annotated[str, typer.Option(help="A country pack instead of a file, like ua.")] = "",
    country: Annotated[str, typer.Option(help="Of rows that name no area.")] = "UA",
    lang: Annotated[str, typer.Option(help="The language of the texts of an HSDS file.")] = "en",
    mapped: Annotated[
        list[str], typer.Option("--map", help="A column, like “Телефон=phone_1” or “X=ignore”.")
    ] = [],
    encoding: Annotated[str | None, typer.Option(help="Of a CSV file that is not UTF-8.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook with several.")] = None,
    errors: Annotated[
        Path | None, typer.Option(help="Write the rows with all remarks to this XLSX file.")
    ] = None,
    by: Annotated[str, typer.Option(help="The member of staff whose proposals these are.")] = "",
    as_new: Rows = "",
    keep_ours: Rows = "",
    leave_out: Rows = "",
    settings: Settings_ = None,
    *,
    leave_out_faulty: Annotated[
        bool, typer.Option("--leave-out-faulty", help="Take the other rows without them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Only show the plan.")] = False,
) -> None:
    """Take in listings as proposals: shown as a plan first, taken whole or not at all.

    Nothing is published by it. --as-new: rows that are not what they look like; --keep-ours: what
    stands here stays where both changed; --leave-out: rows to pass over.
    """
    import gc
    from dataclasses import replace

    from referral_directory.exchange.files import Wanted, bring, bring_pack, revisions_named
    from referral_directory.exchange.plan import plan as make_plan
    from referral_directory.exchange.plans import UNDECIDED, decided
    from referral_directory.exchange.rows import Refused

    if (file is None) == (not pack):
        fail("Name a file, or a country pack with --pack.")
    wanted = Wanted(country, lang, _mapping(mapped), encoding, sheet)
    # Thousands of rows are held until they are taken: there is nothing to collect on the way.
    gc.disable()
    source = f"pack:{pack}" if pack else str(file and file.name)
    with opened(settings, by) as here:
        imports, actor, directory = here.imports, here.actor, here.directory
        standing = imports.standing(actor, source)
        try:
            if file is None:
                brought = _pack(directory, pack, bring_pack(directory, pack))
            else:
                brought = bring(_read(file), file.name, directory, standing.base, wanted)
        except Refused as refused:
            fail(str(refused))
        typer.echo(f"{brought.said}: {brought.total} rows")
        if past := revisions_named(brought, standing.base):
            standing = replace(standing, ancestors=imports.as_of(past))
        with progress("Planning", brought.total) as on:
            plan = make_plan(
                brought.rows,
                standing,
                source=source,
                country=country,
                faults=brought.faults,
                remember=bool(pack),
                progress=on,
            )
        out = set(_numbers(leave_out))
        if leave_out_faulty:
            new, ours = set(_numbers(as_new)), set(_numbers(keep_ours))
            out |= {i.row for i in plan.items if i.action in UNDECIDED} - new - ours
        plan = decided(plan, as_new=_numbers(as_new), keep_ours=_numbers(keep_ours), leave_out=out)
        _show(plan)
        if errors is not None:
            _write_errors(errors, plan, brought)
        if plan_only:
            return
        if not plan.ready:
            if plan.blocked or plan.faults:
                fail("Nothing was taken.", _MEND)
            typer.echo("Nothing to take: it says what stands.")
            return
        if not yes and not typer.confirm("Take all of this in as proposals?"):
            typer.echo("Nothing was taken.")
            return
        with progress("Taking in", len(plan.items)) as on:
            batch = imports.commit(actor, plan, progress=on)
    typer.echo(
        f"Taken in as import {batch.id}: {batch.waiting} proposals wait for a second person."
    )
    typer.echo(f"To take it back: ./quietline directory undo {batch.id}")


_MEND = (
    "Mend the rows and bring the file again, or decide with --as-new, --keep-ours, --leave-out, "
    "--leave-out-faulty. With --errors FILE.xlsx the remarks stand beside the cells."
)


@directory_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, hsds or tabular.")] = "xlsx",
    lang: Annotated[
        str, typer.Option(help="Of the headers: en or uk; ar … from the right.")
    ] = "en",
    area: Annotated[str, typer.Option(help="Only what is for this country or region.")] = "",
    separator: Annotated[str, typer.Option(help="Between the columns of a CSV file.")] = ",",
    settings: Settings_ = None,
    *,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Tables with what is not public: for this house.")
    ] = False,
    published: Annotated[
        bool, typer.Option("--published", help="hsds, tabular: only what survivors are shown.")
    ] = False,
) -> None:
    """Write the listings that stand to a file, for partners with --published."""
    from bot.cli.directory_files import is_within, served, standing, written_hsds, written_table
    from referral_directory.exchange.hsds import Book

    if form not in {"csv", "xlsx", "hsds", "tabular"}:
        fail(f"There is no format '{form}'.", "Known: csv, xlsx, hsds, tabular.")
    with opened(settings, "") as here, progress("Writing", 0) as on:
        if form in {"hsds", "tabular"}:
            ledger, book = here.kept.ledger, Book.of(here.directory)
            base = here.imports.standing(here.actor).base
            records = (
                served(ledger, book, ledger.today)
                if published
                else standing(base, ledger, here.actor, book, ledger.today)
            )
            wanted = (one for one in records if is_within(one[1], area))
            data, count = written_hsds(wanted, book, form=form, today=ledger.today, progress=on)
        else:
            data, count = written_table(
                here.imports.standing(here.actor).base,
                here.directory,
                form=form,
                language=lang,
                area=area,
                separator=separator,
                restricted=restricted,
                progress=on,
            )
    try:
        file.write_bytes(data)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
    typer.echo(f"{count} listings are in {file}.")


@directory_app.command()
def imports(settings: Settings_ = None) -> None:
    """Print the files that were taken in, the newest first."""
    with opened(settings, "") as here:
        for one in here.imports.batches(here.actor):
            said = f"{len(one.records)} records, {one.waiting} wait"
            typer.echo(f"{one.id}  {one.state:9} {said:30} {one.source}")


@directory_app.command()
def undo(
    batch: Annotated[str, typer.Argument(help="The import, as `directory imports` names it.")],
    by: Annotated[str, typer.Option(help="Who takes it back.")] = "",
    settings: Settings_ = None,
) -> None:
    """Take an import back: its drafts go; what was published is proposed as it was before."""
    from bot.ledger.model import LedgerError

    with opened(settings, by) as here:
        try:
            outcome = here.imports.undo(here.actor, batch)
        except LedgerError as refused:
            fail(str(refused), refused.mend)
    typer.echo(f"{len(outcome.done)} records are as before, or proposed so.")
    for record, why in outcome.left.items():
        typer.echo(f"- {record}: {why}")


def _pack(directory: "Directory", pack: str, brought: "Brought") -> "Brought":
    from authored import did_you_mean

    if not brought.total:
        names = {Path(entry.file).parent.name for entry in directory.entries.values()}
        fail(f"There is no pack '{pack}'.", did_you_mean(pack, names))
    return brought


def _read(file: Path) -> bytes | Path:
    from referral_directory.exchange.limits import MOST_BYTES

    if file.is_dir():
        return file
    try:
        with file.open("rb") as stream:
            # One byte more than is taken is enough to see that it is too large.
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        return fail(f"{file} cannot be read: {error.strerror}")


def _mapping(given: list[str]) -> dict[str, str]:
    from authored import did_you_mean
    from referral_directory.exchange.column_names import FIXED
    from referral_directory.exchange.headers import IGNORE, key_of

    found = {}
    for one in given:
        header, equals, name = one.rpartition("=")
        key = IGNORE if name.strip() == IGNORE else key_of(name)
        if not equals or not header.strip():
            fail(f"'{one}' maps nothing.", "Like --map “Телефон=phone_1”.")
        if key is None:
            fail(f"There is no column '{name}'.", did_you_mean(name, [*FIXED, "phone_1", "name"]))
        found[header.strip()] = key
    return found


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() for part in parts):
        fail(f"'{text}' is not a list of rows.", "Like 4,7.")
    return [int(part) for part in parts]


def _show(plan: "Plan") -> None:
    from referral_directory.exchange.errors_out import said_of

    counts = plan.counts
    typer.echo(", ".join(f"{counts[one]} {words}" for one, words in WORDS.items() if counts[one]))
    remarks = [str(fault) for fault in plan.faults]
    remarks += [str(fault) for item in plan.items for fault in said_of(item)]
    for remark in remarks[:SHOWN]:
        typer.echo(f"- {remark}")
    if len(remarks) > SHOWN:
        typer.echo(f"… and {len(remarks) - SHOWN} more: see them with --errors FILE.xlsx")
    typer.echo(f"Plan {plan.digest[:12]}")


def _write_errors(path: Path, plan: "Plan", brought: "Brought") -> None:
    from referral_directory.exchange.errors_out import error_workbook

    try:
        path.write_bytes(error_workbook(plan, brought.headed))
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
    typer.echo(f"The rows with the remarks beside the cells are in {path}.")
