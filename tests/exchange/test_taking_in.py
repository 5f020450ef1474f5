"""An import in a real ledger: whole or not at all, approved by another person, taken back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.ledger.batches import Imports
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor, LedgerError, NoSuchRecord, Refused, Stale
from bot.vault import SigningKeys
from referral_directory import Directory
from referral_directory.directory import Entry
from referral_directory.exchange.files import bring_pack
from referral_directory.exchange.plan import plan
from referral_directory.exchange.plans import Plan, decided
from referral_directory.keeping import critical
from referral_directory.pack import ListingShape
from tests.exchange.conftest import planned_of
from tests.exchange.files import GOOD
from tests.ledger.ready import laid

ANNA, BORYS = Actor("anna", restricted=True), Actor("borys", restricted=True)
KHARKIV = Actor("vira", areas=("UA-63",))
SECOND = GOOD | {"Name": "Another Place", "Phone": "+380440000002", "Needs": "medical"}


@dataclass
class Office:
    """A ledger of its own, and the packs that it knows the codes of."""

    folder: Path
    directory: Directory
    ledger: Ledger = field(init=False)
    imports: Imports = field(init=False)
    now: float = 1_790_000_000.0

    def __post_init__(self) -> None:
        keys = SigningKeys.open(self.folder / "keys")
        (self.folder / "data").mkdir(mode=0o700)
        path, known = laid(self.folder / "data" / "directory.db"), Known.of(self.directory)
        self.ledger = Ledger.open(path, keys, lambda: self.now, known=known)
        self.imports = Imports(self.ledger.books)

    def plan(self, rows: list[Any] | str, actor: Actor = ANNA) -> Plan:
        return planned_of(self.directory, rows, self.imports.standing(actor))[0]

    def check(self, record: str, actor: Actor = ANNA) -> None:
        draft = self.ledger.record(record, actor).draft
        assert draft is not None
        self.ledger.check(actor, record, critical(draft.content), "call", draft.version)

    def publish(self, record: str) -> None:
        self.check(record)
        draft = self.ledger.record(record, BORYS).draft
        assert draft is not None
        self.ledger.publish(BORYS, record, draft.version, draft.digest)


@pytest.fixture
def office(tmp_path: Path, directory: Directory) -> Iterator[Office]:
    made = Office(tmp_path, directory)
    yield made
    made.ledger.close()


def test_an_import_makes_proposals_and_publishes_and_checks_nothing(office: Office) -> None:
    batch = office.imports.commit(ANNA, office.plan([GOOD, SECOND]))
    assert batch.records == ("ua-another-place", "ua-example-centre")
    assert (batch.state, batch.waiting, batch.by) == ("committed", 2, "anna")
    record = office.ledger.record("ua-example-centre", ANNA)
    assert record.revision == 0
    assert record.published is None
    assert record.checks == ()
    assert record.draft is not None
    assert record.draft.authors == ("anna",)
    assert record.draft.source == f"import:{batch.id}"
    assert office.ledger.published().rows == ()


def test_a_plan_with_an_open_question_is_not_taken_at_all(office: Office) -> None:
    plan_ = office.plan([GOOD, SECOND | {"Area": "Nowhere"}])
    with pytest.raises(Refused):
        office.imports.commit(ANNA, plan_)
    assert office.imports.standing(ANNA).base == {}
    batch = office.imports.commit(ANNA, decided(plan_, leave_out=[3]))
    assert batch.records == ("ua-example-centre",)


def test_a_column_that_is_not_known_stops_it_too(office: Office) -> None:
    with pytest.raises(Refused):
        office.imports.commit(ANNA, office.plan([GOOD | {"Colour": "green"}]))


def test_a_plan_over_what_is_no_more_is_refused_whole(office: Office) -> None:
    early = office.plan([GOOD, SECOND])
    office.imports.commit(ANNA, office.plan([SECOND | {"Phone": "+380440000009"}]))
    with pytest.raises(Stale):
        office.imports.commit(ANNA, early)
    assert set(office.imports.standing(ANNA).base) == {"ua-another-place"}


def test_a_listing_that_changed_meanwhile_stops_every_other_row(office: Office) -> None:
    office.imports.commit(ANNA, office.plan([GOOD, SECOND]))
    office.publish("ua-example-centre")
    office.publish("ua-another-place")
    text = "id,notes\nua-another-place,One.\nua-example-centre,Two.\n"
    made = office.plan(text)
    assert made.counts == {"update": 2}
    content = office.ledger.record("ua-example-centre", ANNA).content
    office.ledger.propose(
        BORYS, "ua-example-centre", {**content, "notes": "Mine."}, base=1, version=None
    )
    with pytest.raises(Stale):
        office.imports.commit(ANNA, made)
    assert office.ledger.record("ua-another-place", ANNA).draft is None


def test_a_kept_plan_is_its_makers_and_goes_when_it_is_taken(office: Office) -> None:
    digest = office.imports.keep(ANNA, office.plan([GOOD]))
    made = office.imports.kept(ANNA, digest)
    assert made.digest == digest
    for actor, named in ((BORYS, digest), (ANNA, "0" * 64)):
        with pytest.raises(NoSuchRecord):
            office.imports.kept(actor, named)
    office.imports.commit(ANNA, made)
    with pytest.raises(NoSuchRecord):
        office.imports.kept(ANNA, digest)


def test_a_purge_takes_words_out_of_plans_that_wait_too(office: Office) -> None:
    secret = "Example house 17, Hidden street"
    office.imports.commit(ANNA, office.plan([SECOND]))
    digest = office.imports.keep(ANNA, office.plan([GOOD | {"Notes": secret}]))
    office.ledger.purge(ANNA, BORYS, "ua-another-place", [f"text:{secret}"], "it was a home")
    with pytest.raises(NoSuchRecord):
        office.imports.kept(ANNA, digest)
    files = list(office.folder.rglob("directory.db*"))
    assert files
    assert all(secret.encode() not in path.read_bytes() for path in files)


def test_a_kept_plan_is_forgotten_after_some_days(office: Office) -> None:
    digest = office.imports.keep(ANNA, office.plan([GOOD]))
    office.now += 5 * 86_400
    office.imports.keep(ANNA, office.plan([SECOND]))
    with pytest.raises(NoSuchRecord):
        office.imports.kept(ANNA, digest)


def test_a_second_person_approves_what_was_checked_and_the_rest_waits(office: Office) -> None:
    batch = office.imports.commit(ANNA, office.plan([GOOD, SECOND]))
    office.check("ua-example-centre")
    assert office.imports.publish(ANNA, batch.id).done == ()
    outcome = office.imports.publish(BORYS, batch.id)
    assert outcome.done == ("ua-example-centre",)
    assert "not checked" in outcome.left["ua-another-place"]
    assert [row.id for row in office.ledger.published().rows if row.content] == [
        "ua-example-centre"
    ]
    assert office.imports.batch(ANNA, batch.id).waiting == 1


def test_what_was_edited_after_the_import_is_not_approved_with_it(office: Office) -> None:
    batch = office.imports.commit(ANNA, office.plan([GOOD]))
    draft = office.ledger.record("ua-example-centre", ANNA).draft
    assert draft is not None
    changed = {**draft.content, "contacts": [{"kind": "phone", "number": "+380440000666"}]}
    office.ledger.propose(ANNA, draft.record, changed, base=0, version=draft.version)
    office.check("ua-example-centre")
    assert office.imports.publish(BORYS, batch.id).done == ()


def test_an_import_is_taken_back_with_its_drafts(office: Office) -> None:
    batch = office.imports.commit(ANNA, office.plan([GOOD, SECOND]))
    outcome = office.imports.undo(ANNA, batch.id)
    assert outcome.left == {}
    assert office.imports.standing(ANNA).base == {}
    assert office.imports.batch(ANNA, batch.id).state == "undone"
    with pytest.raises(Refused):
        office.imports.undo(ANNA, batch.id)
    again = office.imports.commit(ANNA, office.plan([GOOD]))
    assert again.records == ("ua-example-centre-2",)


def test_what_was_published_of_an_import_is_proposed_as_it_was(office: Office) -> None:
    first = office.imports.commit(ANNA, office.plan([GOOD]))
    office.publish("ua-example-centre")
    second = office.imports.commit(ANNA, office.plan("id,cost\nua-example-centre,free\n"))
    office.publish("ua-example-centre")
    assert office.imports.undo(ANNA, second.id).done == ("ua-example-centre",)
    record = office.ledger.record("ua-example-centre", ANNA)
    assert record.content["cost"] == "free"
    assert record.draft is not None
    assert "cost" not in record.draft.content
    assert office.imports.undo(ANNA, first.id).left.keys() == {"ua-example-centre"}


def test_what_somebody_is_changing_now_is_not_taken_back_from_them(office: Office) -> None:
    batch = office.imports.commit(ANNA, office.plan([GOOD]))
    draft = office.ledger.record("ua-example-centre", BORYS).draft
    assert draft is not None
    mine = {**draft.content, "notes": "I called them."}
    office.ledger.propose(BORYS, draft.record, mine, base=0, version=draft.version)
    outcome = office.imports.undo(ANNA, batch.id)
    assert "draft" in outcome.left["ua-example-centre"]
    kept = office.ledger.record("ua-example-centre", BORYS).draft
    assert kept is not None
    assert kept.content == mine


def test_who_keeps_one_region_imports_for_that_region_alone(office: Office) -> None:
    office.imports.commit(ANNA, office.plan([SECOND | {"Area": "UA-46"}]))
    standing = office.imports.standing(KHARKIV)
    assert standing.base == {}
    named = office.plan([SECOND | {"id": "ua-another-place"}], KHARKIV)
    unknown = office.plan([SECOND | {"id": "ua-no-such-place"}], KHARKIV)
    assert named.counts == unknown.counts == {"rejected": 1}
    assert [f.said for f in named.items[0].faults] == [f.said for f in unknown.items[0].faults]
    with pytest.raises(LedgerError):
        office.imports.commit(KHARKIV, office.plan([GOOD | {"Area": "UA-46"}], KHARKIV))
    assert office.imports.commit(KHARKIV, office.plan([GOOD], KHARKIV)).waiting == 1
    assert len(office.imports.batches(KHARKIV)) == 1


def test_an_organisation_that_asked_not_to_be_listed_is_not_imported(office: Office) -> None:
    office.ledger.mark_organization(ANNA, "Example FOUNDATION", do_not_list=True, why="asked")
    item = office.plan([GOOD]).items[0]
    assert item.action == "rejected"
    assert "asked not to be listed" in item.faults[0].said


def test_a_new_pack_is_merged_with_what_was_changed_here(office: Office) -> None:
    shape = {
        "names": {"en": "Pack Centre", "uk": "Центр"},
        "organization": {"en": "Org"},
        "needs": ["legal"],
        "area": ["UA"],
        "languages": ["uk"],
        "summary": {"en": "It helps.", "uk": "Допомога."},
        "contacts": [{"kind": "phone", "number": "+380440000001"}],
        "source": {"url": "https://example.org", "date": "2026-01"},
    }
    country = next(iter(office.directory.entries.values())).country

    def pack(**more: Any) -> Directory:
        written = ListingShape.model_validate(shape | more)
        entry = Entry(written, country, "packs/zz/services.yaml", 1)
        return replace(office.directory, entries={"ua-pack-centre": entry})

    def update(**more: Any) -> Plan:
        brought = bring_pack(pack(**more), "zz")
        standing = office.imports.standing(ANNA, "pack:zz")
        return plan(brought.rows, standing, source="pack:zz", country="UA", remember=True)

    office.ledger.seed(pack().entries, "pack:zz")
    assert update().counts == {"unchanged": 1}
    content = office.ledger.record("ua-pack-centre", ANNA).content
    ours = {**content, "cost": "free", "languages": ["uk", "en"]}
    office.ledger.propose(ANNA, "ua-pack-centre", ours, base=1, version=None)
    office.publish("ua-pack-centre")

    assert update().counts == {"unchanged": 1}
    newer = {"anonymous": "yes", "source": {"url": "https://example.org", "date": "2026-06"}}
    made = update(**newer)
    assert made.counts == {"update": 1}
    office.imports.commit(ANNA, made)
    office.publish("ua-pack-centre")
    stands = office.ledger.record("ua-pack-centre", ANNA).content
    assert (stands["cost"], stands["anonymous"], stands["languages"]) == (
        "free",
        "yes",
        ["uk", "en"],
    )
    assert update(**newer).counts == {"unchanged": 1}

    both = update(**newer, languages=["uk", "pl"], no_id="yes")
    assert (both.items[0].action, both.items[0].changes) == ("conflict", ("languages",))
    kept = decided(both, keep_ours=[1])
    office.imports.commit(ANNA, kept)
    draft = office.ledger.record("ua-pack-centre", ANNA).draft
    assert draft is not None
    assert (draft.content["languages"], draft.content["no_id"]) == (["uk", "en"], "yes")


def test_a_batch_is_not_taken_back_or_told_of_by_who_keeps_only_some_of_its_areas(
    office: Office,
) -> None:
    far = SECOND | {"Area": "UA-46"}
    batch = office.imports.commit(ANNA, office.plan([GOOD | {"Area": "UA-63"}, far]))
    assert office.imports.batch(KHARKIV, batch.id).records == ("ua-example-centre",)
    with pytest.raises(Refused):
        office.imports.undo(KHARKIV, batch.id)
    assert office.imports.batch(ANNA, batch.id).waiting == 2
    outcome = office.imports.publish(KHARKIV, batch.id)
    assert (outcome.done, tuple(outcome.left)) == ((), ("ua-example-centre",))
    assert office.imports.undo(ANNA, batch.id).done == ("ua-another-place", "ua-example-centre")
