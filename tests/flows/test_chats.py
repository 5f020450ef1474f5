"""What a flow may say of a chat with a human: text that is theirs, news of it, the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from authored import Mistakes
from flows.conversations import Report, play, read_conversations
from flows.grammar import RETURN, Vocabulary, Way
from flows.lint import lint
from flows.reader import read_library, read_script
from flows.table import Table
from tests.flows.small_player import SmallPlayer

Write = Callable[..., Path]

CHAT = """\
format: 1
id: chat
title: While a human answers
entry: joined
aside: true
slots:
  handoff: {values: [waiting, talking], retention: session}
steps:
  joined: {say: A person is here now., go: talk}
  talk:
    set: {handoff: talking}
    say: What you write goes to them.
    takes: person
    outcomes: {long: longer}
    choices: {end: {label: End this chat, go: over}}
  longer: {say: That was too long., go: talk}
  over: {set: {handoff: null}, say: This is the guide again., go: return}
  enter:
    say: You can write your six words here.
    takes: code
    outcomes: {found: talk, unknown: enter, wait: over}
    choices: {skip: {label: Not now, go: return}}
"""
START = "start: find_help/need"
NEWS = f"{START}\nnews: {{joined: chat/joined, ended: chat/over, quiet: lines}}"
LEGAL = "      legal: {label: Legal help, set: {need: legal}, go: place}"
CODE = f"{LEGAL}\n      code: {{label: I have six words, go: chat/enter}}"


def library_of(write: Write, *changes: tuple[str, str]) -> Path:
    """The small library with a chat, in which these texts are others."""
    chat, always = CHAT, NEWS
    for old, new in changes:
        assert old in chat + always
        chat, always = chat.replace(old, new), always.replace(old, new)
    return write(chat=chat, always=(START, always), find_help=(LEGAL, CODE))


def test_a_flow_says_what_is_text_for_a_human_and_what_is_told_of_the_chat(
    write: Write, vocabulary: Vocabulary
) -> None:
    script = read_script(library_of(write), vocabulary)
    talk, enter = script.steps["chat/talk"], script.steps["chat/enter"]
    assert (talk.takes, talk.outcomes) == ("person", {"long": Way("chat/longer")})
    assert enter.takes == "code"
    assert [way.to for way in enter.outcomes.values()] == ["chat/talk", "chat/enter", "chat/over"]
    assert (talk.sets, script.steps["chat/over"].sets) == (
        {"handoff": "talking"},
        {"handoff": None},
    )
    assert script.news == {
        "joined": "chat/joined",
        "ended": "chat/over",
        "quiet": "always/lines",
    }
    assert (script.flows["chat"].aside, script.flows["find_help"].aside) == (True, False)


@pytest.mark.parametrize(
    ("state", "trigger", "to"),
    [
        ("chat/talk", "outcome.long", "chat/longer"),
        ("chat/talk", "outcome.sent", None),
        ("chat/talk", "outcome.found", None),
        ("chat/enter", "outcome.unknown", "chat/enter"),
        ("chat/enter", "outcome.found", "chat/talk"),
        ("chat/over", "pass", RETURN),
    ],
)
def test_what_became_of_text_leads_where_the_flow_says_and_else_nowhere(
    write: Write, vocabulary: Vocabulary, state: str, trigger: str, to: str | None
) -> None:
    table = Table(read_script(library_of(write), vocabulary))
    assert table.advance(state, trigger, {}) == to
    fired = table.fired(state, trigger, {})
    assert (fired.to if fired else None) == to


@pytest.mark.parametrize(
    "changes",
    [
        [("aside: true\n", "")],
        [
            ("takes: person", "takes: code"),
            ("{long: longer}", "{found: over, unknown: over, wait: over}"),
        ],
        [("{long: longer}", "{long: longer, nobody: longer}")],
        [("set: {handoff: talking}", "set: {handoff: waiting}")],
        [("quiet: lines", "quiet: chat/talk")],
    ],
)
def test_a_person_could_notice_each_of_these_so_the_version_is_another(
    write: Write, vocabulary: Vocabulary, changes: list[tuple[str, str]]
) -> None:
    before = read_script(library_of(write), vocabulary).version
    assert read_script(library_of(write, *changes), vocabulary).version != before


def findings(library: Path, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What lint says of the chat: rule, message."""
    found = lint(read_library(library, vocabulary), {})
    return [(one.rule, one.message) for one in found if one.file.endswith("chat.yaml")]


