"""The words around a chat with a human on the page, as `page.…` in the catalogue.

It decides which of them the page's script needs, and how a name stands in them. It must not hold
any words itself.
"""

import json
from collections.abc import Mapping
from typing import Final

SCRIPT_WORDS: Final = (
    "talk_me",
    "talk_begin",
    "talk_sealed",
    "talk_sealed_waiting",
    "talk_check",
    "talk_code",
    "talk_before",
    "talk_sending",
    "talk_sent",
    "talk_read",
    "talk_typing",
    "talk_nobody",
    "talk_gone",
    "talk_back",
    "talk_long",
    "talk_broken",
    "talk_hidden",
    "talk_again",
    "talk_elsewhere",
    "talk_here",
    "talk_plain",
    "talk_plain_says",
    "now",
)
"""What `chat.js` says; the page around it hands them over."""
TALK_WORDS: Final = (
    "talk_waiting",
    "talk_with",
    "talk_over",
    "talk_write",
    "talk_write_with",
    "talk_keys",
    "talk_door",
    "talk_device",
    *(name for name in SCRIPT_WORDS if name != "now"),
)
"""All of them."""
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def words_of_script(words: Mapping[str, str]) -> str:
    """What the script says, as JSON, for an attribute of the page."""
    return json.dumps(
        {name.removeprefix("talk_"): words[name] for name in SCRIPT_WORDS},
        ensure_ascii=False,  # a Cyrillic letter is two bytes and not six
        separators=(",", ":"),
    )


def named(words: str, who: str) -> str:
    """Words with a name in them, which may run the other way."""
    return words.replace("{who}", f"{ISOLATE}{who}{END_ISOLATE}")
