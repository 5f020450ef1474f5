"""L28-L32, L36-L40: whether a text can be read in distress, aloud, by anybody."""
# ruff: noqa: ARG001  # every check takes a text and the lists of its language

import re
from collections.abc import Iterator
from itertools import pairwise

from flows.wording.lists import Lists
from flows.wording.making import SHOWN, Fault, TextRule
from flows.wording.patterns import compiled, folded, has, hits
from flows.wording.said import Kind, Said
from flows.wording.sentences import grade, measured, sentences, words

MOST_SENTENCES = 3
MOST_WORDS = 60
AVERAGE_WORDS = 12
ENOUGH_WORDS = 25
"""Words from which a figure for reading means something; below, one long name decides it."""
LABEL_CHARS = 20

_LETTERS = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-])")
_LAW = re.compile(r"№\s?\d+|\b\d{2,}-[IVXІХ]+\b|\b\d+/\d{4}\b")
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2B55\u203C\u2049\uFE0F]")
_PLACEHOLDER = re.compile(r"\{[a-z_0-9]*\}")
_LONG_PHONE = re.compile(r"\+?\d(?:[\s()-]{0,2}\d){6,}")


def too_much(said: Said, lists: Lists) -> Iterator[Fault]:
    """L28: more than three sentences, or sixty words."""
    found = measured(said.words)
    if found.sentences > MOST_SENTENCES:
        yield f"has {found.sentences} sentences", f"Up to {MOST_SENTENCES} can be taken in."
    if found.words > MOST_WORDS:
        yield f"has {found.words} words", f"Up to {MOST_WORDS} can be taken in."


def long_sentence(said: Said, lists: Lists) -> Iterator[Fault]:
    """L29: sentences that are long, one or all."""
    found = measured(said.words)
    if found.longest > lists.longest_sentence:
        longest = max(sentences(said.words), key=lambda sentence: len(words(sentence)))
        start = " ".join(longest.split()[:4])
        mend = f"Up to {lists.longest_sentence}: make two of '{start} …'."
        yield f"has a sentence of {found.longest} words", mend
    if found.average > AVERAGE_WORDS and found.words >= ENOUGH_WORDS:
        yield f"has {found.average:.1f} words a sentence", f"Up to {AVERAGE_WORDS} on average."


def hard_words(said: Said, lists: Lists) -> Iterator[Fault]:
    """L30: the measure of the language."""
    text = _LONG_PHONE.sub("", said.words)
    if measured(text).words >= ENOUGH_WORDS:
        name, figure, plain = grade(text, said.language)
        if not plain:
            yield f"is hard to read: {name} {figure:.1f}", "Shorter words, shorter sentences."


def questions(said: Said, lists: Lists) -> Iterator[Fault]:
    """L32: more than one question."""
    count = said.unquoted.count("?")
    if count > 1:
        yield f"asks {count} questions", "Ask one; the next step can ask the other."


def gendered(said: Said, lists: Lists) -> Iterator[Fault]:
    """L36: a form that fits only women or only men, without the other beside it."""
    for hit in hits(lists.gendered, said.words, said.language):
        # 'sure (f. …)', 'sure/sure', 'not sure / not sure': the other form stands close by.
        around = said.words[max(hit.start - 5, 0) : hit.start] + said.words[hit.end : hit.end + 2]
        if not re.search(r"[(/·]", around):
            mend = "Word it so that it fits anybody, or give both forms."
            yield f"fits one gender only: '{hit.said}'", mend


def unexplained(said: Said, lists: Lists) -> Iterator[Fault]:
    """L37: short forms, numbers of laws and Latin that nobody explains."""
    text = _PLACEHOLDER.sub(" ", said.words)
    for found in _capitals(text):
        beside = text[max(found.start() - 1, 0)] + text[found.end() : found.end() + 2]
        # The other word beside it in brackets: 'PEP (medicine …)' or 'medicine … (PEP)'.
        explained = "(" in beside or ")" in text[found.end() : found.end() + 1]
        if not explained and not _plain(found[0], lists):
            yield f"'{found[0]}' is not explained", "Say it in words, or explain it in brackets."
    for number in _LAW.finditer(text):
        yield f"'{number[0]}' says nothing to most people", "Say what it is about."
    for hit in hits(lists.jargon, text, said.language):
        yield f"'{hit.said}' is a word for specialists", "Say it plainly, or explain it."


