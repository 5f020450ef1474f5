"""A page for each flow, for a clinician, a lawyer and a survivors' group to judge and sign.

All languages stand side by side, with notes, placeholders, the picture, the state of translation
and what the rules found. A page is one file without scripts, fit for paper. It decides nothing
about signing: `flows.signoffs` does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel.messages.catalog import Message
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from authored import Mistake
from flows import draw
from flows.always import ALWAYS
from flows.catalogue import Phrasebook, messages, po_path, read_catalogue
from flows.contexts import DOMAIN, Text, script_texts, step_texts
from flows.grammar import RETURN, Step
from flows.languages import ENGLISH, Language, read_languages
from flows.placeholders import placeholders
from flows.reader import Library
from flows.reviewing import review_of
from flows.signoffs import ROLES, Role, SignOff, SignOffs, content_of

_TITLES: Mapping[Role, tuple[str, str]] = {
    "clinician": ("Clinician", "Windows of time, care, words about the body and about suicide."),
    "lawyer": ("Lawyer", "Law, duties to report, reparations, and what is not promised."),
    "survivors": ("Survivors' group", "Whether it is safe, kind and true, in each language."),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in one language."""

    language: Language
    said: str
    state: str
    """What a reader must know of it; empty when nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text in every language."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as the page shows it."""

    name: str
    note: str
    forgets: bool
    placeholders: tuple[str, ...]
    rows: tuple[Row, ...]
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One flow, ready to be written."""

    flow: str
    title: str
    staff: bool
    version: str
    steps: tuple[StepView, ...]
    languages: tuple[Language, ...]
    findings: tuple[Mistake, ...]
    signed: tuple[SignOff, ...]
    lapsed: tuple[SignOff, ...]
    unread: tuple[str, ...]
    """Languages of which a text was not read by a native reviewer."""
    content: str
    days: int


Entries = Mapping[str, Mapping[str, tuple[Message, str, str]]]
"""Language → context → entry, English, translation: also what is not said, being fuzzy."""


def read_entries(locales: Path) -> Entries:
    """The catalogues of the flows. Raises `Mistakes`."""
    found = {}
    for language in read_languages(locales):
        path = po_path(locales, language, DOMAIN)
        entries = messages(read_catalogue(path)) if path.exists() else ()
        found[language] = {context: (entry, eng, said) for entry, context, eng, said in entries}
    return found


def pages(
    library: Library,
    books: Mapping[str, Phrasebook],
    locales: Path,
    given: SignOffs,
    findings: Sequence[Mistake],
    today: date,
) -> list[Page]:
    """A page for every flow, in their order. Raises `Mistakes`."""
    languages, entries, script = read_languages(locales), read_entries(locales), library.script
    made = []
    for flow in script.flows.values():
        steps = [step for step in script.steps.values() if step.flow == flow.id]
        views = tuple(_view(step, tuple(languages.values()), entries) for step in steps)
        if flow.id == ALWAYS:
            views += _engine_views(library, tuple(languages.values()), entries)
        cells = [cell for view in views for row in view.rows for cell in row.cells]
        holds = [
            (
                one,
                today < given.ends(one)
                and one.content == content_of(script, books, flow.id, one.languages),
            )
            for one in given.given
            if one.flow == flow.id
        ]
        made.append(
            Page(
                flow.id,
                flow.title,
                flow.staff,
                script.version,
                views,
                tuple(languages.values()),
                tuple(f for f in findings if _is_of(f, flow.id, library)),
                tuple(one for one, still in holds if still),
                tuple(one for one, still in holds if not still),
                tuple(dict.fromkeys(cell.language.code for cell in cells if cell.state)),
                content_of(script, books, flow.id, books),
                given.days,
            )
        )
    return made


def _is_of(finding: Mistake, flow: str, library: Library) -> bool:
    return finding.file == library.files[flow].file or f", {flow}." in finding.message


def _engine_views(
    library: Library, languages: Sequence[Language], entries: Entries
) -> tuple[StepView, ...]:
    """The commands and notes, which belong to no step."""
    texts = [text for text in script_texts(library.script) if not text.step]
    views = []
    for title, kinds in (("commands", {"label", "words"}), ("notes", {"note"})):
        rows = tuple(
            Row(".".join(text.context.split(".")[2:]), _cells(text, languages, entries))
            for text in texts
            if text.kind in kinds
        )
        names = _placeholders(text for text in texts if text.kind in kinds)
        views.append(StepView(title, "", forgets=False, placeholders=names, rows=rows, ways=()))
    return tuple(views)


def _view(step: Step, languages: Sequence[Language], entries: Entries) -> StepView:
    texts = list(step_texts(step))
    rows = tuple(
        Row(
            str(text.path[-2]) if text.kind == "label" else "prompt",
            _cells(text, languages, entries),
        )
        for text in texts
    )
    ways = []
    for arrow in draw.arrows(step):
        to = "back to where it was done" if arrow.target == RETURN else arrow.target
        then = f", then {arrow.then}" if arrow.then else ""
        ways.append(f"{arrow.label} → {to}{then}".strip())
    return StepView(step.name, step.note, step.forgets, _placeholders(texts), rows, tuple(ways))


def _placeholders(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(sorted(set[str]().union(*(placeholders(text.english) for text in texts))))


def _cells(text: Text, languages: Sequence[Language], entries: Entries) -> tuple[Cell, ...]:
    return tuple(_cell(text, language, entries[language.code]) for language in languages)


def _cell(text: Text, language: Language, entries: Mapping[str, tuple[Message, str, str]]) -> Cell:
    if language.code == ENGLISH:
        return Cell(language, text.english, "")
    if text.context not in entries:
        return Cell(language, "", "not translated")
    message, english, said = entries[text.context]
    if not said:
        return Cell(language, "", "not translated")
    if message.fuzzy or english != text.english:
        return Cell(language, said, "to be looked at again: the English changed")
    if review_of(message, english, said) is None:
        return Cell(language, said, "draft")
    return Cell(language, said, "")


def write_pages(library: Library, made: Sequence[Page], out: Path, only: str | None) -> list[Path]:
    """Write `<flow>.html`, and `index.html` when all are written. The files."""
    out.mkdir(parents=True, exist_ok=True)
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    written = []
    for page in made:
        if only in {None, page.flow}:
            written.append(out / f"{page.flow}.html")
            html = env.get_template("review_flow.html.jinja").render(
                {name: getattr(page, name) for name in Page.__slots__},
                svg=_picture(library, page.flow),
                outline=draw.outline(library.script, page.flow),
                roles=[
                    {"key": key, "name": name, "looks_at": looks_at}
                    for key, (name, looks_at) in _TITLES.items()
                ],
            )
            written[-1].write_text(html, encoding="utf-8")
    if only is None:
        whole = sum({one.role for one in page.signed} == set(ROLES) for page in made)
        html = env.get_template("review_index.html.jinja").render(
            title="Flows to be judged and signed", flows=made, signed=whole
        )
        written.append(out / "index.html")
        written[-1].write_text(html, encoding="utf-8")
    return written


def _picture(library: Library, flow: str) -> Markup | None:
    """The picture without what makes it a file of its own; None without Graphviz."""
    try:
        svg = draw.svg(library.script, flow)
    except draw.NoDot:
        return None
    # Graphviz escapes every label itself.
    return Markup(svg[svg.index("<svg") :])  # nosec B704  # noqa: S704
