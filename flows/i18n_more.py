"""More commands for those who translate: `quietline i18n compile|pseudo|review|*-xlsx`."""
# ruff: noqa: PLC0415  # each command loads only what it needs, so that --help is quick

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands import told

if TYPE_CHECKING:
    from flows.translating import Sources

Language = Annotated[str | None, typer.Option("--lang", help="Only this language.")]


def add_commands(
    app: typer.Typer, sources: "Callable[[], Sources]", today: Callable[[], date]
) -> None:
    """Put the commands beside the others."""

    @app.command("compile")
    def compile_(
        out: Annotated[Path | None, typer.Option(help="A folder; beside the .po if none.")] = None,
    ) -> None:
        """Write .mo files, for tools that want them."""
        from flows.compiling import compile_all

        with told():
            written = compile_all(sources(), out)
        typer.echo("\n".join(map(str, written)))

    @app.command("export-xlsx")
    def export_xlsx(file: Path, language: Language = None) -> None:
        """Write a workbook for translators: a sheet a language, with notes and states."""
        from flows.i18n_xlsx import export

        with told():
            rows = export(sources(), file, language)
        typer.echo(f"{file}: {rows} texts")

    @app.command("import-xlsx")
    def import_xlsx(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
        language: Language = None,
    ) -> None:
        """Take translations from such a workbook, all or none."""
        from flows.i18n_xlsx import take

        with told():
            changed = take(sources(), file, language)
        said = [f"{path}: {count} texts changed" for path, count in changed.items()]
        typer.echo("\n".join(said) or "Nothing changed.")

    @app.command()
    def review(
        language: str,
        contexts: Annotated[
            list[str] | None, typer.Argument(help="Contexts, or what they begin with; else all.")
        ] = None,
        by: Annotated[str, typer.Option("--by", help="The organisation that read them.")] = "",
    ) -> None:
        """Mark translations as read by a native reviewer."""
        from flows.reviewing import mark_reviewed

        with told():
            count = mark_reviewed(sources(), language, contexts or (), by, today())
        typer.echo(f"{count} translations are marked as read by {by}.")

    @app.command()
    def pseudo(
        out: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    ) -> None:
        """Write a folder of locales with a made-up language, to see how layouts bear it."""
        from flows.pseudo import make_locales

        if out.exists():
            typer.echo(f"{out} is there already.", err=True)
            raise typer.Exit(2)
        with told():
            typer.echo(str(make_locales(sources(), out)))