def _capitals(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _LETTERS.finditer(text) if found[0].isupper())


def _plain(capitals: str, lists: Lists) -> bool:
    low = folded(capitals, lists.language)
    return any(compiled(known, lists.language).fullmatch(low) for known in lists.plain_capitals)


def loud(said: Said, lists: Lists) -> Iterator[Fault]:
    """L38: capitals, exclamation marks, pictures."""
    text = _PLACEHOLDER.sub(" ", said.words)
    for one, other in pairwise(_capitals(text)):
        beside = text[one.end() : other.start()] == " "
        if beside and not (_plain(one[0], lists) and _plain(other[0], lists)):
            yield f"'{one[0]} {other[0]}' is written as a shout", "Write it small."
    if "!" in text or "¡" in text:
        yield "has an exclamation mark", "Say it calmly."
    if picture := _EMOJI.search(text):
        yield f"has a picture: '{picture[0]}'", "Words alone are read the same by everybody."


def no_word(said: Said, lists: Lists) -> Iterator[Fault]:
    """L39: a label without a word in it."""
    if not any(map(str.isalpha, said.words)):
        digits = any(map(str.isdigit, said.words))
        if not digits:
            yield "has no word in it", "A screen reader needs a word."


def vague(said: Said, lists: Lists) -> Iterator[Fault]:
    """L31: a label that is long, or says nothing alone."""
    if len(said.words) > LABEL_CHARS:
        yield f"the label has {len(said.words)} characters", f"Up to {LABEL_CHARS} fit everywhere."
    low = folded(said.words.strip(" .…"), said.language)
    if any(compiled(one, said.language).fullmatch(low) for one in lists.vague):
        yield f"'{said.words}' says nothing alone", "Name where it leads."


def written_numbers(said: Said, lists: Lists) -> Iterator[Fault]:
    """L40: spelled numbers before a unit, and a phone inside a line."""
    for hit in hits(lists.number_words, said.words, said.language):
        after = " ".join(said.words[hit.end :].split()[:1])
        if has(lists.time_units, after, said.language):
            yield f"'{hit.said} {after}' is spelled out", "Write digits: they are found at once."
    for line in said.words.splitlines():
        phone = _LONG_PHONE.search(line)
        if phone and any(map(str.isalpha, line.replace(phone[0], ""))) and said.kind != "ui":
            mend = "Put it on a line of its own, so that it can be pressed and copied."
            yield f"the number '{phone[0].strip()}' stands inside a line", mend


DISTRESS = "In distress less is taken in (contentdesign.london; tpximpact)."
PLAIN = "Health texts are read best at 9 to 11 years' level (azhin.org; readable.com; indices)."
FLOWS: frozenset[Kind] = frozenset({"say", "note"})
LABELS: frozenset[Kind] = frozenset({"label"})

RULES = (
    TextRule("L28", "warning", DISTRESS, too_much, FLOWS),
    TextRule("L29", "warning", "Short sentences are understood (chcs.org).", long_sentence, FLOWS),
    TextRule("L30", "warning", PLAIN, hard_words, FLOWS),
    TextRule("L31", "warning", "A label is read alone (cognitive load).", vague, LABELS),
    TextRule("L32", "warning", "Several questions confuse (Open University).", questions, FLOWS),
    TextRule(
        "L36",
        "warning",
        "Men, women and everybody else read this (survivors of all genders).",
        gendered,
        SHOWN,
    ),
    TextRule(
        "L37", "warning", "Short forms shut people out (health literacy).", unexplained, SHOWN
    ),
    TextRule("L38", "warning", "A calm page calms (tone).", loud, SHOWN),
    TextRule("L39", "warning", "A picture is not read aloud (accessibility).", no_word, LABELS),
    TextRule("L40", "warning", "Digits are found at a glance (CHES; chcs.org).", written_numbers),
)
