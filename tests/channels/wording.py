"""Words of the pages and the terminal for tests. The real ones are in `locales/`."""

from pathlib import Path

from bot.channels.web_page import PAGE_WORDS
from flows.ui import read_ui

LOCALES = Path(__file__).resolve().parents[2] / "locales"
ENGLISH = {
    # Around a chat with a human, and to services, a page has so much to say that the real words are
    # said here too.
    **{
        key: said
        for key, said in read_ui(LOCALES).items()
        if key.startswith(("page.talk_", "page.slip_"))
    },
    "page.title": "Guide",
    "page.exit": "Leave this page now",
    "page.exit_hint": "What was said here is erased. The history of your browser stays.",
    "page.choices": "Your answer",
    "page.list": "Pick from the list",
    "page.list_first": "Choose one",
    "page.pick": "Go on",
    "page.write": "Or write a word or a number",
    "page.write_hint": "Please leave out names and what happened.",
    "page.send": "Send",
    "page.bar": "Open at any time",
    "page.languages": "Language",
    "page.now": "Phone numbers for right now",
    "page.cookie": "This page uses one cookie. It goes when you leave or close the browser.",
    "page.privacy": "What is kept here",
    "page.no_cookie": "Your browser did not keep the cookie that this page needs.",
    "page.demo": "This is a demonstration. Do not rely on it.",
    "page.home": "Back to the guide",
    "page.again": "Start again",
    "page.gone": "Left",
    "page.emergency": "Help now",
    "page.down": "Your last answer was not saved. These can help without this page.",
    "page.sorry": "That did not work",
    "page.not_found": "There is no page at this address.",
    "page.not_allowed": "This page cannot be used that way.",
    "page.too_much": "That was too much for one answer.",
    "page.unreadable": "That could not be read.",
    "page.refused": "This came from another site, so it was not taken.",
    "page.many": "A lot came from your network at once, so this was not taken.",
    "page.slow": "That took too long to arrive. Please try again.",
    "page.open": "Open",
    "page.keys": "A number key picks a choice.",
    "page.exit_keys": "Pressing Esc three times leaves too.",
    "page.wait": "One moment",
    "page.failed": "No answer came. You can try again.",
    "page.live": "New messages",
    "page.look": "Show what is new",
    "terminal.hint": "Write a number or a word. Ctrl-D leaves and erases.",
    "terminal.always": "At any time:",
    "terminal.left": "You have left. What was remembered here is erased.",
    "terminal.left_unsure": "You have left. Erasing could not be confirmed.",
    "terminal.down": "Your last answer was not saved.",
}
UKRAINIAN = {"page.exit": "Вийти з цієї сторінки", "page.write": "Або напишіть слово чи число"}


def words(language: str, key: str) -> str:
    """A word in a language; English where the tests have no other."""
    return (UKRAINIAN if language == "uk" else {}).get(key) or ENGLISH[key]


assert {f"page.{name}" for name in PAGE_WORDS} <= set(ENGLISH)
