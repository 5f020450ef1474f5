"""Every text that a person may read, in every language, with the place where it is mended.

English stands in the flow file, a translation in its catalogue. It decides which texts there are
for the rules about wording; it never decides whether one is well said.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from authored import Authored, Mistake, read_file
from flows.catalogue import messages, po_path, read_catalogue
from flows.contexts import WORDS_APART
from flows.extract import flow_messages, ui_messages
from flows.ground import Ground
from flows.languages import ENGLISH

Kind = Literal["say", "label", "words", "note", "ui"]

_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"")
_CONTEXT = re.compile(r'msgctxt "(.+)"\s*$')


@dataclass(frozen=True, slots=True)
class Said:
    """One text in one language."""

    language: str
    context: str
    words: str
    kind: Kind
    staff: bool
    """Whether it is for people at work."""
    file: str
    line: int
    column: int = 1

    @property
    def unquoted(self) -> str:
        """The words without what stands in quotation marks, which is said by somebody else.

        So is a choice of practice: what a colleague might say, right or wrong.
        """
        if self.staff and self.kind == "label":
            return ""
        return _QUOTED.sub(lambda found: "…" * bool(found[0]), self.words)

    def mistake(self, message: str, mend: str) -> Mistake:
        """A fault of this text."""
        said = f"{message} ({self.language}, {self.context})"
        return Mistake(self.file, self.line, self.column, said, mend)


Places = Mapping[tuple[str, str, str], tuple[str, int]]
"""(Language, domain, context) → the catalogue and the line in it."""


def po_places(locales: Path, languages: Iterable[str]) -> Places:
    """Where each translation stands. A catalogue that is not there has no places."""
    found: dict[tuple[str, str, str], tuple[str, int]] = {}
    for language in languages:
        for domain in ("flows", "ui"):
            path = po_path(locales, language, domain)
            if language == ENGLISH or not path.exists():
                continue
            shown = _shown(path)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if context := _CONTEXT.match(line):
                    found[language, domain, context[1]] = (shown, number)
    return found


def said_in(ground: Ground, places: Places) -> Iterator[Said]:
    """Every text of the flows in every language that has it."""
    files = ground.library.files
    for text in ground.texts:
        file = files[text.flow]
        spot = file.spot(text.path)
        staff = ground.script.flows[text.flow].staff
        for language, spoken in ground.spoken.items():
            if text.context in spoken:
                here = (file.file, spot.line)
                name, line = places.get((language, "flows", text.context), here)
                words, column = spoken[text.context], spot.column if name == file.file else 1
                yield Said(language, text.context, words, text.kind, staff, name, line, column)


def said_outside(ground: Ground, ui: Authored, places: Places) -> Iterator[Said]:
    """Every text of `ui.yaml` in every language that has it."""
    for line, _, (context, english), _ in ui_messages(ui):
        yield Said(ENGLISH, context, english, "ui", staff=False, file=ui.file, line=line)
        for language, book in ground.books.items():
            own = book.own("ui", context, english) if language != ENGLISH else None
            if own is not None:
                name, number = places.get((language, "ui", context), (ui.file, line))
                yield Said(language, context, own, "ui", staff=False, file=name, line=number)


def said_in_file(path: Path, staff: Collection[str] = ()) -> Iterator[Said]:
    """The texts of one flow file, one `ui.yaml` or one `.po` catalogue, whatever others hold.

    `staff` are the flows for people at work, which a catalogue does not tell. Raises `Mistakes`
    when the file itself cannot be read.
    """
    if path.suffix == ".po":
        # Words of pages and of listings are neither prompts nor labels of a flow.
        language, ui = path.resolve().parent.parent.name, path.stem != "flows"
        for message, context, _, said in messages(read_catalogue(path)):
            if said and not message.fuzzy:
                at_work = not ui and context.partition(".")[0] in staff
                place = (_shown(path), message.lineno or 0)
                yield _alone(language, context, said, *place, ui=ui, staff=at_work)
        return
    file = read_file(path, shown_as=_shown(path))
    ui = "messages" in (file.value or {})
    at_work = isinstance(file.value, dict) and file.value.get("staff") is True
    for line, _, (context, english), _ in (ui_messages if ui else flow_messages)(file):
        yield _alone(ENGLISH, context, english, file.file, line, ui=ui, staff=at_work)


def _alone(
    language: str, context: str, words: str, file: str, line: int, *, ui: bool, staff: bool
) -> Said:
    parts = context.split(".")
    kind: Kind = "label"
    if ui:
        kind = "ui"
    elif parts[-1] == "words":
        kind = "words"
    elif parts[-1] == "say":
        kind = "note" if parts[:2] == ["always", "notes"] else "say"
    return Said(language, context, words, kind, staff, file, line)


def listed(words: str) -> list[str]:
    """The words of a command, which are one message."""
    return [word.strip() for word in words.split(WORDS_APART.strip()) if word.strip()]


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
