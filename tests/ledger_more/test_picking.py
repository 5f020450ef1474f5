"""Whatever two listings say: what is picked of the other is taken, and what is not stays."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.merging import merged
from bot.ledger.plain import written
from bot.ledger.wordings import texts, with_text
from referral_directory.keeping import changes
from tests.often import often

LABELS = st.sampled_from([{"en": "By day"}, {"en": "By night", "uk": "Уночі"}, {"uk": "Без"}])
PHONES = st.fixed_dictionaries(
    {"kind": st.just("phone"), "number": st.sampled_from(["101", "102", "103"])},
    optional={"free": st.sampled_from(["yes", "no"]), "label": LABELS},
)
LISTINGS = st.fixed_dictionaries(
    {
        "names": st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"), min_size=1),
        "needs": st.sampled_from([["legal"], ["shelter"], ["legal", "shelter"]]),
    },
    optional={
        "contacts": st.lists(PHONES, min_size=1, max_size=4),
        "hours": st.sampled_from([{"printed": "a", "rules": "b"}, {"printed": "c"}]),
        "carried": st.sampled_from([{"x.y": {"z": 1}}, {"x": 2}]),
        "cost": st.sampled_from(["free", "paid"]),
    },
)


def unordered(listing: dict[str, Any]) -> dict[str, Any]:
    return {**listing, "contacts": sorted(map(written, listing.get("contacts", [])))}


@given(ours=LISTINGS, theirs=LISTINGS)
@settings(max_examples=often(120), deadline=None)
def test_all_of_the_other_or_nothing_of_it_can_be_taken(
    ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    fields = [change.field for change in changes(ours, theirs)]

    assert merged(ours, theirs, {}) == ours
    assert merged(ours, theirs, dict.fromkeys(fields, "keep")) == ours
    assert unordered(merged(ours, theirs, dict.fromkeys(fields, "gone"))) == unordered(theirs)


@given(ours=LISTINGS, theirs=LISTINGS, data=st.data())
@settings(max_examples=often(80), deadline=None)
def test_one_field_that_is_taken_leaves_all_others_as_they_are(
    ours: dict[str, Any], theirs: dict[str, Any], data: st.DataObject
) -> None:
    fields = [change.field for change in changes(ours, theirs) if change.field[:8] != "contacts"]
    if not fields:
        return
    field = data.draw(st.sampled_from(fields))

    after = merged(ours, theirs, {field: "gone"})

    top = field.split(".")[0]
    assert {change.field.split(".")[0] for change in changes(ours, after)} == {top}
    assert field not in [change.field for change in changes(after, theirs)]


@given(listing=LISTINGS)
@settings(max_examples=often(80), deadline=None)
def test_a_translation_lands_in_its_place_and_in_no_other(listing: dict[str, Any]) -> None:
    for part, said in texts(listing).items():
        after = texts(with_text(listing, part, "fr", "Le jour"))

        assert after == {**texts(listing), part: {**said, "fr": "Le jour"}}
