"""The commands for those who write flows: `quietline flows lint|draw|test|review|sign|…`.

They read and print; what is right is decided by the rooms they call. The vocabulary and the player
come from the composition root, as functions that are called only by the commands that need them.
"""
# ruff: noqa: PLC0415  # each command loads only what it needs, so that --help is quick

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from authored import Mistakes

if TYPE_CHECKING:
    from flows.catalogue import Phrasebook
    from flows.grammar import Vocabulary
    from flows.players import MakePlayer
    from flows.reader import Library
    from flows.wording.view import Numbers

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files are."""

    library: Path = field(default=_HERE / "library")
    tests: Path = field(default=_HERE / "tests")
    locales: Path = field(default=_HERE.parent / "locales")
    allowed: Path = field(default=_HERE / "wording" / "allow.yaml")
    signoffs: Path = field(default=_HERE / "signoffs.yaml")


@contextmanager
def told() -> Iterator[None]:
    """Mistakes in files are printed, and the command ends with 2."""
    try:
        yield
    except Mistakes as mistakes:
        typer.echo(str(mistakes), err=True)
        raise typer.Exit(2) from None


@dataclass(frozen=True, slots=True)
class Tools:
    """What the commands work with. Nothing in it is made before a command asks for it."""

    vocabulary: "Callable[[], Vocabulary]"
    make_player: "Callable[[], MakePlayer]"
    places: Places
    numbers: "Callable[[], Numbers | None]"
    """The numbers that listings are shown with, digits → countries; None when nobody knows."""
    today: "Callable[[], date]"

    def library(self) -> "Library":
        """The flows. Raises `Mistakes`."""
        from flows.reader import read_library

        return read_library(self.places.library, self.vocabulary())

    def books(self) -> "dict[str, Phrasebook]":
        """The phrasebooks of the languages that are started. Raises `Mistakes`."""
        from flows.catalogue import read_phrasebooks

        return read_phrasebooks(self.places.locales)


def make_app(
    vocabulary: "Callable[[], Vocabulary]",
    make_player: "Callable[[], MakePlayer]",
    places: Places = Places(),
    numbers: "Callable[[], Numbers | None]" = lambda: None,
    today: "Callable[[], date]" = lambda: date.min,
) -> typer.Typer:
    """The commands under `quietline flows`."""
    from flows.lint_command import lint
    from flows.review_command import review, sign

    app = typer.Typer(no_args_is_help=True, help="Write, check, draw and test what the bot says.")

    @app.callback()
    def begin(ctx: typer.Context) -> None:
        ctx.obj = Tools(vocabulary, make_player, places, numbers, today)

    for command in (lint, draw, schema, grep, show, new, review, sign):
        app.command()(command)
    app.command("test")(converse)
    return app


def _tools(ctx: typer.Context) -> Tools:
    tools: Tools = ctx.obj
    return tools


def draw(
    ctx: typer.Context,
    flow: Annotated[str | None, typer.Argument(help="One flow; all when left out.")] = None,
    *,
    svg: Annotated[bool, typer.Option("--svg", help="SVG, by Graphviz.")] = False,
    dot: Annotated[bool, typer.Option("--dot", help="Graphviz text.")] = False,
    text: Annotated[bool, typer.Option("--text", help="An indented outline.")] = False,
) -> None:
    """Draw the flows: Mermaid text, or one of the options."""
    from flows import draw as drawing

    with told():
        script = _tools(ctx).library().script
    if flow is not None and flow not in script.flows:
        unknown("flow", flow, script.flows)
    if not svg:
        how = drawing.dot if dot else drawing.outline if text else drawing.mermaid
        typer.echo(how(script, flow), nl=False)
        return
    try:
        typer.echo(drawing.svg(script, flow), nl=False)
    except drawing.NoDot as fault:
        typer.echo(f"{fault}. Here is the outline:", err=True)
        typer.echo(drawing.outline(script, flow), nl=False)


def converse(
    ctx: typer.Context,
    least: Annotated[
        float, typer.Option("--min", min=0, max=100, help="Least coverage, percent.")
    ] = 0,
    *,
    coverage: Annotated[bool, typer.Option(help="List what is never walked.")] = False,
) -> None:
    """Play the conversations in flows/tests. Ends with 1 when one of them does not hold."""
    from flows.conversations import play, read_conversations
    from flows.coverage import coverage_table

    with told():
        report = play(
            read_conversations(_tools(ctx).places.tests, tuple(_tools(ctx).books())),
            _tools(ctx).library(),
            _tools(ctx).make_player(),
        )
    for failure in report.failures:
        typer.echo(str(failure))
    typer.echo(f"{report.played} conversations, {len(report.failures)} do not hold")
    typer.echo(coverage_table(report.coverage, missed=coverage))
    low = [name for name, one in report.coverage.items() if one.percent() < least]
    if low:
        typer.echo(f"Less than {least:g} % is walked in: {', '.join(low)}")
    if report.failures or low or not report.played:
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of flow files, for editors."""
    import json

    from flows.schema import flow_schema

    typer.echo(json.dumps(flow_schema(), indent=2, ensure_ascii=False))


