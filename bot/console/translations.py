"""The translators' board: which text of which listing is where, in every language; writing, and
looking at what somebody else wrote.

It decides nothing: who may write, who may find it right and what of it is shown is the ledger's.
What was typed comes back with the fault beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, get_args

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import Known, known, no, people, shared
from bot.console.listing_view import text_in
from bot.console.listing_words import part_words
from bot.console.reading import safe_path
from bot.console.said import N_
from bot.ledger.board import CellPage
from bot.ledger.model import (
    Invalid,
    LedgerError,
    ListQuery,
    Page,
    Record,
    Refused,
    Row,
    Stale,
    TextCell,
    TextState,
)
from bot.ledger.texts import Reviewed, Spot, Written
from bot.pack_words import Say, label_context
from bot.speech import Speech

STATES: Final[Mapping[str, str]] = {
    "stale": N_("the English changed"),
    "missing": N_("missing"),
    "machine": N_("by a machine"),
    "draft": N_("to be looked at"),
    "reviewed": N_("looked at"),
    "approved": N_("shown to survivors"),
}
"""In the order in which somebody looks at them."""
PARTS: Final[Mapping[str, str]] = {
    "names": N_("Name"),
    "organization": N_("Organisation"),
    "summary": N_("What one finds there"),
}
PROBLEMS: Final[Mapping[str, str]] = {
    "is empty": N_("Write something."),
    "has a number or an address that the English does not have": N_(
        "It has a number or an address that the English does not have."
    ),
}
ON_A_PAGE: Final = 25
MOST_WORDS: Final = 5000
_STATES: Final[Mapping[str, TextState]] = {state: state for state in get_args(TextState)}
_REVIEWED: Final[Mapping[str, Reviewed]] = {state: state for state in get_args(Reviewed)}
_ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of a listing, as the page shows it."""

    cell: TextCell
    title: str
    catalogue: str = field(repr=False)
    """What the catalogue of this program says already; empty when it says nothing."""
    can_review: bool
    words: str = field(repr=False)
    fault: str = ""
    """What stands in the field, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent that was not taken."""

    part: str
    words: str = field(repr=False)
    fault: str
    status: int


async def board(visit: Visit) -> web.StreamResponse:
    """All listings and all languages; or, of one language, text by text."""
    found = known(visit)
    languages = _languages(visit)
    language = visit.query.get("language", "")
    if language in languages:
        return await _texts(visit, found, languages, language)
    number = visit.query.get("page", "1")
    query = ListQuery(
        text=visit.query.get("text", "").strip()[:200],
        page=max(1, int(number))
        if number.isascii() and number.isdigit() and len(number) < 9
        else 1,
        size=ON_A_PAGE,
    )
    page: Page = await visit.run(visit.ledger.find, query, visit.actor)
    rows = await visit.run(_states_of, visit, page.rows, tuple(languages))
    return visit.page(
        "translations.html",
        **shared(visit, found, {}),
        page=page,
        rows=rows,
        text=query.text,
        spoken=languages,
        states=STATES,
    )


def _states_of(
    visit: Visit, rows: Iterable[Row], languages: tuple[str, ...]
) -> list[tuple[Row, list[tuple[str, list[tuple[str, int]]]]]]:
    """Per listing and language: how many texts are in which state, the most urgent first."""
    found = []
    for row in rows:
        cells = visit.ledger.texts_of(visit.actor, row.id, languages)
        by_language = []
        for language in languages:
            states = [cell.state for cell in cells if cell.language == language]
            counts = [(state, states.count(_STATES[state])) for state in STATES]
            by_language.append((language, [(state, n) for state, n in counts if n]))
        found.append((row, by_language))
    return found


async def _texts(
    visit: Visit, found: Known, languages: Mapping[str, str], language: str
) -> web.StreamResponse:
    state = _STATES.get(visit.query.get("state", ""))
    after = visit.query.get("after", "")[:200]
    ask: Callable[..., CellPage] = visit.ledger.cells
    page: CellPage = await visit.run(ask, visit.actor, language, state, after)
    cells = page.cells
    if state is None and not after:
        # What survivors may read wrongly comes before what they read in English.
        old: CellPage = await visit.run(ask, visit.actor, language, "stale")
        cells = (*old.cells, *(cell for cell in cells if cell.state != "stale"))
    return visit.page(
        "translations_texts.html",
        **shared(visit, found, await people(visit)),
        texts=_shown(visit, cells),
        after=page.after,
        asked_state=state or "",
        spoken=languages,
        in_language=language,
        direction=_direction(visit, language),
        states=STATES,
    )


async def record(visit: Visit) -> web.StreamResponse:
    """Every text of one listing in one language, the English beside it."""
    return await _record(visit, visit.query.get("language", ""))


