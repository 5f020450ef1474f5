"""The plan is what is looked at, decided upon and committed, and nothing else is."""

import json
from dataclasses import replace
from typing import Any

import pytest

from referral_directory.exchange.plan import Standing
from referral_directory.exchange.plans import decided, plan_from_json, plan_json
from referral_directory.exchange.rows import Content
from tests.exchange.conftest import Planned
from tests.exchange.files import GOOD


def _stands(notes: str = "As it stands.") -> dict[str, Any]:
    return {
        "names": {"en": "Example Centre", "uk": "Центр «Приклад»"},
        "organization": {"en": "Example Foundation", "uk": "Фонд «Приклад»"},
        "needs": ["legal.advice"],
        "area": ["UA-63"],
        "contacts": [{"kind": "phone", "number": "+380440000001"}],
        "languages": ["uk"],
        "summary": {"en": "A lawyer answers.", "uk": "Відповідає юрист."},
        "source": {"url": "https://example.org/about", "date": "2026-05-01"},
        "notes": notes,
    }


def _base(revision: int = 3, notes: str = "As it stands.") -> dict[str, tuple[int, Content]]:
    return {"ua-example-centre": (revision, _stands(notes))}


def test_a_new_row_is_created_with_an_id_of_its_name_and_country(planned: Planned) -> None:
    rows = [GOOD, GOOD | {"Phone": "+380440000002", "Area": "UA-46"}]
    plan = planned([*rows, GOOD | {"Name": "Būstas", "Area": "LT", "Phone": "+37060000001"}])
    assert [item.id for item in plan.items] == [
        "ua-example-centre",
        "ua-example-centre-2",
        "lt-bustas",
    ]
    assert {item.action for item in plan.items} == {"create"}
    assert plan.ready


def test_the_same_service_again_is_suspected_and_stops_the_file(planned: Planned) -> None:
    plan = planned([GOOD | {"Notes": "again"}], Standing(_base()))
    item = plan.items[0]
    assert item.action == "duplicate"
    assert item.likes[0].id == "ua-example-centre"
    assert "same_phone" in item.likes[0].reasons
    assert not plan.ready
    assert decided(plan, as_new=[2]).ready
    assert decided(plan, leave_out=[2]).counts == {"left_out": 1}


def test_the_same_service_twice_in_one_file_is_suspected_too(planned: Planned) -> None:
    plan = planned([GOOD, GOOD | {"Notes": "a second time"}])
    assert [item.action for item in plan.items] == ["create", "duplicate"]
    assert plan.items[1].likes[0].id == plan.items[0].id


def test_a_pair_that_somebody_dismissed_is_not_asked_again(planned: Planned) -> None:
    pair = frozenset({"ua-example-centre", "ua-example-centre-2"})
    standing = Standing(_base(), dismissed=frozenset({pair}))
    assert planned([GOOD], standing).counts == {"create": 1}


def test_a_row_of_an_older_revision_is_a_conflict_unless_it_says_what_stands(
    planned: Planned,
) -> None:
    text = "id,revision,notes\nua-example-centre,2,{}\n"
    plan = planned(text.format("Something else."), Standing(_base()))
    assert (plan.items[0].action, plan.items[0].changes) == ("conflict", ("notes",))
    assert not plan.ready
    assert planned(text.format("As it stands."), Standing(_base())).counts == {"unchanged": 1}


def test_a_row_of_an_older_revision_is_merged_where_that_is_known(planned: Planned) -> None:
    before = {**_stands(), "notes": "As it was."}
    standing = Standing(_base(), ancestors={"ua-example-centre": before})
    text = "id,revision,notes,cost\nua-example-centre,2,{},free\n"
    item = planned(text.format("As it was."), standing).items[0]
    assert (item.action, item.changes) == ("update", ("cost",))
    assert item.content == {**_stands(), "cost": "free"}
    plan = planned(text.format("As they want it."), standing)
    assert (plan.items[0].action, plan.items[0].changes) == ("conflict", ("notes",))
    kept = decided(plan, keep_ours=[2]).items[0]
    assert kept.action == "update"
    assert kept.content == {**_stands(), "cost": "free"}


def test_a_row_about_a_listing_with_an_open_draft_waits_for_it(planned: Planned) -> None:
    drafted: Content = _stands("Somebody is at it.")
    standing = Standing(_base(), drafts={"ua-example-centre": drafted})
    text = "id,notes\nua-example-centre,{}\n"
    plan = planned(text.format("Mine."), standing)
    assert (plan.items[0].action, plan.items[0].why) == ("conflict", "draft")
    assert decided(plan, keep_ours=[2]).items[0].action == "conflict"
    same = planned(text.format("Somebody is at it."), standing)
    assert same.counts == {"unchanged": 1}


def test_two_rows_about_one_listing_are_one_too_many(planned: Planned) -> None:
    text = "id,notes\nua-example-centre,One.\nua-example-centre,Two.\n"
    plan = planned(text, Standing(_base()))
    assert [item.action for item in plan.items] == ["update", "rejected"]
    assert "Row 2" in plan.items[1].faults[0].said


@pytest.mark.parametrize("name", ["example", "UA-Example", "ua-", "../ua-example", "ua-приклад"])
def test_an_id_that_is_none_is_rejected(planned: Planned, name: str) -> None:
    assert planned([GOOD | {"id": name}]).counts == {"rejected": 1}


def test_who_keeps_a_part_cannot_learn_or_take_the_ids_of_others(planned: Planned) -> None:
    plan = planned([GOOD | {"id": "ua-of-others"}], Standing({}, names_ids=False))
    assert plan.counts == {"rejected": 1}
    assert plan.items[0].faults[0].column == "id"


def test_an_organisation_that_is_not_to_be_listed_is_rejected(planned: Planned) -> None:
    standing = Standing({}, refuses=lambda content: "It asked not to be listed.")
    plan = planned([GOOD], standing)
    assert plan.items[0].action == "rejected"
    assert plan.items[0].content is None


def test_a_plan_has_one_digest_and_any_decision_another(planned: Planned) -> None:
    plan = planned([GOOD], Standing(_base()))
    assert planned([GOOD], Standing(_base())).digest == plan.digest
    others = {
        decided(plan, as_new=[2]).digest,
        decided(plan, leave_out=[2]).digest,
        planned([GOOD], Standing(_base() | {"ua-other": (1, _stands())})).digest,
        planned([GOOD | {"Notes": "x"}], Standing(_base())).digest,
        replace(plan, source="another.csv").digest,
    }
    assert plan.digest not in others
    assert len(others) == 5


def test_a_plan_is_kept_as_it_was_made_or_not_at_all(planned: Planned) -> None:
    plan = planned([GOOD, GOOD | {"Needs": "nothing"}], Standing(_base()))
    text = plan_json(plan)
    assert plan_from_json(text) == plan
    told = json.loads(text)
    told["items"][0]["content"]["contacts"][0]["number"] = "+380440000666"
    with pytest.raises(ValueError, match="changed since"):
        plan_from_json(json.dumps(told))
    with pytest.raises(ValueError, match="not a plan"):
        plan_from_json('{"items": [1], "digest": ""}')


def test_what_is_wrong_in_a_row_is_in_no_repr(planned: Planned) -> None:
    plan = planned([GOOD | {"Phone": "a secret +380440000001"}])
    assert "secret" not in repr(plan)
    assert "0440000001" not in repr(plan)
