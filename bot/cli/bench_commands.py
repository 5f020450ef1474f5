"""`quietline bench`: names every measurement and hands over to the file that makes it.

It decides nothing. Each measures on this machine, now, what a room can do.
"""

from typing import Annotated

import typer

bench_app = typer.Typer(help="Measure, on this machine, now.", no_args_is_help=True)


@bench_app.command("turns")
def bench_turns(
    users: Annotated[int, typer.Option(help="People in the conversation.")] = 2000,
    concurrency: Annotated[int, typer.Option(help="People waiting at the same time.")] = 64,
    rate: Annotated[
        float, typer.Option(help="Turns a second to arrive; 0: as fast as they are taken.")
    ] = 0,
    database: Annotated[
        str,
        typer.Option(help="sqlite, postgresql (a server of its own), or a database's address."),
    ] = "sqlite",
    replicas: Annotated[int, typer.Option(help="Processes at once, on PostgreSQL.")] = 1,
    sessions: Annotated[
        str, typer.Option(help="Measure with so many sessions stored: 1000,10000,…")
    ] = "",
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Whole turns on SQLite with full fsync: load, open, hear, step, search, word, seal, commit."""
    from bot.cli.bench import run_bench_turns

    stored = [int(count) for count in sessions.split(",") if count.strip()]
    raise typer.Exit(
        run_bench_turns(
            users,
            concurrency,
            rate,
            as_json=json,
            database=database,
            replicas=replicas,
            sessions=stored,
        )
    )


@bench_app.command("directory")
def bench_directory(
    services: Annotated[int, typer.Option(help="Listings in the index.")] = 100_000,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Searches in a large directory, never the same question twice."""
    from bot.cli.bench import run_bench_directory

    raise typer.Exit(run_bench_directory(services, as_json=json))


@bench_app.command("ledger")
def bench_ledger(
    listings: Annotated[int, typer.Option(help="Listings in the ledger.")] = 100_000,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """From a decision to the next person who asks: an approved edit, a suspension."""
    from bot.cli.bench_ledger import run_bench_ledger

    raise typer.Exit(run_bench_ledger(listings, as_json=json))


@bench_app.command("import")
def bench_import(
    rows: Annotated[int, typer.Option(help="Rows of the workbook.")] = 20_000,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """A workbook of listings: read, planned, and taken into a ledger."""
    from bot.cli.bench_import import run_bench_import

    raise typer.Exit(run_bench_import(rows, as_json=json))


@bench_app.command("api")
def bench_api(
    listings: Annotated[int, typer.Option(min=1, help="Listings that are made up.")] = 100_000,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Pages of the HSDS API with very many listings."""
    from bot.cli.bench_api import run_bench_api

    raise typer.Exit(run_bench_api(listings, as_json=json))


@bench_app.command("understand")
def bench_understand(
    *, json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False
) -> None:
    """Free text, warm, in every language; and how long the lexicons take to be ready."""
    from bot.cli.bench_understand import run_bench_understand

    raise typer.Exit(run_bench_understand(as_json=json))


@bench_app.command("web")
def bench_web(
    *, json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False
) -> None:
    """Telegram updates through the webhook to a durable reply, and idle live pages."""
    from bot.cli.bench_web import run_bench_web

    raise typer.Exit(run_bench_web(as_json=json))


@bench_app.command("handoff")
def bench_handoff(
    chats: Annotated[int, typer.Option(min=1, help="People who talk at once.")] = 200,
    seconds: Annotated[float, typer.Option(min=1, help="How long they talk.")] = 60,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Claims of many at once, a long queue, and answers in many chats, sealed on both sides."""
    from bot.cli.bench_handoff import run_bench_handoff

    raise typer.Exit(run_bench_handoff(chats, seconds, as_json=json))


@bench_app.command("soak")
def bench_soak(
    minutes: Annotated[float, typer.Option(min=0.2, help="How long.")] = 20,
    rate: Annotated[
        float, typer.Option(min=0.5, help="Messages a second; a national line has one.")
    ] = 10,
    database: Annotated[
        str,
        typer.Option(help="sqlite, postgresql (a server of its own), or a database's address."),
    ] = "sqlite",
    replicas: Annotated[int, typer.Option(min=1, help="Processes, on PostgreSQL.")] = 1,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """The real service at ten times what is expected: memory, open files, rows, answers."""
    from bot.cli.bench_soak import run_bench_soak

    raise typer.Exit(run_bench_soak(minutes, rate, database, replicas, as_json=json))