async def _record(visit: Visit, language: str, typed: Typed | None = None) -> web.StreamResponse:
    languages = _languages(visit)
    name = visit.path["id"]
    if language not in languages:
        language = next(iter(languages))
    found = known(visit)
    one: Record = await visit.run(visit.ledger.record, name, visit.actor)
    cells = await visit.run(visit.ledger.texts_of, visit.actor, one.row.id, (language,))
    return visit.page(
        "translations_record.html",
        status=HTTPStatus(typed.status) if typed else HTTPStatus.OK,
        **shared(visit, found, await people(visit)),
        record=one,
        name=text_in(one.content.get("names", {}), found.names.language),
        texts=_shown(visit, cells, typed),
        spoken=languages,
        in_language=language,
        direction=_direction(visit, language),
        states=STATES,
        has_draft_only=not one.revision,
    )


def _shown(visit: Visit, cells: Iterable[TextCell], typed: Typed | None = None) -> list[Shown]:
    shown = []
    speech: Speech = visit.office.parts["speech"]
    for cell in cells:
        said = PARTS.get(cell.part)
        title = visit.words(said) if said else _beside(visit, cell.part)
        again = typed if typed is not None and typed.part == cell.part else None
        other = cell.translator != visit.staff.id
        waits = cell.state in {"draft", "machine", "reviewed"}
        catalogue = "" if cell.state == "approved" else catalogue_words(speech.packs, cell)
        shown.append(
            Shown(
                cell,
                title,
                catalogue,
                waits and other and visit.may("directory.review_text"),
                again.words if again else cell.text,
                again.fault if again else "",
            )
        )
    return shown


def _beside(visit: Visit, part: str) -> str:
    """What a label stands beside: "Beside phone +380…"."""
    contact = part_words(f"contact:{part.removeprefix('label:').partition('#')[0]}", visit.words)
    return visit.words(N_("Beside %(contact)s"), contact=contact)


def catalogue_words(packs: Mapping[str, Say], cell: TextCell) -> str:
    """What the catalogue says for a text, in its own language; empty when it says nothing.

    What other languages say as well is what this one falls back on, and no translation.
    """
    ends = {"names": ".name", "organization": ".organization", "summary": ".summary"}
    if cell.part in ends:
        context = cell.record + ends[cell.part]
    else:
        kind, _, leads = cell.part.removeprefix("label:").partition("#")[0].partition(":")
        context = label_context(cell.record, kind, leads)
    if cell.language not in packs:
        return ""
    text = {_ENGLISH: cell.source}
    others = {say(context, text) for code, say in packs.items() if code != cell.language}
    said = packs[cell.language](context, text)
    return "" if said in {*others, cell.source, cell.text} else said


async def write(visit: Visit) -> web.StreamResponse:
    """A translation was typed; somebody else looks at it."""
    spot, words = _spot(visit), visit.form.get("words")[:MOST_WORDS]
    state: Written = "machine" if "machine" in visit.form else "draft"
    try:
        await visit.run(visit.ledger.write_text, visit.actor, spot, words, state)
    except (Invalid, Refused, Stale) as error:
        return await _not_taken(visit, spot, words, error)
    return visit.see_other(_next(visit, spot), visit.words(N_("Kept. Somebody else looks at it.")))


async def review(visit: Visit) -> web.StreamResponse:
    """Somebody found right what another wrote."""
    spot, words = _spot(visit), visit.form.get("words")[:MOST_WORDS]
    state: Reviewed = _REVIEWED.get(visit.form.get("state"), "reviewed")
    try:
        await visit.run(visit.ledger.review_text, visit.actor, spot, words, state)
    except (Invalid, Refused, Stale) as error:
        return await _not_taken(visit, spot, words, error)
    said = N_("Approved: survivors read it.") if state == "approved" else N_("Noted as looked at.")
    return visit.see_other(_next(visit, spot), visit.words(said))


async def _not_taken(
    visit: Visit, spot: Spot, words: str, error: LedgerError
) -> web.StreamResponse:
    told = no(visit, error)
    fault = f"{told.said}. {told.mend}"
    if isinstance(error, Invalid):
        fault = "; ".join(visit.words(PROBLEMS.get(said, said)) for _, said in error.problems)
    return await _record(visit, spot.language, Typed(spot.part, words, fault, told.status))


def _spot(visit: Visit) -> Spot:
    part = visit.form.get("part")[:300]
    return Spot(visit.path["id"], part, visit.form.get("language")[:8])


def _next(visit: Visit, spot: Spot) -> str:
    wanted = safe_path(visit.form.get("next"))
    if wanted.startswith("/translations"):
        return wanted
    return f"/translations/{spot.record}?language={spot.language}"


def _languages(visit: Visit) -> dict[str, str]:
    """Code → what it calls itself, of all that the service speaks but English."""
    speech: Speech = visit.office.parts["speech"]
    return {one.code: one.endonym for one in speech.languages if one.code != _ENGLISH}


def _direction(visit: Visit, language: str) -> str:
    speech: Speech = visit.office.parts["speech"]
    return next((one.dir for one in speech.languages if one.code == language), "ltr")


ROUTES: Final = (
    # Whoever may find a text right has to see it; whoever may write one may do that too.
    Route("GET", "/translations", "directory.review_text", board, "translations"),
    Route("GET", "/translations/{id}", "directory.review_text", record, "translation"),
    Route("POST", "/translations/{id}/write", "directory.translate", write, "translation_write"),
    Route("POST", "/translations/{id}/review", "directory.review_text", review, "translation_ok"),
)
