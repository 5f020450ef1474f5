"""Every page of every state fits into the one size that all pages have."""

import random

import pytest

from bot.channels.web_page import PAGE_BYTES, Language, Pages, WebSettings
from tests.walks.guide import Guide, speech

ALWAYS_OPEN = ("!help_now", "!human")
MOST_BYTES = 30_000


@pytest.fixture(scope="module")
def pages() -> Pages:
    languages = [Language(one.code, one.endonym, one.dir) for one in speech().languages]
    return Pages(speech().words, languages, WebSettings(demo=True), notice=True)


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("seed", range(12))
def test_no_page_is_larger_than_all_the_others(pages: Pages, language: str, seed: int) -> None:
    dice = random.Random(seed)
    guide = Guide(language)
    shown = guide.look()
    for _ in range(40):
        assert len(pages.answer(shown)) == PAGE_BYTES < MOST_BYTES
        bar = [option for option in shown.bar if option.key in ALWAYS_OPEN]
        shown = guide.press(dice.choice([*shown.options, *shown.listed, *bar]).key)
        if shown.forgotten:
            break
