"""What the ledger refuses, and why. The tree is drawn at `LedgerError`."""

from typing import Literal


class LedgerError(Exception):
    """Refused. `mend` says what helps; neither part holds a listing's content.

    LedgerError
     +- NoSuchRecord      there is none, or none in this person's areas: the same answer
     +- Refused           a rule says no: who, what, why (`code` is one of REFUSALS)
     +- Stale             what it was based on has changed meanwhile
     +- Tampered          it was changed in the database by hand
     +- Invalid           the content is not a listing: `problems` by field
    """

    def __init__(self, said: str, mend: str = "") -> None:
        super().__init__(said)
        self.mend = mend


class NoSuchRecord(LedgerError):
    """There is no such record, or not for this person."""


Refusal = Literal[
    "own_work",  # an author approves their own draft
    "changed_since",  # the draft was changed after it was looked at
    "unchecked",  # a contact that would be shown was never checked, or too long ago
    "not_listed",  # the organisation asked not to be listed
    "not_vetted",  # its vetting is suspended or refused
    "not_yours",  # another role proposes that
    "nothing_new",  # the draft says what stands already
    "wrong_stage",  # the act does not fit the stage
    "second_needed",  # one person alone may not do this
]


class Refused(LedgerError):
    """A rule says no."""

    def __init__(self, code: Refusal, said: str, mend: str = "") -> None:
        super().__init__(said, mend)
        self.code = code


class Stale(LedgerError):
    """The base changed: `theirs` holds the fields that somebody else changed meanwhile."""

    def __init__(self, said: str, mend: str = "", theirs: tuple[str, ...] = ()) -> None:
        super().__init__(said, mend)
        self.theirs = theirs


class Tampered(LedgerError):
    """Something was changed in the database by hand: nothing is built on it."""


class Invalid(LedgerError):
    """The content is not a listing."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        """`problems`: field and what is wrong with it, with how to mend it."""
        super().__init__(f"{len(problems)} fields are not right", "Look at each field.")
        self.problems = problems
