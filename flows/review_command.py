"""`quietline flows review|sign`: pages to judge the flows by, and who stands up for them."""
# ruff: noqa: PLC0415  # each command loads only what it needs, so that --help is quick

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands import Tools, told, unknown

if TYPE_CHECKING:
    from flows.signoffs import Role


def review(
    ctx: typer.Context,
    flow: Annotated[str | None, typer.Argument(help="One flow; all when left out.")] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("review"),
) -> None:
    """Write a page for each flow: all languages side by side, findings, room for signatures."""
    from flows.lint_command import everything
    from flows.review import pages, write_pages
    from flows.signoffs import read_signoffs

    tools: Tools = ctx.obj
    with told():
        library, books = tools.library(), tools.books()
        if flow is not None and flow not in library.script.flows:
            unknown("flow", flow, library.script.flows)
        findings, _ = everything(tools)
        given = read_signoffs(tools.places.signoffs)
        made = pages(library, books, tools.places.locales, given, findings, tools.today())
    typer.echo("\n".join(map(str, write_pages(library, made, out, flow))))


def sign(
    ctx: typer.Context,
    flow: Annotated[str, typer.Argument(help="The flow that was read.")],
    role: Annotated[str, typer.Option("--role", help="clinician, lawyer or survivors.")],
    by: Annotated[str, typer.Option("--by", help="The organisation; no name of a person.")],
    languages: Annotated[
        list[str] | None, typer.Option("--lang", help="A language that was read; all if none.")
    ] = None,
) -> None:
    """Write down that an organisation stands up for a flow as it is."""
    from flows.signoffs import ROLES, SignOff, content_of, read_signoffs
    from flows.signoffs import sign as write

    tools: Tools = ctx.obj
    with told():
        library, books = tools.library(), tools.books()
        if flow not in library.script.flows:
            unknown("flow", flow, library.script.flows)
        if role not in ROLES:
            unknown("role", role, ROLES)
        for language in languages or ():
            if language not in books:
                unknown("language", language, books)
        read = sorted(languages or books)
        signed: Role = role  # type: ignore[assignment]  # looked up in ROLES above
        one = SignOff(
            flow=flow,
            role=signed,
            by=by,
            date=tools.today(),
            languages=read,
            content=content_of(library.script, books, flow, read),
        )
        path = tools.places.signoffs
        given = read_signoffs(path)
        write(path, given, one)
    typer.echo(f"{flow}: signed by {by} ({role}) in {', '.join(read)}, until {given.ends(one)}.")
