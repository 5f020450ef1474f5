"""Numbers of the flows, what is allowed all the same, places of findings, measures of texts."""

from pathlib import Path

import pytest

from authored import Mistakes, read_text
from flows.wording import Around
from flows.wording.allow import read_allowed
from flows.wording.patterns import BadPattern, compiled, has
from flows.wording.said import po_places
from flows.wording.sentences import grade, lix, measured, sentences, syllables
from tests.flows.wise import found_in, ids

CARE = "You can ask for care at any time."
NUMBERS = {"102": frozenset({"UA"}), "112": frozenset({"LT", "AZ"}), "122": frozenset({"CD"})}


def said(tmp_path: Path, text: str, language: str = "en") -> list[str]:
    """What L17 says of a text, when the numbers are known."""
    around = Around(numbers=NUMBERS)
    if language == "en":
        found = found_in(tmp_path, around=around, find=(CARE, text))
    else:
        found = found_in(tmp_path, {language: {"find.found.say": text}}, around)
    return [one.message for one in found if one.rule == "L17"]


def test_a_number_is_one_of_a_listing_and_stands_with_its_country(tmp_path: Path) -> None:
    assert said(tmp_path, "In Ukraine, the police is 102.") == []
    assert said(tmp_path, "In the European Union, the number is 112.") == []
    assert said(tmp_path, "In Germany, the number is 112.") == []
    assert said(tmp_path, "In Ukraine, the police is 911.") == [
        "no listing that is shown has '911' (en)"
    ]
    assert said(tmp_path, "In Colombia, the line is 122.") == ["'122' is a number of CD (en)"]
    assert said(tmp_path, "Call 0 800 111 222.") == [
        "no listing that is shown has '0 800 111 222' (en)"
    ]
    assert said(tmp_path, "Поліція в Україні: 911.", "uk") == [
        "no listing that is shown has '911' (uk)"
    ]


def test_without_a_directory_no_number_is_judged(tmp_path: Path) -> None:
    found = found_in(tmp_path, find=(CARE, "In Ukraine, the police is 911."))

    assert "L17" not in ids(found)


def test_every_language_names_the_same_numbers(tmp_path: Path) -> None:
    help_now = "always.help_now.say"
    other = found_in(tmp_path, {"uk": {help_now: "В Україні: 103. Лікарня поруч."}})
    none = found_in(tmp_path, {"uk": {help_now: "Лікарня поруч."}})

    assert "has other numbers than English: 103 (uk)" in {one.message for one in other}
    assert "has other numbers than English: none (uk)" in {one.message for one in none}


def allowed(tmp_path: Path, *entries: str) -> Path:
    path = tmp_path / "allow.yaml"
    lines = "".join(f"  - {{{entry}, reason: it is so by law}}\n" for entry in entries)
    path.write_text(f"format: 1\nallowed:\n{lines}", encoding="utf-8")
    return path


def test_what_is_allowed_is_not_found_and_what_is_not_needed_is(tmp_path: Path) -> None:
    path = allowed(
        tmp_path,
        "rule: L33, step: find/found, language: en",
        "rule: L31, step: find/found/choices/menu, language: any",
        "rule: L33, step: find/found, language: es",
        "rule: L12, step: find/need, language: any",
    )
    found = found_in(
        tmp_path,
        around=Around(allowed=read_allowed(path)),
        find=(
            (CARE, "Each victim can ask."),
            ("      skip: {label: Not sure, go: always/human}\n", ""),
        ),
    )

    assert [(one.rule, one.message, one.line) for one in found] == [
        ("allow", "L31 at find/found/choices/menu (any) is not needed any more", 4)
    ]


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "allow.yaml"
    path.write_text("format: 1\nallowed:\n  - {rule: L33, step: a, language: en, reason: law}\n")

    with pytest.raises(Mistakes) as caught:
        read_allowed(path)
    assert "should be a reason, in a few words" in str(caught.value)
    assert read_allowed(tmp_path / "none.yaml").entries == ()


def test_a_translation_is_found_in_its_catalogue(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    path = locales / "uk" / "LC_MESSAGES" / "flows.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n\nmsgctxt "find.found.say"\nmsgid "x"\nmsgstr "y"\n')
    ui = read_text("format: 1\nmessages: {page.hi: Hello.}\n", "locales/ui.yaml")
    places = po_places(locales, ["en", "uk"])
    books: dict[str, dict[str, str | None]] = {
        "en": {},
        "uk": {"find.found.say": "Чому?", "find.need.say": "Чому?", "page.hi": "Чому?"},
        "lt": {"page.hi": None},
    }
    found = [
        one for one in found_in(tmp_path, books, Around(ui=ui, places=places)) if one.rule == "L05"
    ]

    assert sorted((Path(one.file).name, one.line) for one in found) == [
        ("find.yaml", 10),
        ("flows.po", 4),
        ("ui.yaml", 2),
    ]


def test_the_little_language_of_the_lists() -> None:
    assert has(["guarante*"], "We GUARANTEED it")
    assert has(["tell ... what"], "tell me now, please, what")
    assert not has(["tell ... what"], "tell me one two three four five what")
    assert has(["(i|we)? do not"], "Here I do not")
    assert has(["(i|we)? do not"], "do not")
    assert has(["(very)? (very)? late"], "very very late")
    assert has(["what (exactly)? happened"], "what happened")
    assert not has(["rape"], "grape")
    assert has(["don't"], "don’t")
    assert has(["iiv"], "İİV", "az")
    for bad in ("...", "a ...", "(a", "ra(p|b)", "()", "(a)?"):
        with pytest.raises(BadPattern):
            compiled(bad)


def test_sentences_and_words_are_counted() -> None:
    text = "Call Dr. Smith, e.g. from home. {place_name} is near: 5 km!\nYes? “No.” …"

    assert [s.split()[0] for s in sentences(text)] == ["Call", "{place_name}", "Yes?", "“No.”"]
    assert measured("…").words == 0
    assert measured("One two. One two three four.").average == 3
    assert lix("") == 0
    assert lix("Ein kurzer Text. Donaudampfschiff fährt.") > lix("Ein kurzer Text. Er geht.")


def test_syllables_are_about_right() -> None:
    counted = {
        ("care", "en"): 1,
        ("table", "en"): 2,
        ("wanted", "en"): 2,
        ("the", "en"): 1,
        ("aide", "fr"): 1,
        ("bonjour", "fr"): 2,
        ("ciudad", "es"): 2,
        ("avión", "es"): 2,
    }
    assert {key: syllables(*key) for key in counted} == counted


def test_each_language_has_its_own_measure() -> None:
    plain = "You can go. He can sit. She is in."

    assert grade(plain, "en")[0] == "Flesch-Kincaid grade"
    assert grade(plain, "fr")[0] == "Kandel-Moles ease"
    assert grade(plain, "es")[0] == "Fernández Huerta ease"
    assert grade(plain, "uk")[0] == "LIX"
    assert all(grade(plain, language)[2] for language in ("en", "fr", "es", "uk"))
