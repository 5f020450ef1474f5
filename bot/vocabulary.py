"""What flows may use that is not written in them: errands, long lists, and what wording can fill
in.

One table a kind, so that a flow is checked against what the program really does (see
`bot.errands`).
"""

from collections.abc import Iterable

from flows.grammar import Errand, Vocabulary

ERRANDS = {
    "find_services": Errand(outcomes=("some", "none"), values=("found", "always", "relaxed")),
    "open_lines": Errand(outcomes=("some",), values=("lines",)),
}
FILLERS = ("keep_hours", "place_name", "need_name")


def vocabulary(places: Iterable[str], languages: Iterable[str]) -> Vocabulary:
    """The vocabulary of a service with these places and languages, in the order they are
    offered.
    """
    return Vocabulary(
        errands=ERRANDS,
        options={"places": tuple(places), "languages": tuple(languages)},
        fillers=FILLERS,
    )
