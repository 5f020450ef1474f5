"""What the errands of a chat with a human come back with where nobody runs a desk.

It decides nothing and keeps nothing. Flows then lead on to lines to call and to write to.
"""

from datetime import datetime
from typing import Final

from bot.dialogue.effects import Errand
from bot.dialogue.events import Returned

NOBODY: Final = {
    "ask_person": "none",
    "desk": "none",
    "end_talk": "ended",
    "feedback": "counted",
    "in_line": "over",
    "new_code": "none",
    "stop_waiting": "stopped",
    "transfer_no": "done",
    "transfer_yes": "done",
}


def no_desk(errand: Errand, at: datetime) -> Returned:
    """The answer to any of these errands. Raises `KeyError` for another one."""
    del at
    return Returned(NOBODY[errand.name])
