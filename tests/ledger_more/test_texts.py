"""A translation reaches survivors when one person wrote it and another found it right."""

import json

import pytest

from bot.ledger.model import Actor, Invalid, NoSuchRecord, Refused, Stale, TextCell
from bot.ledger.texts import Spot
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing
from tests.ledger_more.helpers import kept_back

WORDS = "Aide juridique gratuite."


def board(office: Office, language: str = "fr", actor: Actor = ANNA) -> dict[str, TextCell]:
    return {cell.part: cell for cell in office.ledger.cells(actor, language).cells}


def shown(office: Office, record: str) -> dict[str, str]:
    body = office.served()[record]
    assert body is not None
    said: dict[str, str] = json.loads(body)["summary"]
    return said


def test_every_text_is_on_the_board_in_every_language(office: Office) -> None:
    contact = {"kind": "phone", "number": PHONE, "label": {"en": "By day", "uk": "Удень"}}
    office.published(contacts=[contact, contact | {"label": {"en": "By night"}}])

    cells = board(office, "uk")

    assert {part: (cell.state, cell.source) for part, cell in cells.items()} == {
        "names": ("approved", "Legal Advice Centre"),
        "summary": ("approved", "Free legal advice."),
        "organization": ("missing", "Example Organisation"),
        f"label:phone:{PHONE}": ("approved", "By day"),
        f"label:phone:{PHONE}#2": ("missing", "By night"),
    }


def test_a_text_is_shown_once_another_person_found_it_right(office: Office) -> None:
    record = office.published()
    spot = Spot(record, "summary", "fr")

    written = office.ledger.write_text(ANNA, spot, f" {WORDS} ")
    assert (written.state, board(office)["summary"].text) == ("draft", WORDS)
    assert "fr" not in shown(office, record)
    office.ledger.review_text(BORYS, spot, WORDS, "reviewed")
    assert "fr" not in shown(office, record)
    office.ledger.review_text(BORYS, spot, WORDS)

    assert shown(office, record)["fr"] == WORDS
    cell = board(office)["summary"]
    assert (cell.state, cell.translator, cell.reviewer) == ("approved", "anna", "borys")
    last = office.ledger.history(record, ANNA)[-1]
    assert (last.act, last.by, last.second) == ("text", "anna", "borys")
    assert office.ledger.verify_history() == ()


def test_nobody_reviews_what_they_wrote(office: Office) -> None:
    spot = Spot(office.published(), "summary", "fr")
    office.ledger.write_text(ANNA, spot, WORDS)

    for state in ("reviewed", "approved"):
        with pytest.raises(Refused) as refused:
            office.ledger.review_text(ANNA, spot, WORDS, state)
        assert refused.value.code == "own_work"


def test_a_text_of_a_machine_is_not_shown_before_a_person_read_it(office: Office) -> None:
    record = office.published()
    spot = Spot(record, "summary", "fr")

    office.ledger.write_text(Actor("machine"), spot, WORDS, "machine")

    assert board(office)["summary"].state == "machine"
    assert "fr" not in shown(office, record)
    with pytest.raises(Refused):
        office.ledger.write_text(ANNA, spot, WORDS, "approved")  # type: ignore[arg-type]


def test_a_text_that_was_changed_after_the_review_began_is_looked_at_again(office: Office) -> None:
    spot = Spot(office.published(), "summary", "fr")
    office.ledger.write_text(ANNA, spot, WORDS)
    office.ledger.write_text(ANNA, spot, "Une autre aide.")

    with pytest.raises(Stale):
        office.ledger.review_text(BORYS, spot, WORDS)
    with pytest.raises(Refused):
        office.ledger.review_text(BORYS, Spot(spot.record, "names", "fr"), WORDS)


def test_a_new_english_makes_every_translation_of_it_stale(office: Office) -> None:
    record = office.published()
    spot = Spot(record, "summary", "fr")
    office.ledger.write_text(ANNA, spot, WORDS)
    summary = {"en": "Free advice, by day.", "uk": "Безоплатна правова допомога."}

    office.approved(office.changed(record, summary=summary))

    assert board(office, "uk")["summary"].state == "stale"
    assert board(office, "fr")["summary"].state == "stale"
    assert board(office, "uk")["names"].state == "approved"
    stale = office.ledger.cells(ANNA, "uk", "stale").cells
    assert [(cell.part, cell.text) for cell in stale] == [("summary", summary["uk"])]
    with pytest.raises(Stale):
        office.ledger.review_text(BORYS, spot, WORDS)
    office.ledger.write_text(ANNA, spot, "Aide gratuite, le jour.")
    office.ledger.review_text(BORYS, spot, "Aide gratuite, le jour.")
    assert board(office, "fr")["summary"].state == "approved"
    assert board(office, "uk")["summary"].state == "stale"


