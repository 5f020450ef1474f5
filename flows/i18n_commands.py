"""The commands for those who translate: `quietline i18n extract|update|status|check`."""
# ruff: noqa: PLC0415  # each command loads only what it needs, so that --help is quick

from typing import TYPE_CHECKING

import typer

from flows.commands import Places, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flows.handed import Handed
    from flows.translating import Sources


def make_app(
    places: Places = Places(),  # noqa: B008  # frozen, as in flows.commands
    packs: "Callable[[], Sequence[Handed] | None]" = lambda: None,
) -> typer.Typer:
    """The commands under `quietline i18n`. `packs` reads the words of the packs when asked."""
    app = typer.Typer(no_args_is_help=True, help="Keep translations in step with the flows.")

    def sources() -> "Sources":
        from flows.translating import Sources

        return Sources(places.library, places.locales, packs())

    @app.command()
    def extract() -> None:
        """Write the templates (.pot) that translation tools begin a language from."""
        from flows.translating import extract as run

        with told():
            written = run(sources())
        typer.echo("\n".join(map(str, written)))

    @app.command()
    def update() -> None:
        """Bring every catalogue in step. Changed sentences keep their translation, as fuzzy."""
        from flows.translating import update as run

        with told():
            changed = run(sources())
        typer.echo("\n".join(map(str, changed)) or "Nothing changed.")

    @app.command()
    def status() -> None:
        """Show how far every catalogue is."""
        from flows.translating import status as run

        with told():
            counts = run(sources())
        heads = ("translated", "fuzzy", "missing", "total")
        typer.echo(f"{'':16}" + "".join(f"{head:>12}" for head in heads))
        for one in counts:
            figures = (one.translated, one.fuzzy, one.missing, one.total)
            cells = "".join(f"{figure:>12}" for figure in figures)
            typer.echo(f"{one.language + ' ' + one.domain:16}{cells}")

    @app.command()
    def check() -> None:
        """Say what is wrong with the catalogues. Ends with 1 when there are errors."""
        from flows.findings import Format, written
        from flows.lint import has_errors
        from flows.translating import check as run

        with told():
            findings = run(sources())
        typer.echo(written(findings, Format.TEXT, {}))
        if has_errors(findings):
            raise typer.Exit(1)

    return app
