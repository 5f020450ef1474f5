"""The word lists of each language, from `<language>.yaml`; the rules know no word of their own.

Every language has every list, an empty one where its grammar has no such thing. What a list is
for stands beside its name here.
"""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from authored import read_file, shape
from flows.wording.patterns import compiled

HERE = Path(__file__).parent

Phrases = tuple[str, ...]


class Lists(BaseModel):
    """The lists of one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    longest_sentence: int
    negations: Phrases
    """Before a phrase they turn it round: 'not', 'never', 'nobody'."""
    negations_after: Phrases
    """The same, where a language says them at the end of the verb."""

    clause_marks: str
    """A `not` before one of these says nothing of what comes after it. Where a comma stands before
    every 'that' ("do not think, that it is too late"), it is none of them.
    """

    why: Phrases
    incident_questions: Phrases
    """In a question they ask for the story."""
    incident_requests: Phrases
    """They ask for the story without a question mark."""
    invites_writing: Phrases
    identity: Phrases
    promises: Phrases
    never_say: Phrases
    diagnoses: Phrases
    police_first: Phrases
    graphic: Phrases
    topic: Phrases
    """Words that show what the service is about."""
    victim: Phrases
    passive: Phrases
    suicide_never: Phrases
    tell_parents: Phrases
    risk_score: Phrases
    not_understood: Phrases
    reengage: Phrases
    feedback: Phrases
    gendered: Phrases
    jargon: Phrases
    plain_capitals: Phrases
    """Short forms that everybody knows, and what stays in capitals."""
    number_words: Phrases
    time_units: Phrases
    vague: Phrases
    imperatives: Phrases
    modals: Phrases

    skip: Phrases
    automatic: Phrases
    safe_to_read: Phrases
    limits: Phrases
    """How it is said what is kept, who can read along and what others must report."""
    three_days: Phrases
    five_days: Phrases
    care_still_helps: Phrases
    hiv: Phrases
    pregnancy: Phrases
    without_call: Phrases
    nobody_answers: Phrases
    suicide_plain: Phrases
    child_line: Phrases
    validation: Phrases
    person: Phrases
    menu: Phrases
    erased: Phrases

    call_words: Phrases
    """A short number beside one of them is one to dial."""
    not_numbers: Phrases
    """After a number they say that it counts something."""
    countries: dict[str, Phrases]
    """Country code (EU for the Union) → how it is named."""

    @field_validator("*")
    @classmethod
    def _readable(cls, value: object) -> object:
        phrases = value if isinstance(value, tuple) else ()
        for part in value.values() if isinstance(value, dict) else [phrases]:
            for phrase in part:
                compiled(phrase)
        return value


@cache
def read_lists(language: str, folder: Path = HERE) -> Lists | None:
    """The lists of a language; None when nobody has written them. Raises `Mistakes`."""
    path = folder / f"{language}.yaml"
    return shape(Lists, read_file(path)) if path.exists() else None
