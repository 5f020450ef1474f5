"""L05-L09, L14-L16, L20-L22, L27, L33-L35, L42, L43: words that are not said, list by list.

Which words they are stands in the language's own file. A rule says in which texts they count, and
whether a `not` before them turns them round.
"""

import re
from collections.abc import Callable, Iterator

from flows.wording.lists import Lists
from flows.wording.making import SHOWN, Fault, TextRule
from flows.wording.patterns import Hit, has, hits, words_after, words_before
from flows.wording.said import Said
from flows.wording.sentences import sentences

_DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:mg|ml|mcg|µg|мг|мл|мкг|mq)\b", re.IGNORECASE)
_CLOSING = "\"”»“)' …"

Check = Callable[[Said, Lists], Iterator[Fault]]


def is_question(sentence: str) -> bool:
    """Whether a sentence ends with a question mark."""
    return sentence.rstrip(_CLOSING).endswith("?")


def turned_round(sentence: str, hit: Hit, lists: Lists) -> bool:
    """Whether a `not` stands with a phrase: 'I cannot promise'."""
    clause = max(sentence.rfind(mark, 0, hit.start) for mark in lists.clause_marks) + 1
    before = words_before(sentence[clause:], hit.start - clause)
    after = words_after(sentence, hit.end)
    return (
        has(lists.negations, before, lists.language)
        or has(lists.negations_after, hit.said, lists.language)
        or has(lists.negations_after, after, lists.language)
    )


def found_in(
    text: str, part: str, lists: Lists, *, turns: bool = True
) -> Iterator[tuple[str, Hit]]:
    """Sentence and hit for every phrase of a list that counts in a text."""
    for sentence in sentences(text):
        for hit in hits(getattr(lists, part), sentence, lists.language):
            if not (turns and turned_round(sentence, hit, lists)):
                yield sentence, hit


def never(
    part: str, message: str, mend: str, *, turns: bool = True, quotes: str = "staff"
) -> Check:
    """A check that phrases of a list are not said. `message` may show `{said}`.

    `turns`: a `not` before the phrase makes it right. `quotes`: who may say it in quotation marks.
    """

    def check(said: Said, lists: Lists) -> Iterator[Fault]:
        quoted_counts = quotes == "nobody" or (quotes == "staff" and not said.staff)
        text = said.words if quoted_counts else said.unquoted
        for hit in dict.fromkeys(h.said for _, h in found_in(text, part, lists, turns=turns)):
            yield message.format(said=" ".join(hit.split())), mend

    return check


def why_question(said: Said, lists: Lists) -> Iterator[Fault]:
    """L05: a question that asks for reasons."""
    for sentence, hit in found_in(said.unquoted, "why", lists, turns=False):
        if is_question(sentence):
            yield f"asks '{hit.said}'", "Ask what is needed now, or say it as a sentence."


def incident_question(said: Said, lists: Lists) -> Iterator[Fault]:
    """L06: a question or a request for the story."""
    mend = "Ask only what is needed now, with choices."
    for sentence, hit in found_in(said.unquoted, "incident_questions", lists):
        if is_question(sentence):
            yield f"asks for the story: '{hit.said}'", mend
    for _, hit in found_in(said.unquoted, "incident_requests", lists):
        yield f"asks for the story: '{hit.said}'", mend


def medicine(said: Said, lists: Lists) -> Iterator[Fault]:
    """L15: doses, and diagnoses."""
    if dose := _DOSE.search(said.words):
        yield f"names a dose: '{dose[0]}'", "Say what it is for, and leave the dose to a clinician."
    for _, hit in found_in(said.unquoted, "diagnoses", lists):
        yield f"sounds like a diagnosis: '{hit.said}'", "Say what people may feel, not what it is."


def bad_fallback(said: Said, lists: Lists) -> Iterator[Fault]:
    """L43: a note that only says that nothing was understood."""
    for _, hit in found_in(said.words, "not_understood", lists, turns=False):
        yield f"says '{hit.said}'", "Say that the limit is the guide's, and what can be done."


