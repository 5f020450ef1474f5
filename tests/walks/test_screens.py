"""Screens that many people see are made once a minute, and say what each of them would be told."""

import random
from datetime import timedelta

from bot.dialogue.session import Session
from tests.trial import seed
from tests.walks.guide import NIGHT, Guide, wording

LANGUAGES = ("en", "uk", "fr")


def on_the_way(guide: Guide, chance: random.Random) -> list[tuple[Session, tuple[str, ...]]]:
    """What is said to somebody who presses whatever is there, and the session at each screen."""
    seen = []
    out = guide.press("yes")
    for _ in range(14):
        seen.append((guide.session, guide.turn.replies))
        shown = [one.key for one in (*out.options, *out.listed)]
        wanted = [key for key in shown if key.startswith("=UA")] or shown
        out = guide.press(chance.choice([*wanted, "!help_now"]))
        if guide.forgotten:
            break
    return seen


def test_a_screen_that_is_kept_is_the_one_that_would_be_made_anew() -> None:
    chance = random.Random(seed())
    seen = [one for language in LANGUAGES * 12 for one in on_the_way(Guide(language), chance)]
    words = wording()
    kept = [words.word(session, said, NIGHT) for session, said in seen]
    again = [words.word(session, said, NIGHT) for session, said in seen]
    assert again == kept
    assert any(one.blocks is two.blocks for one, two in zip(kept, again, strict=True))
    for (session, said), one in zip(seen, kept, strict=True):
        # What is made in another minute leaves nothing kept of this one.
        words.word(session, said, NIGHT + timedelta(minutes=1))
        assert words.word(session, said, NIGHT) == one


def test_what_a_card_says_of_now_changes_with_the_clock() -> None:
    day, night = NIGHT - timedelta(hours=12), NIGHT
    guide = Guide("en", day)
    for key in ("yes", "psychosocial", "=UA", "=UA-46"):
        guide.press(key)
    words = wording()
    by_day = words.word(guide.session, guide.turn.replies, day)
    by_night = words.word(guide.session, guide.turn.replies, night)
    assert by_day.blocks != by_night.blocks
    assert words.word(guide.session, guide.turn.replies, day) == by_day
