"""Whatever three people do to a translation, survivors see only what two of them agreed on."""

import itertools
import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ledger.model import Refused, Stale
from bot.ledger.texts import Spot
from tests.ledger.conftest import ANNA, BORYS, VIRA, Office
from tests.often import often

PEOPLE = st.sampled_from([ANNA, BORYS, VIRA])
WORDS = st.sampled_from(["Aide.", "Une aide.", "De l'aide."])
STEPS = st.one_of(
    st.tuples(st.just("write"), PEOPLE, WORDS),
    st.tuples(st.just("approve"), PEOPLE, WORDS),
    st.tuples(st.just("english"), PEOPLE, st.sampled_from(["Help.", "More help."])),
)
FOLDERS = itertools.count()


@given(steps=st.lists(STEPS, min_size=3, max_size=8))
@settings(
    max_examples=often(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_only_what_one_wrote_and_another_approved_is_shown(
    make_office: Callable[[str], Office], steps: list[tuple[str, object, str]]
) -> None:
    office = make_office(f"office-{next(FOLDERS)}")
    record = office.published()
    spot = Spot(record, "summary", "fr")
    under_way: tuple[object, str] | None = None
    shown: str | None = None
    for act, who, words in steps:
        if act == "write":
            office.ledger.write_text(who, spot, words)  # type: ignore[arg-type]
            under_way = (who, words)
        elif act == "english":
            summary = office.ledger.record(record, VIRA).content["summary"]
            if summary["en"] != words:
                office.approved(office.changed(record, summary=summary | {"en": words}))
                under_way = None
        else:
            may = under_way is not None and under_way[0] != who and under_way[1] == words
            try:
                office.ledger.review_text(who, spot, words)  # type: ignore[arg-type]
            except (Refused, Stale):
                assert not may
            else:
                assert may
                shown, under_way = words, None
        body = office.served()[record]
        assert body is not None
        assert json.loads(body)["summary"].get("fr") == shown
    assert office.ledger.verify_history() == ()
