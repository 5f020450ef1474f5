"""`quietline flows lint`: says what is wrong or unwise in the flows and in every translation.

With files named, only their texts are looked at, whatever other files hold: for authors and
translators at work. What is a fault is decided by `flows.lint` and `flows.wording`.
"""
# ruff: noqa: PLC0415  # each command loads only what it needs, so that --help is quick

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands import Tools, told

if TYPE_CHECKING:
    from authored import Mistake


class Form(StrEnum):
    """The ways to write findings; the same as `flows.findings.Format`."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def lint(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Flow files, ui.yaml or .po files: only their texts.", exists=True),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    flow: Annotated[
        list[str] | None, typer.Option(help="Only findings in this flow; may be repeated.")
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option(help="Only this rule, such as L05; may be repeated.")
    ] = None,
    *,
    errors: Annotated[bool, typer.Option("--errors", help="Only errors.")] = False,
    strict: Annotated[bool, typer.Option(help="Warnings count as errors.")] = False,
) -> None:
    """Say what is wrong or unwise in the flows. Ends with 1 when there are errors."""
    from flows.findings import Format, written
    from flows.lint import has_errors

    tools: Tools = ctx.obj
    with told():
        findings, why = _alone(tools, files) if files else everything(tools)
        # Findings in a catalogue name the context, which begins with the flow.
        wanted = flow or ()
        findings = [
            one
            for one in findings
            if (not rule or one.rule in rule)
            and (not wanted or any(_in_flow(one, name) for name in wanted))
            and not (errors and one.severity != "error")
        ]
    typer.echo(written(findings, Format(form.value), why))
    if has_errors(findings) or (strict and findings):
        raise typer.Exit(1)


def _in_flow(finding: "Mistake", flow: str) -> bool:
    return Path(finding.file).name == f"{flow}.yaml" or f", {flow}." in finding.message


def _alone(tools: Tools, files: list[Path]) -> "tuple[list[Mistake], dict[str, str]]":
    from flows.wording import TEXT_RULES, file_findings

    # Looked for and not read: a library in the making may hold files that cannot be.
    staff = {
        path.stem
        for path in tools.places.library.glob("*.yaml")
        if "staff: true" in path.read_text(encoding="utf-8").splitlines()
    }
    allowed = tools.places.allowed
    found = [one for path in files for one in file_findings(path, allowed, staff)]
    return found, {rule.id: rule.why for rule in TEXT_RULES}


def everything(tools: Tools) -> "tuple[list[Mistake], dict[str, str]]":
    """Every finding of every rule, and the sentence of each rule. Raises `Mistakes`."""
    from authored import read_file
    from flows.lint import RULES
    from flows.lint import lint as run
    from flows.signoffs import read_signoffs
    from flows.signoffs import rule as signed
    from flows.wording import Around, rules
    from flows.wording.allow import read_allowed
    from flows.wording.said import po_places

    """Every finding of every rule, and the sentence of each rule. Raises `Mistakes`."""
    library, books = tools.library(), tools.books()
    ui = tools.places.locales / "ui.yaml"
    around = Around(
        ui=read_file(ui, shown_as=f"{ui.parent.name}/{ui.name}"),
        places=po_places(tools.places.locales, books),
        numbers=tools.numbers(),
        allowed=read_allowed(tools.places.allowed),
    )
    signatures = signed(read_signoffs(tools.places.signoffs), tools.today())
    all_rules = (*RULES, *rules(around), signatures)
    return list(run(library, books, all_rules)), {rule.id: rule.why for rule in all_rules}
