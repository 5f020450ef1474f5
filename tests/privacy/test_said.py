"""What the notice says, in every language, and how long it takes to read."""

import re

import pytest

from bot.channels.contract import Block
from bot.channels.telegram_text import MOST_UNITS, messages, units
from bot.cli.doctor_people import notice as looked_at
from bot.privacy import Promised, notice, promised
from bot.settings import Settings
from bot.speech import Speech, read_speech
from bot.wiring import LOCALES

MOST_WORDS = 480
"""Read in two minutes by an adult who reads 240 words a minute."""
MOST_MESSAGES = 2
TELLING = re.compile(
    r"violen|survivor|assault|abuse|rape|насил|сексу|smurt|prievart|zorak|viol\b|agresi",
    re.IGNORECASE,
)
NAMED = Promised(organisation="Example House", contact="privacy@guide.example")


@pytest.fixture(scope="module")
def speech() -> Speech:
    return read_speech(LOCALES)


def text(blocks: tuple[Block, ...]) -> str:
    """All of it."""
    return "\n".join(line.text for block in blocks for line in block.lines)


def test_it_is_read_in_two_minutes_and_sent_in_two_messages(speech: Speech) -> None:
    assert len(text(notice(speech.phrases["en"], NAMED)).split()) <= MOST_WORDS
    for words in speech.phrases.values():
        sent = messages(notice(words, NAMED))
        assert len(sent) <= MOST_MESSAGES
        assert all(units(one.text) <= MOST_UNITS for one in sent)


def test_it_is_said_in_every_language_and_shows_in_none_what_the_guide_is_about(
    speech: Speech,
) -> None:
    said = {code: text(notice(words, NAMED)) for code, words in speech.phrases.items()}
    assert len(set(said.values())) == len(speech.languages)
    lines = {code: set(one.splitlines()) for code, one in said.items()}
    for code, one in said.items():
        assert not TELLING.search(one), code
        assert "{" not in one
        assert "!" not in one
        same = lines[code] & lines["en"] if code != "en" else set()
        assert same == set()


def test_the_hours_of_the_settings_are_the_hours_that_are_said(speech: Speech) -> None:
    facts = promised(Settings.model_validate({"keep_hours": 168, "telegram_clear_hours": 7}))
    for words in speech.phrases.values():
        said = text(notice(words, facts))
        assert said.count("168") == 2
        assert re.search(r"\b7\b", said)
        # A copy of a session opens as long as its key lives: 168 hours, and what is left of a day.
        assert re.search(r"\b8\b", said)
    assert Promised().copy_days == 4
    assert Promised(keep_hours=24).copy_days == 4


def test_who_runs_it_is_named_or_said_to_be_unnamed(speech: Speech) -> None:
    for words in speech.phrases.values():
        said = text(notice(words, NAMED))
        assert "Example House" in said
        assert "privacy@guide.example" in said
        unnamed = text(notice(words, Promised()))
        assert words("privacy.who_unknown") in unnamed
        assert words("privacy.contact_unknown") in unnamed


@pytest.mark.parametrize("said", ["Example\nHouse", "a\u202eb", "x" * 161])
def test_a_name_that_would_break_the_notice_is_no_setting(said: str) -> None:
    with pytest.raises(ValueError, match=r"contact"):
        Settings.model_validate({"contact": said})


def test_the_doctor_misses_a_name_until_somebody_sets_it() -> None:
    unnamed = looked_at(Settings.model_validate({"organisation": "Example House"}))
    assert unnamed.verdict == "warn"
    assert unnamed.mend.startswith("Set contact in")
    named = Settings.model_validate({"organisation": "Example House", "contact": "a@b.example"})
    assert looked_at(named).verdict == "ok"
