"""The command `quietline`: names every command and hands over to the file that does it.

Nothing heavy is imported here, so that help comes at once. It decides nothing but how an error is
shown.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import backup_commands
from bot.cli.doctor_model import ABOUT

app = typer.Typer(
    name="quietline",
    help="A secure guide to services for survivors of conflict-related sexual violence.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
)
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
Settings_ = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file of settings.", dir_okay=False)
]


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 8080,
    data: Annotated[
        Path | None, typer.Option(help="Keep what it stores here; otherwise it goes at the end.")
    ] = None,
    scenario: Annotated[
        str, typer.Option(help="queue: made-up visitors ask for a person, to try the desk alone.")
    ] = "",
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Empty the data folder first.")] = False,
) -> None:
    """Try it: the web page on this machine alone, with every listing, nothing to set up."""
    from bot.cli.serve import run_demo

    raise typer.Exit(run_demo(port, data, fresh=fresh, scenario=scenario))


@app.command()
def serve(settings: Settings_ = None) -> None:
    """Run the service: only listings that your organisation checked and published are shown."""
    from bot.cli.serve import run_serve

    raise typer.Exit(run_serve(settings))


@app.command()
def chat(
    lang: Annotated[str, typer.Option(help="The language to begin in.")] = "en",
    script: Annotated[
        str | None, typer.Option(help="A file with one input a line, or - for standard input.")
    ] = None,
) -> None:
    """Talk to the guide in the terminal. Everything is erased at the end."""
    from bot.cli.chat import run_chat

    raise typer.Exit(run_chat(lang, script))


@app.command(
    epilog="The checks: " + "; ".join(f"{name}: {about}" for name, about in ABOUT.items()) + "."
)
def doctor(
    only: Annotated[
        list[str] | None, typer.Argument(metavar="[CHECK]...", help="Only these checks.")
    ] = None,
    settings: Settings_ = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    online: Annotated[bool, typer.Option("--online", help="Ask Telegram too.")] = False,
) -> None:
    """Look whether the service can run well, and say how to mend what cannot."""
    from bot.cli.doctor import run_doctor

    raise typer.Exit(run_doctor(settings, only or (), as_json=json, online=online))


@app.command()
def init(
    file: Annotated[
        Path, typer.Argument(help="The settings file to write.", dir_okay=False)
    ] = Path("settings.yaml"),
    data: Annotated[str | None, typer.Option(help="Folder for the databases.")] = None,
    language: Annotated[str | None, typer.Option(help="Language when none is named.")] = None,
    countries: Annotated[str | None, typer.Option(help="Country packs, with commas.")] = None,
    public_url: Annotated[str | None, typer.Option(help="Where people open the page.")] = None,
    staff_url: Annotated[str | None, typer.Option(help="Where staff open the console.")] = None,
    telegram_token_file: Annotated[str | None, typer.Option(help="File with the token.")] = None,
    database_file: Annotated[
        str | None, typer.Option(help="File with the address of a PostgreSQL database.")
    ] = None,
    key_service: Annotated[str | None, typer.Option(help="Key services, with commas.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Ask a few questions and write a settings file that only you can read."""
    from bot.cli.init import run_init

    said = {
        "data": data,
        "language": language,
        "countries": countries,
        "public_url": public_url,
        "staff_url": staff_url,
        "telegram_token_file": telegram_token_file,
        "database_file": database_file,
        "key_service": key_service,
    }
    raise typer.Exit(run_init(file, said, yes=yes))


backup_commands.add_to(app)


@app.command()
def emergency(
    folder: Annotated[Path, typer.Argument(help="Where the files go.", file_okay=False)],
    settings: Settings_ = None,
) -> None:
    """Write the emergency page as files for a proxy, so that it needs no running service."""
    from bot.cli.emergency import run_emergency

    raise typer.Exit(run_emergency(folder, settings))