def grep(
    ctx: typer.Context, words: Annotated[str, typer.Argument(help="What to look for, in any case.")]
) -> None:
    """Find words in all texts, in English and in every language that is started."""
    from flows.contexts import DOMAIN, script_texts

    with told():
        read, phrasebooks = _tools(ctx).library(), _tools(ctx).books()
    found = False
    for text in script_texts(read.script):
        for language, book in phrasebooks.items():
            said = book.own(DOMAIN, text.context, text.english) or ""
            if words.casefold() in said.casefold():
                found = True
                place = read.files[text.flow].mistake(text.path, " ".join(said.split()))
                typer.echo(f"{place} ({language}, {text.context})")
    if not found:
        raise typer.Exit(1)


def show(
    ctx: typer.Context,
    state: Annotated[str, typer.Argument(help="flow/step, or a flow.")],
) -> None:
    """Show a step in every language, with its ways out; or the outline of a flow."""
    from flows import draw as drawing
    from flows.contexts import DOMAIN, step_texts

    with told():
        script, phrasebooks = _tools(ctx).library().script, _tools(ctx).books()
    if state in script.flows:
        typer.echo(drawing.outline(script, state), nl=False)
        return
    if state not in script.steps:
        unknown("flow or step", state, [*script.flows, *script.steps])
    step = script.steps[state]
    typer.echo(f"{step.file}:{step.line}")
    for language, book in phrasebooks.items():
        typer.echo(f"{language}:")
        for text in step_texts(step):
            own = book.own(DOMAIN, text.context, text.english)
            name = text.path[-2] if text.kind == "label" else "say"
            typer.echo(f"  {name}: {' '.join(own.split()) if own else '–'}")
    for arrow in drawing.arrows(step):
        typer.echo(f"→ {arrow.target}" + (f", then {arrow.then}" if arrow.then else ""))


def new(
    ctx: typer.Context,
    flow: Annotated[str, typer.Argument(help="The id: small letters, digits and _.")],
) -> None:
    """Begin a new flow from a small one that works."""
    from flows.naming import NAME, NAME_RULE

    path = _tools(ctx).places.library / f"{flow}.yaml"
    if not NAME.match(flow):
        typer.echo(f"'{flow}' cannot name a flow. {NAME_RULE}", err=True)
        raise typer.Exit(2)
    if path.exists():
        typer.echo(f"{path} is there already.", err=True)
        raise typer.Exit(2)
    path.write_text(_STARTER.format(flow=flow), encoding="utf-8")
    typer.echo(f"{path} is written. Lead a way to {flow}/start, then run: quietline flows lint")


def unknown(kind: str, word: str, known: object) -> None:
    """Say that a word is none of those there are, and end with 2."""
    from authored import did_you_mean

    hint = did_you_mean(word, list(known))  # type: ignore[call-overload]
    typer.echo(f"There is no {kind} '{word}'. {hint}".strip(), err=True)
    raise typer.Exit(2)


_STARTER = """\
format: 1
id: {flow}
title: What this flow is for
entry: start
steps:
  start:
    say: |
      Say here what the person reads. Two short sentences are better than one long one.
    note: What a translator must know.
    max_chars: 320
    choices:
      done: {{label: That is all, go: bye}}
  bye:
    say: Done. What I remembered is gone.
    forgets: true
"""
