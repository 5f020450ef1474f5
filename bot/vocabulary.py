"""What flows may use that is not written in them: errands, long lists, and what wording can fill
in.

One table a kind, so that a flow is checked against what the program really does (see
`bot.errands`).
"""

from collections.abc import Iterable

from flows.grammar import Errand, Vocabulary

ERRANDS = {
    "find_services": Errand(outcomes=("some", "none"), values=("found", "always", "relaxed")),
    "open_lines": Errand(outcomes=("some", "later", "none"), values=("lines",)),
}
FILLERS = ("keep_hours", "place_name", "need_name")


def vocabulary(
    regions: Iterable[str], others: Iterable[str], languages: Iterable[str]
) -> Vocabulary:
    """The vocabulary of a service, each list in the order in which it is offered.

    `regions` are for a long list; `others` (abroad, occupied) are places too and have choices of
    their own, because they change what help there is.
    """
    listed = tuple(regions)
    return Vocabulary(
        errands=ERRANDS,
        options={
            "regions": listed,
            "places": (*listed, *others),
            "languages": tuple(languages),
        },
        fillers=FILLERS,
    )