def many_orders(said: Said, lists: Lists) -> Iterator[Fault]:
    """L35: more than one order in a message that leaves no choice."""
    orders = [
        sentence
        for sentence in sentences(said.unquoted)
        if any(hit.start <= 1 for hit in hits(lists.imperatives, sentence, lists.language))
    ]
    if len(orders) > 1 and not has(lists.modals, said.words, lists.language):
        yield f"gives {len(orders)} orders", "Say 'you can' or 'if you want'."


RULES = (
    TextRule(
        "L05", "error", "'Why' sounds like blame (Open University; Canada DND).", why_question
    ),
    TextRule(
        "L06",
        "error",
        "Details of what happened are never asked for here: each telling can harm (Murad Code).",
        incident_question,
    ),
    TextRule(
        "L07",
        "error",
        "What is not written about what happened cannot be found (Murad Code).",
        never("invites_writing", "invites to write: '{said}'", "Offer choices.", quotes="all"),
    ),
    TextRule(
        "L08",
        "error",
        "Nothing that tells who or where somebody is is asked for (Chayn; NNEDV Safety Net).",
        never("identity", "asks for '{said}'", "Do without it.", quotes="all"),
    ),
    TextRule(
        "L09",
        "error",
        "A promise that does not hold costs trust or safety (IASC Pocket Guide; Open University).",
        never("promises", "promises: '{said}'", "Say what is known, from when, and what is not."),
        SHOWN,
    ),
    TextRule(
        "L14",
        "error",
        "It blames, presses or makes small (WHO LIVES; Canada DND).",
        never("never_say", "says '{said}'", "Say what is possible now.", quotes="all"),
        SHOWN,
    ),
    TextRule(
        "L15",
        "error",
        "Doses and diagnoses are for clinicians (scope of the service).",
        medicine,
        SHOWN,
    ),
    TextRule(
        "L16",
        "error",
        "Care never depends on the police (Mental health and GBV, p. 156).",
        never("police_first", "makes care depend on a report: '{said}'", "Care comes first."),
        SHOWN,
    ),
    TextRule(
        "L20",
        "error",
        "Words about suicide are plain, without methods and without blame (NSPA; WHO).",
        never(
            "suicide_never", "says '{said}'", "Say 'end your life'.", turns=False, quotes="nobody"
        ),
        SHOWN,
    ),
    TextRule(
        "L21",
        "error",
        "A child who fears a notice to the family tells nobody (UNICEF Safer Chatbots).",
        never("tell_parents", "speaks of telling the family: '{said}'", "Name the child line."),
        SHOWN,
    ),
    TextRule(
        "L22",
        "error",
        "Risk lists do not predict; a low figure can keep help away (DASH guidance).",
        never("risk_score", "gives a score: '{said}'", "Name what to do; never a figure."),
        SHOWN,
    ),
    TextRule(
        "L27",
        "error",
        "Graphic words bring it back (content design for distress).",
        never("graphic", "says '{said}'", "Say 'violence', 'what was done to you'.", turns=False),
        SHOWN,
        staff=False,
    ),
    TextRule(
        "L33",
        "warning",
        "A person is more than what was done to them, and is believed (IASC Pocket Guide).",
        never("victim", "says '{said}'", "Say 'person' or 'survivor'.", turns=False, quotes="all"),
        SHOWN,
    ),
    TextRule(
        "L34",
        "warning",
        "Who did it is responsible, and the sentence says so (media guidance on sexual violence).",
        never("passive", "says '{said}'", "Say 'what was done to you'.", turns=False),
        SHOWN,
    ),
    TextRule(
        "L35",
        "warning",
        "The person decides; orders are for emergencies (trauma-informed practice).",
        many_orders,
        frozenset({"say"}),
        staff=False,
    ),
    TextRule(
        "L42",
        "warning",
        "Nobody is written to unasked: a notification can be read by others (NNEDV Safety Net).",
        never(
            "reengage",
            "announces to write again: '{said}'",
            "The person comes back when they want.",
        ),
        SHOWN,
    ),
    TextRule(
        "L43",
        "warning",
        "A miss is the guide's, and shows a way on (UNICEF Safer Chatbots).",
        bad_fallback,
        frozenset({"note"}),
    ),
)
