"""The words of the page for services, as `page.…` in the catalogue. It decides nothing."""

from typing import Final

SLIP_WORDS: Final = tuple(
    f"slip_{name}"
    for name in (
        *("title", "about", "kept", "words", "hint", "look", "five", "wrong", "unknown", "wait"),
        *("for", "for_you", "read", "ask", "once", "arrived", "full", "refused", "closed"),
        *("done", "next", "other"),
    )
)
