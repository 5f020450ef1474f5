"""What flows may use that is not written in them: errands, long lists, and what wording can fill
in.

One table a kind, so that a flow is checked against what the program really does (see
`bot.errands`).
"""

from collections.abc import Iterable, Mapping

from flows.grammar import Errand, Vocabulary

OWN = ("ua", "lt", "az", "cd", "co")
"""Countries whose regions flows ask for: words that the errand `countries` comes back with."""
ERRANDS = {
    "countries": Errand(outcomes=("several", *OWN, "other")),
    "crisis_lines": Errand(outcomes=("some", "later", "none"), values=("lines",)),
    "find_services": Errand(outcomes=("some", "none"), values=("found", "always", "relaxed")),
    "open_lines": Errand(outcomes=("some", "later", "none"), values=("lines",)),
    "report_listing": Errand(outcomes=("noted",)),
    # Words to take along to a service: see `bot.slipping`.
    "slip_for": Errand(outcomes=("yes", "no")),
    "make_slip": Errand(outcomes=("made", "later", "no"), values=("slip",)),
    # A human takes over. `handing_words` says how each value is worded.
    "ask_person": Errand(
        outcomes=("waiting", "closed", "none"), values=("passed", "secrecy", "in_line")
    ),
    # Nobody brings the duty and the notice: what they say depends on the place and the settings.
    "desk": Errand(
        outcomes=("open", "closed", "paused", "none"),
        values=("passed", "duty", "notice", "secrecy", "in_line", "opens", "desk_message"),
    ),
    "end_talk": Errand(outcomes=("ended",)),
    "feedback": Errand(outcomes=("counted",)),
    "in_line": Errand(
        outcomes=("waiting", "talking", "over"),
        values=("passed", "secrecy", "in_line", "opens", "desk_message", "who", "code"),
    ),
    "new_code": Errand(outcomes=("made", "none"), values=("code",)),
    "stop_waiting": Errand(outcomes=("stopped",)),
    "transfer_no": Errand(outcomes=("done",)),
    "transfer_yes": Errand(outcomes=("done",)),
}
FILLERS = ("keep_hours", "place_name", "need_name")
REGIONS = "regions_"
"""What the list of a country's regions is called begins with this: `regions_ua`."""


def vocabulary(
    countries: Iterable[str],
    regions: Mapping[str, Iterable[str]],
    others: Iterable[str],
    languages: Iterable[str],
) -> Vocabulary:
    """The vocabulary of a service, each list in the order in which it is offered.

    `countries`: those that can be picked here. `regions`: every country there is, with its
    regions. `others` (abroad, occupied) are places too and have choices of their own, because
    they change what help there is.
    """
    listed = {code: tuple(parts) for code, parts in regions.items()}
    every = (*listed, *(part for parts in listed.values() for part in parts), *others)
    return Vocabulary(
        errands=ERRANDS,
        options={
            "countries": tuple(countries),
            **{f"{REGIONS}{code.lower()}": parts for code, parts in listed.items() if parts},
            "places": every,
            "languages": tuple(languages),
        },
        fillers=FILLERS,
    )
