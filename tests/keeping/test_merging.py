"""Two changes of one listing are put together, and nobody's work is lost without a word."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory.keeping import changes, three_way
from referral_directory.pack import ListingShape
from tests.keeping.helpers import PHONE, SECOND_PHONE, SITE, content
from tests.often import often

THIRD_PHONE = {"kind": "phone", "number": "+380440000003"}
NEW_NUMBER = PHONE | {"number": "+380440000008", "shown": "044 000 00 08"}
OTHER_NUMBER = PHONE | {"number": "+380440000009"}


def test_an_update_of_the_pack_reaches_the_fields_that_nobody_here_changed() -> None:
    base = content(contacts=[PHONE, SITE])
    ours = content(contacts=[NEW_NUMBER, SITE], cost="free")
    theirs = content(contacts=[PHONE, SITE | {"label": {"en": "Chat"}}], hours="Mo-Fr 09:00-18:00")

    merge = three_way(base, ours, theirs)

    assert merge.conflicts == ()
    assert merge.content == content(
        contacts=[NEW_NUMBER, SITE | {"label": {"en": "Chat"}}],
        cost="free",
        hours="Mo-Fr 09:00-18:00",
    )


def test_one_field_that_both_changed_stays_ours_and_is_named() -> None:
    merge = three_way(
        content(),
        content(summary={"en": "We answer.", "uk": "Вам відповідять."}),
        content(summary={"en": "They answer.", "uk": "Вони відповідять."}),
    )

    assert merge.conflicts == ("summary.en",)
    assert merge.content["summary"] == {"en": "We answer.", "uk": "Вони відповідять."}


def test_two_new_numbers_are_never_mixed_into_one() -> None:
    merge = three_way(
        content(), content(contacts=[NEW_NUMBER, SITE]), content(contacts=[OTHER_NUMBER, SITE])
    )

    assert merge.content["contacts"] == content(contacts=[NEW_NUMBER, SITE])["contacts"]
    assert merge.conflicts == ("contacts[phone 1].number", "contacts[phone 1].shown")


def test_a_contact_that_one_side_took_out_and_the_other_changed_is_asked_about() -> None:
    both, gone = content(contacts=[PHONE, SITE]), content(contacts=[SITE])
    changed = content(contacts=[NEW_NUMBER, SITE])

    assert three_way(both, gone, changed).conflicts == ("contacts[phone 1 before]",)
    assert three_way(both, gone, changed).content == gone
    assert three_way(both, changed, gone).conflicts == ("contacts[phone 1]",)
    assert three_way(both, changed, gone).content == changed


def test_what_both_added_alike_is_one_contact_and_what_each_added_is_kept() -> None:
    merge = three_way(
        content(contacts=[PHONE]),
        content(contacts=[PHONE, SITE, SECOND_PHONE]),
        content(contacts=[THIRD_PHONE, PHONE, SITE]),
    )

    assert merge.conflicts == ()
    assert (
        merge.content["contacts"]
        == (content(contacts=[THIRD_PHONE, PHONE, SITE, SECOND_PHONE])["contacts"])
    )


def test_a_contact_that_one_side_moved_up_stands_up_and_two_orders_are_asked_about() -> None:
    base = content(contacts=[PHONE, SECOND_PHONE, SITE])
    moved = content(contacts=[SITE, PHONE, SECOND_PHONE])
    otherwise = content(contacts=[SECOND_PHONE, PHONE, SITE])

    assert three_way(base, base, moved).content == moved
    assert three_way(base, moved, base).content == moved
    assert three_way(base, moved, otherwise).conflicts == ("contacts.order",)
    assert three_way(base, moved, otherwise).content == moved


def test_without_a_common_past_every_difference_is_asked_about() -> None:
    merge = three_way(None, content(), content(names={"en": "Another", "uk": "Тихе місце"}))

    assert merge.conflicts == ("names.en",)
    assert merge.content == content()


def test_hours_are_never_mixed() -> None:
    base = content(hours={"printed": "by day", "rules": "Mo-Fr 09:00-18:00"})
    ours = content(hours={"printed": "by day", "rules": "Mo-Fr 10:00-18:00"})
    theirs = content(hours={"printed": "by night", "rules": "Mo-Fr 20:00-22:00"})

    merge = three_way(base, ours, theirs)

    assert (merge.content, merge.conflicts) == (ours, ("hours",))


ONE_PHONE: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"kind": st.just("phone"), "number": st.sampled_from([f"+38044000000{n}" for n in range(5)])},
    optional={"free": st.sampled_from(["yes", "no"]), "shown": st.sampled_from(["044", "045"])},
)
ONE_SITE: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"kind": st.just("web"), "url": st.sampled_from([f"https://example.org/{n}" for n in "ab"])},
    optional={"label": st.sampled_from([{"en": "Chat"}, {"en": "Form"}])},
)
CONTACTS: st.SearchStrategy[dict[str, Any]] = st.one_of(ONE_PHONE, ONE_SITE)
LISTINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"needs": st.sampled_from([["legal"], ["shelter"], ["legal", "shelter"]])},
    optional={
        "contacts": st.lists(
            CONTACTS, max_size=4, unique_by=lambda one: str(one.get("number", "url"))
        ),
        "names": st.dictionaries(
            st.sampled_from("abc"), st.sampled_from("xyz"), min_size=1, max_size=3
        ),
        "cost": st.sampled_from(["free", "paid"]),
        "hours": st.sampled_from([{"printed": "a", "rules": "b"}, {"printed": "c"}]),
    },
)


def texts_of(listing: dict[str, Any]) -> dict[str, Any]:
    """Every field that is not of a contact."""
    found = {name: value for name, value in listing.items() if name not in {"contacts", "names"}}
    return found | {f"names.{key}": text for key, text in listing.get("names", {}).items()}


def contacts_of(listing: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one.get("number", "url"): one for one in listing.get("contacts", [])}


@given(base=LISTINGS, ours=LISTINGS, theirs=LISTINGS)
@settings(max_examples=often(250), deadline=None)
def test_a_field_that_one_side_changed_stands_and_one_that_both_changed_is_named(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merge = three_way(base, ours, theirs)

    before, here, there = texts_of(base), texts_of(ours), texts_of(theirs)
    after = texts_of(merge.content)
    for name in before.keys() | here.keys() | there.keys():
        was, our, their = before.get(name), here.get(name), there.get(name)
        assert (len({str(was), str(our), str(their)}) == 3) == (name in merge.conflicts)
        assert after.get(name) == (their if our == was else our)


@given(base=LISTINGS, ours=LISTINGS, theirs=LISTINGS)
@settings(max_examples=often(250), deadline=None)
def test_no_contact_is_lost_and_none_comes_back_without_being_named(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merge = three_way(base, ours, theirs)

    before, here, there = contacts_of(base), contacts_of(ours), contacts_of(theirs)
    after = contacts_of(merge.content)
    named = any(name.startswith("contacts[") for name in merge.conflicts)
    assert here.keys() - before.keys() <= after.keys()
    assert there.keys() - before.keys() <= after.keys() or named
    gone = (before.keys() - there.keys()) | (before.keys() - here.keys())
    assert not gone & after.keys() or named
    for key in before.keys() & here.keys() & there.keys():
        for field in ("free", "shown", "label"):
            was, our = before[key].get(field), here[key].get(field)
            their = there[key].get(field)
            assert after[key].get(field) == (their if our == was else our) or named


@given(base=LISTINGS, ours=LISTINGS, theirs=LISTINGS)
@settings(max_examples=often(120), deadline=None)
def test_who_changed_nothing_gets_what_the_other_wrote(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    assert changes(theirs, three_way(base, base, theirs).content) == ()
    assert changes(ours, three_way(base, ours, base).content) == ()
    assert changes(ours, three_way(base, ours, ours).content) == ()
    assert three_way(base, ours, ours).conflicts == ()
    assert three_way(base, base, theirs).conflicts == three_way(base, ours, base).conflicts == ()
    assert three_way(base, ours, theirs) == three_way(base, ours, theirs)


def test_what_comes_out_is_a_listing() -> None:
    merge = three_way(
        content(hours="24/7"),
        content(contacts=[NEW_NUMBER], hours="24/7"),
        content(who={"woman": "yes"}, hours=None),
    )

    ListingShape.model_validate(merge.content)
    assert merge.conflicts == ()