def test_an_aside_that_news_leads_to_and_that_returns_is_wise(
    write: Write, vocabulary: Vocabulary
) -> None:
    assert findings(library_of(write), vocabulary) == []


def test_a_step_that_no_news_leads_to_any_more_is_found(
    write: Write, vocabulary: Vocabulary
) -> None:
    (found,) = findings(library_of(write, ("joined: chat/joined, ", "")), vocabulary)
    assert found == ("unreachable", "nothing leads here")


def test_news_that_leads_into_a_flow_that_is_no_aside_is_found_at_its_returns(
    write: Write, vocabulary: Vocabulary
) -> None:
    found = findings(library_of(write, ("aside: true\n", "")), vocabulary)
    assert {rule for rule, _ in found} == {"return-nowhere"}
    assert len(found) == CHAT.count("go: return")


def test_a_slot_that_is_filled_on_arrival_is_declared_where_it_is_filled(
    write: Write, vocabulary: Vocabulary
) -> None:
    slot = "  handoff: {values: [waiting, talking], retention: session}\n"
    library = library_of(write, (f"slots:\n{slot}", ""))
    flow = library / "medical_time.yaml"
    text = flow.read_text(encoding="utf-8").replace("slots:\n", f"slots:\n{slot}")
    flow.write_text(text, encoding="utf-8")
    found = findings(library, vocabulary)
    assert [rule for rule, _ in found] == ["slot-elsewhere"] * 2
    assert all("fills 'handoff'" in message for _, message in found)


Played = Callable[[str], Report]


@pytest.fixture
def played(tmp_path: Path, write: Write, vocabulary: Vocabulary) -> Played:
    def played(steps: str) -> Report:
        folder = tmp_path / "conversations"
        folder.mkdir()
        (folder / "a.yaml").write_text(f"- case: a chat\n  steps: {steps}\n", encoding="utf-8")
        library = read_library(library_of(write), vocabulary)
        return play(read_conversations(folder), library, SmallPlayer)

    return played


def test_a_case_can_tell_of_news_and_of_what_became_of_text(played: Played) -> None:
    report = played("""
    - happened: {news: joined, values: {who: [Linden]}}
    - expect: {step: chat/talk, say_contains: Linden, silent: false, slot: {handoff: talking}}
    - user: something for them alone
    - returned: {outcome: sent}
    - expect: {step: talk, silent: true}
    - user: something very long
    - returned: {outcome: long}
    - expect: {step: talk, say_contains: goes to them, silent: false}
    - happened: {news: ended}
    - expect: {step: find_help/need, silent: false}""")

    assert report.failures == ()
    missed = {place.message for place in report.coverage["en"].missed()}
    assert "chat/talk outcome long" not in missed
    assert "chat/enter outcome wait" in missed


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("[{happened: {news: lapsed}}, {choose: legal}]", "no step tells of 'lapsed'"),
        ("[{expect: {silent: true}}, {choose: legal}]", "is not silent"),
        (
            "[{happened: {news: joined}}, {user: hello}, {expect: {silent: false}}]",
            "says nothing",
        ),
    ],
)
def test_news_that_nobody_tells_and_a_guide_that_is_not_silent_are_faults_of_the_case(
    played: Played, steps: str, message: str
) -> None:
    (failure,) = played(steps).failures
    assert (failure.message, failure.rule) == (f"a chat (en): {message}", "conversation")


def test_text_for_a_human_needs_words_for_when_the_chat_has_ended(
    write: Write, vocabulary: Vocabulary
) -> None:
    with pytest.raises(Mistakes) as raised:
        read_script(library_of(write, (", ended: chat/over", "")), vocabulary)
    (mistake,) = raised.value.found
    assert Path(mistake.file).name == "always.yaml"
    assert "nobody is told that a chat has ended, and chat/talk" in mistake.message
    over = ("{long: longer}", "{long: longer, over: over}")
    assert read_script(library_of(write, (", ended: chat/over", ""), over), vocabulary).news