@app.command()
def understand(
    lang: Annotated[str, typer.Option(help="The person's language; all when measuring.")] = "",
    part: Annotated[
        str, typer.Option(help="Sentences to measure on: development, apart or both.")
    ] = "both",
    *,
    measured: Annotated[
        bool, typer.Option("--measure", help="Recall and false alarms on known sentences.")
    ] = False,
    trained: Annotated[
        bool, typer.Option("--train", help="Train the model of each language anew.")
    ] = False,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Without the model, to see what it adds.")
    ] = False,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="With --measure: what development shows to be wrong.")
    ] = False,
) -> None:
    """What is heard in each line of standard input, as JSON; or how well, with --measure."""
    from bot.cli.understand import run_understand

    raise typer.Exit(
        run_understand(
            lang,
            measured=measured,
            trained=trained,
            part=part,
            wrong=wrong,
            rules_only=rules_only,
        )
    )


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run all tests, or those that the arguments name (in pytest's words)."""
    from bot.cli.check import run_tests

    raise typer.Exit(run_tests(context.args))


@app.command(context_settings=PASS_ON)
def check(context: typer.Context) -> None:
    """Run every check of code, flows, words and listings, or those named."""
    from bot.cli.check import run_check

    raise typer.Exit(run_check(context.args))


@app.command()
def mutation(
    what: Annotated[list[str] | None, typer.Argument(metavar="[ROOM|FILE]...")] = None,
    seconds: Annotated[float, typer.Option(help="End after about that long.")] = 3_600,
    report: Annotated[
        Path | None, typer.Option(help="How each fault ended, as JSON.", dir_okay=False)
    ] = None,
    *,
    again: Annotated[bool, typer.Option(help="Only what the report has not as noticed.")] = False,
) -> None:
    """Put small faults into the vault and what lets people in, and see whether tests notice."""
    from bot.cli.mutation import run_mutation

    raise typer.Exit(run_mutation(what or (), seconds, report, again=again))


ROOMS = {
    "directory": (
        "bot.cli.directory_ledger",
        "directory_app",
        "Look for services, confirm and publish them; import and export.",
    ),
    "bench": ("bot.cli.bench_commands", "bench_app", "Measure, on this machine, now."),
    "audit": ("bot.cli.audit", "audit_app", "What staff did, and whether anybody changed it."),
    "flows": ("bot.cli.flows", "flows_app", "Check, draw and play the conversations."),
    "i18n": ("bot.cli.flows", "i18n_app", "Keep translations in step with the flows."),
    "database": ("bot.cli.database", "database_app", "Versions of the tables, and back again."),
    "packages": (
        "bot.cli.packages",
        "packages_app",
        "What the service is made of, and what is known against it.",
    ),
    "keys": ("bot.cli.keys", "keys_app", "The key service, and destroying all keys at once."),
    "staff": ("bot.cli.staff", "staff_app", "Who works at the console, and what they may do."),
    "telegram": ("bot.cli.telegram", "telegram_app", "Where the Telegram bot's updates go."),
    "trials": ("bot.cli.trials", "trials_app", "Try what may happen to it, and write a report."),
}
"""Commands that rooms bring themselves: module, name, help."""


def _add_rooms(asked: str) -> None:
    """Load the room that is asked for, and only name the others: they take their time to load."""
    for name, (module, attribute, about) in ROOMS.items():
        room = _loaded(module, attribute) if name == asked else _named(about)
        app.add_typer(room, name=name, help=about)


def _loaded(module: str, attribute: str) -> typer.Typer:
    room: typer.Typer = getattr(import_module(module), attribute)
    return room


def _named(about: str) -> typer.Typer:
    room = typer.Typer()
    room.callback(help=about)(lambda: None)
    return room


def main() -> None:
    """Run the command line. What a person wrote wrongly is shown with its place and its mend."""
    _add_rooms(sys.argv[1] if len(sys.argv) > 1 else "")
    try:
        app(prog_name="quietline")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from bot.cli.faults import explained

        said = explained(error)
        if said is None:
            raise
        print(said, file=sys.stderr)
        sys.exit(2)
