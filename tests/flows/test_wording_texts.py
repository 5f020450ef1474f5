"""Rules about single texts, in each language: what they speak against, and what not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from authored import Mistake, read_file
from flows.wording import TEXT_RULES, file_findings
from flows.wording.lists import read_lists

LANGUAGES = ("en", "uk", "ru", "lt", "az", "fr", "es")
NONE_OF_THESE = Path("none")
CASES = read_file(Path(__file__).parent / "wording_cases.yaml").value


def found(
    folder: Path, language: str, kind: str, text: str, *, staff: bool = False
) -> list[Mistake]:
    """What is found in a flow, or in a catalogue, that says one text."""
    context = {
        "say": "care.start.say",
        "label": "care.start.choices.one.label",
        "note": "always.notes.unclear.say",
    }[kind]
    if language == "en" and kind != "note":
        path = folder / "care.yaml"
        say, label = (text, "Go on") if kind == "say" else ("Hello.", text)
        lines = ["id: care", "staff: true" if staff else "title: t", "steps:", "  start:"]
        lines += [f"    say: {quoted(say)}", f"    choices: {{one: {{label: {quoted(label)}}}}}"]
    else:
        path = folder / language / "LC_MESSAGES" / "flows.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"', ""]
        lines += [f'msgctxt "{context}"', 'msgid "x"', f"msgstr {quoted(text)}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file_findings(path, NONE_OF_THESE)


def quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def cases() -> Iterator[tuple[str, str, str, str, str]]:
    for name, languages in CASES.items():
        rule, _, part = name.partition(".")
        kind = part if part in {"label", "note"} else "say"
        for language, (bad, good) in languages.items():
            yield rule, language, kind, bad, good


@pytest.mark.parametrize(("rule", "language", "kind", "bad", "good"), list(cases()))
def test_a_rule_speaks_against_one_text_and_leaves_the_other_alone(
    tmp_path: Path, rule: str, language: str, kind: str, bad: str, good: str
) -> None:
    against = [one for one in found(tmp_path, language, kind, bad) if one.rule == rule]
    alone = [one for one in found(tmp_path, language, kind, good) if one.rule == rule]

    assert against != []
    assert f"({language}, " in against[0].message
    assert against[0].line > 1
    assert "(" in against[0].mend, "the reason names its source"
    assert alone == []


def test_every_rule_about_texts_is_tried_in_every_language_it_has_words_for() -> None:
    tried = {(name.partition(".")[0], language) for name in CASES for language in CASES[name]}
    no_words = {("L36", "en"), ("L36", "az"), ("L35", "az")}
    one_language_is_enough = {"L18", "L26", "L28", "L29", "L30", "L31", "L32", "L39"}
    for rule in TEXT_RULES:
        wanted = ("en",) if rule.id in one_language_is_enough else LANGUAGES
        missing = [c for c in wanted if (rule.id, c) not in tried and (rule.id, c) not in no_words]
        assert missing == [], rule.id


def test_every_language_has_every_list() -> None:
    for language in LANGUAGES:
        lists = read_lists(language)
        assert lists is not None
        empty = {name for name, value in lists if not value}
        assert lists.language == language
        assert empty <= {"negations_after", "gendered", "imperatives"}, language
    assert read_lists("sw") is None


def test_words_in_quotation_marks_are_somebody_elses(tmp_path: Path) -> None:
    text = "Some ask “Why did you go?” and say “You must report it”. That is not your fault."

    assert [one for one in found(tmp_path, "en", "say", text) if one.severity == "error"] == []


def test_people_at_work_may_quote_what_is_not_said(tmp_path: Path) -> None:
    text = "Some say “We guarantee it” or “rape”. Say “I believe you”. Do not ask: why?"
    rules = {one.rule for one in found(tmp_path, "en", "say", text, staff=True)}

    assert "L09" not in rules
    assert "L27" not in rules
    assert "L05" in rules
    assert {"L09", "L27"} <= {one.rule for one in found(tmp_path, "en", "say", text)}


def test_a_choice_of_practice_is_what_a_colleague_might_say(tmp_path: Path) -> None:
    assert found(tmp_path, "en", "label", "Your risk score", staff=True) == []
    assert {x.rule for x in found(tmp_path, "en", "label", "Your risk score")} == {"L22"}


def test_suicide_is_spoken_of_plainly_also_in_quotes_and_at_work(tmp_path: Path) -> None:
    text = "Never say “commit suicide”."

    assert "L20" in {one.rule for one in found(tmp_path, "en", "say", text, staff=True)}


def test_a_long_message_is_long_in_words_too(tmp_path: Path) -> None:
    text = " ".join(["word"] * 61) + "."
    said = [one.message for one in found(tmp_path, "en", "say", text) if one.rule == "L28"]

    assert said == ["has 61 words (en, care.start.say)"]


def test_sentences_are_short_on_average(tmp_path: Path) -> None:
    thirteen = "One two six ten my to do as we go in or by. "
    said = [one.message for one in found(tmp_path, "en", "say", thirteen * 2) if one.rule == "L29"]

    assert said == ["has 13.0 words a sentence (en, care.start.say)"]


def test_links_are_those_that_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bad, why in {
        "https://t.co/x": "hides where it leads",
        "https://example.org/?fbclid=1": "tells who followed it",
        "https://example.org/a": "is not among the hosts",
    }.items():
        said = [one for one in found(tmp_path, "en", "say", f"See {bad}.") if one.rule == "L26"]
        assert [why in one.message for one in said] == [True]
    known = frozenset({"example.org"})
    monkeypatch.setattr("flows.wording.numbers.known_hosts", lambda: known)
    assert not [
        x for x in found(tmp_path, "en", "say", "See https://www.example.org/a.") if x.rule == "L26"
    ]


def test_what_counts_something_is_no_number_to_call(tmp_path: Path) -> None:
    for text in (
        "Call before 2025, in 120 hours.",
        "There are 250 people in line.",
        "The line of {place_name} is 102.",
        "It was 102 once.",
        "The line is open 8:00-19:00.",
    ):
        assert "L18" not in {one.rule for one in found(tmp_path, "en", "say", text)}, text


def test_capitals_that_everybody_knows_are_no_shout(tmp_path: Path) -> None:
    assert "L38" not in {x.rule for x in found(tmp_path, "en", "say", "An SMS to the EU: HIV SMS.")}
    assert "L37" not in {x.rule for x in found(tmp_path, "fr", "say", "Où être à l'École ?")}
    assert "L38" in {x.rule for x in found(tmp_path, "en", "say", "READ THIS now.")}


def test_what_people_type_is_theirs(tmp_path: Path) -> None:
    path = tmp_path / "always.yaml"
    words = "words: [why, rape, HELP ME NOW, 112]"
    path.write_text(f"id: always\ncommands:\n  help_now: {{label: Help now, {words}}}\n")

    assert file_findings(path, NONE_OF_THESE) == []


def test_the_words_of_pages_are_held_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "ui.yaml"
    path.write_text("format: 1\nmessages: {a: We guarantee it., b: 'Call 0 800 500 335 now'}\n")
    allowed = tmp_path / "allow.yaml"
    allowed.write_text(
        "format: 1\nallowed:\n  - {rule: L09, step: a, language: en, reason: it stands only here}\n"
    )
    catalogue = tmp_path / "uk" / "LC_MESSAGES" / "ui.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "a"\nmsgid "x"\nmsgstr "Чому?"\n\n'
        '#, fuzzy\nmsgctxt "b"\nmsgid "x"\nmsgstr "Чому?"\n',
        encoding="utf-8",
    )

    assert [(x.rule, x.message) for x in file_findings(path, NONE_OF_THESE)] == [
        ("L09", "promises: 'guarantee' (en, a)")
    ]
    assert file_findings(path, allowed) == []
    assert [x.rule for x in file_findings(catalogue, NONE_OF_THESE)] == ["L05"]
