"""The commands for those who translate: `quietline i18n extract|update|status|check`, and more."""
# ruff: noqa: PLC0415  # each command loads only what it needs, so that --help is quick

from datetime import date
from typing import TYPE_CHECKING

import typer

from flows.commands import Places, told
from flows.i18n_more import add_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flows.handed import Handed
    from flows.screen_words import Screens
    from flows.translating import Sources


def make_app(
    places: Places = Places(),  # noqa: B008  # frozen, as in flows.commands
    packs: "Callable[[], Sequence[Handed] | None]" = lambda: None,
    today: "Callable[[], date]" = lambda: date.min,
    screens: "Callable[[], Screens | None]" = lambda: None,
) -> typer.Typer:
    """The commands under `quietline i18n`. `packs` reads the words of the packs when asked.

    `screens` says where the words of the staff console are, which have catalogues of their own.
    """
    app = typer.Typer(no_args_is_help=True, help="Keep translations in step with the flows.")

    def sources() -> "Sources":
        from flows.translating import Sources

        return Sources(places.library, places.locales, packs())

    @app.command()
    def extract() -> None:
        """Write the templates (.pot) that translation tools begin a language from."""
        from flows import screen_words
        from flows.translating import extract as run

        with told():
            written = run(sources()) + (screen_words.extract(where) if (where := screens()) else [])
        typer.echo("\n".join(map(str, written)))

    @app.command()
    def update() -> None:
        """Bring every catalogue in step. Changed sentences keep their translation, as fuzzy."""
        from flows import screen_words
        from flows.translating import update as run

        with told():
            changed = run(sources()) + (screen_words.update(where) if (where := screens()) else [])
        typer.echo("\n".join(map(str, changed)) or "Nothing changed.")

    @app.command()
    def status() -> None:
        """Show how far every catalogue is."""
        from flows import screen_words
        from flows.reviewing import awaiting
        from flows.translating import status as run

        with told():
            counts, unread = run(sources()), awaiting(sources())
            if where := screens():
                counts += screen_words.status(where)
                unread |= screen_words.awaiting(where)
        heads = ("translated", "fuzzy", "missing", "total", "unreviewed")
        typer.echo(f"{'':16}" + "".join(f"{head:>12}" for head in heads))
        for one in counts:
            draft = unread.get((one.language, one.domain), 0)
            figures = (one.translated, one.fuzzy, one.missing, one.total, draft)
            cells = "".join(f"{figure:>12}" for figure in figures)
            typer.echo(f"{one.language + ' ' + one.domain:16}{cells}")
        if any(unread.values()):
            typer.echo("Unreviewed are drafts that no native reviewer has read: i18n review.")

    @app.command()
    def check() -> None:
        """Say what is wrong with the catalogues. Ends with 1 when there are errors."""
        from flows import screen_words
        from flows.findings import Format, written
        from flows.lint import has_errors
        from flows.translating import check as run

        with told():
            findings = run(sources()) + (screen_words.check(where) if (where := screens()) else [])
        typer.echo(written(findings, Format.TEXT, {}))
        if has_errors(findings):
            raise typer.Exit(1)

    add_commands(app, sources, today)
    return app