def test_a_translation_that_is_mended_with_the_listing_is_no_longer_stale(office: Office) -> None:
    record = office.published()
    summary = {"en": "Free advice, by day.", "uk": "Безоплатна правова допомога."}
    office.approved(office.changed(record, summary=summary))

    office.approved(office.changed(record, summary=summary | {"uk": "Безоплатна порада вдень."}))

    assert board(office, "uk")["summary"].state == "approved"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Appelez le 0440000003.",
        "Appelez le ٠٤٤ ٠٠٠ ٠٠ ٠٣.",
        "Voyez example.net",
        "Écrivez à aide@example.net",
        "x" * 281,
    ],
)
def test_a_translation_leads_nowhere_that_the_english_does_not(office: Office, words: str) -> None:
    spot = Spot(office.published(), "summary", "fr")

    with pytest.raises(Invalid):
        office.ledger.write_text(ANNA, spot, words)


def test_a_number_that_somebody_wrote_on_the_board_by_hand_is_not_approved(office: Office) -> None:
    record = office.published()
    spot = Spot(record, "summary", "fr")
    office.ledger.write_text(ANNA, spot, WORDS)
    words = "Appelez le 0 800 000 099."
    assert office.by_hand("UPDATE text SET words = ? WHERE language = 'fr'", words) == 1
    with pytest.raises(Invalid):
        office.ledger.review_text(BORYS, spot, words)
    assert "fr" not in shown(office, record)


def test_a_number_that_the_english_says_may_be_translated(office: Office) -> None:
    summary = {"en": "Call 044 000 00 01 by day.", "uk": "Допомога."}
    spot = Spot(office.published(summary=summary), "summary", "fr")

    assert office.ledger.write_text(ANNA, spot, "Appelez le 044 000 00 01.").state == "draft"


def test_an_open_draft_is_set_onto_the_new_text_and_keeps_both(office: Office) -> None:
    record = office.published()
    spot = Spot(record, "summary", "fr")
    draft = office.changed(record, cost="free")
    office.ledger.write_text(ANNA, spot, WORDS)
    office.ledger.review_text(BORYS, spot, WORDS)

    with pytest.raises(Stale):
        office.approved(draft)
    office.approved(office.ledger.rebase(ANNA, record, draft.version))

    stands = office.ledger.record(record, ANNA).content
    assert (stands["cost"], stands["summary"]["fr"]) == ("free", WORDS)


def test_the_label_of_a_contact_that_is_not_public_is_on_nobodys_board_but_theirs(
    office: Office,
) -> None:
    hidden = {"kind": "phone", "number": "+380440000009", "visibility": "operator_only"}
    record = kept_back(
        office,
        contacts=[{"kind": "phone", "number": PHONE}, hidden | {"label": {"en": "Director"}}],
    )
    spot = Spot(record, "label:phone:+380440000009", "fr")

    assert spot.part not in board(office)
    with pytest.raises(NoSuchRecord):
        office.ledger.write_text(ANNA, spot, "Direction")
    assert spot.part in board(office, actor=VIRA)
    office.ledger.write_text(VIRA, spot, "Direction")
    assert office.ledger.texts_of(ANNA, record, ["fr"]) == tuple(board(office).values())


def test_texts_of_other_places_are_not_there(office: Office) -> None:
    spot = Spot(office.published(), "summary", "fr")
    elsewhere = Actor("lesia", ("LT",))

    assert board(office, actor=elsewhere) == {}
    with pytest.raises(NoSuchRecord):
        office.ledger.write_text(elsewhere, spot, WORDS)


@pytest.mark.parametrize("language", ["en", "EN", "français", ""])
def test_only_other_languages_are_translated_into(office: Office, language: str) -> None:
    with pytest.raises(Invalid):
        office.ledger.write_text(ANNA, Spot(office.published(), "summary", language), WORDS)


def test_a_listing_that_is_only_a_draft_is_translated_in_the_draft(office: Office) -> None:
    draft = office.proposed(listing())

    with pytest.raises(Refused):
        office.ledger.write_text(ANNA, Spot(draft.record, "summary", "fr"), WORDS)


def test_the_board_is_read_page_by_page_to_its_end(office: Office) -> None:
    records = {office.published(name=f"Service {number}") for number in range(23)}
    seen: list[TextCell] = []
    after: str | None = ""

    while after is not None:
        page = office.ledger.cells(ANNA, "fr", "missing", after)
        seen += page.cells
        after = page.after

    assert len(seen) == 3 * 23
    assert {cell.record for cell in seen} == records


def test_a_label_under_way_moves_with_a_corrected_number(office: Office) -> None:
    contact = {"kind": "phone", "number": PHONE, "label": {"en": "By day", "uk": "Удень"}}
    record = office.published(contacts=[contact])
    office.ledger.write_text(ANNA, Spot(record, f"label:phone:{PHONE}", "fr"), "Le jour")
    corrected = contact | {"number": "+380440000009", "label": {"en": "Days", "uk": "Удень"}}
    draft = office.changed(record, contacts=[corrected])
    office.checked(draft)

    office.approved(draft)

    label = "label:phone:+380440000009"
    assert (board(office)[label].text, board(office)[label].state) == ("Le jour", "stale")
    assert board(office, "uk")[label].state == "stale"
    assert office.ledger.verify_history() == ()
