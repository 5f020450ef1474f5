"""What partners read at this moment: what was suspended, changed, merged or spoilt since."""

import asyncio
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.hsds import api as api_room
from bot.hsds.catalogue import Catalogue
from referral_directory.exchange.hsds import Facts, ReadAs, contents_from, service_from
from referral_directory.exchange.hsds_ids import uuid_of
from referral_directory.keeping import critical
from tests.hsds.helpers import TODAY, book, faults_of, hsds
from tests.hsds.partners import ANNA, BORYS, Clock, a_ledger, an_api, first, some


async def test_what_is_suspended_is_gone_with_the_next_answer(tmp_path: Path) -> None:
    async with an_api(tmp_path, first(12)) as api:
        names = list(first(12))
        gone = uuid_of("service", names[0])
        before = await api.get("/services?per_page=500")
        assert gone in {one["id"] for one in before["contents"]}
        api.ledger.suspend(ANNA, [names[0]], why="A message said that it is not safe.")
        assert (await api.ask("GET", f"/services/{gone}")).status == 404
        for path in ("/services", "/services?search=a", "/services?minimal=true"):
            assert gone not in {one["id"] for one in (await api.get(path))["contents"]}
        assert (await api.get("/services"))["total_items"] == before["total_items"] - 1


async def test_what_is_suspended_is_gone_while_the_catalogue_is_still_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name, *_) = entries = first(4)
    gone, made, gate = uuid_of("service", name), Catalogue, threading.Event()

    def slowly(*parts: Any) -> Catalogue:
        gate.wait(20)
        return made(*parts)

    async with an_api(tmp_path, entries) as api:
        monkeypatch.setattr(api_room, "PATIENCE", 0)
        monkeypatch.setattr(api_room, "Catalogue", slowly)
        api.ledger.suspend(ANNA, [name], why="A message said that it is not safe.")
        for _ in range(2):
            assert gone not in await api.ids("/services")
            assert (await api.ask("GET", f"/services/{gone}")).status == 404
            assert (await api.get("/organizations?search="))["total_items"] < 4
        gate.set()
        assert len(await api.ids("/services")) == 3


async def test_a_corrected_number_is_what_partners_read(tmp_path: Path) -> None:
    (name,) = some("ua-src-kyiv")
    async with an_api(tmp_path, some(name)) as api:
        record = api.ledger.record(name, ANNA)
        phones = [one for one in record.content["contacts"] if one["kind"] == "phone"]
        new = {**phones[0], "number": "+380440000009", "notes": "SECRET"}
        content = {**record.content, "contacts": [new], "notes": "SECRET", "priority": 9}
        draft = api.ledger.propose(ANNA, name, content, base=record.revision, version=None, why="")
        uuid = uuid_of("service", name)
        assert "+380440000009" not in json.dumps(await api.get(f"/services/{uuid}"))
        parts = ["contact:phone:+380440000009"]
        api.ledger.check(BORYS, name, parts, "call", draft.version)
        api.ledger.publish(BORYS, name, draft.version, draft.digest)
        served = await api.get(f"/services/{uuid}")
        assert [one["number"] for one in served["phones"]] == ["+380440000009"]
        assert served["assured_date"] == "2026-11-23"
        assert "SECRET" not in json.dumps(served)
        assert faults_of("service", served) == []
        api.clock.now += 86400 * 125
        old = await api.get(f"/services/{uuid}")
        assert "Not confirmed since 2026-11-23" in old["alert"]
        api.clock.now += 86400 * 90
        assert (await api.ask("GET", f"/services/{uuid}")).status == 404
        assert (await api.get("/organizations"))["empty"]


async def test_a_record_of_a_partner_is_read_by_its_own_id_and_exported_as_it_came(
    tmp_path: Path,
) -> None:
    path = hsds("examples/service_full.json")
    (row,) = contents_from(path.read_bytes(), book(), as_=ReadAs(country="UA"))
    assert row.content is not None
    async with an_api(tmp_path, first(1)) as api:
        draft = api.ledger.propose(ANNA, None, row.content, base=0, version=None, why="Import")
        api.ledger.check(BORYS, draft.record, critical(row.content), "call", draft.version)
        api.ledger.publish(BORYS, draft.record, draft.version, draft.digest)
        example = json.loads(path.read_text(encoding="utf-8"))
        served = await api.get(f"/services/{example['id']}")
        assert (served["name"], served["assured_date"]) == (example["name"], "2026-11-23")
        assert served["organization"]["id"] == example["organization"]["id"]
        assert faults_of("service", served) == []
        # What nobody here checked is not given to partners; a file gives all of it back.
        assert "programs" not in served["organization"]
        published = next(r for r in api.ledger.published().rows if r.id == draft.record)
        content = json.loads(published.content or b"")
        given = service_from(draft.record, content, Facts("UA"), book(), TODAY)
        assert given == service_from(draft.record, row.content, Facts("UA"), book(), TODAY)
        assert given["organization"]["programs"] == example["organization"]["programs"]


async def test_a_row_changed_by_hand_is_not_given_to_partners(tmp_path: Path) -> None:
    entries = first(3)
    changed, *others = entries
    a_ledger(tmp_path, entries, Clock()).close()
    with closing(sqlite3.connect(tmp_path / "directory.db")) as file, file:
        wrong = "update shelf set body = replace(body, '+380', '+381') where id = ?"
        assert file.execute(wrong, (changed,)).rowcount == 1
    async with an_api(tmp_path, {}) as api:
        assert await api.ids("/services") == {uuid_of("service", name) for name in others}


async def test_a_row_that_is_changed_by_hand_later_is_found_by_the_next_look(
    tmp_path: Path,
) -> None:
    name, *others = entries = first(3)
    hours = Clock()
    async with an_api(tmp_path, entries, hours=hours) as api:
        assert len(await api.ids("/services")) == 3
        with closing(sqlite3.connect(tmp_path / "directory.db")) as file, file:
            file.execute(
                "update shelf set body = replace(body, '+380', '+381') where id = ?", (name,)
            )
        assert uuid_of("service", name) in await api.ids("/services")
        hours.now += 601
        found: set[str] = set()
        for _ in range(200):
            found = await api.ids("/services")
            if len(found) == 2:
                break
            await asyncio.sleep(0.02)
        assert found == {uuid_of("service", other) for other in others}


async def test_whoever_asks_for_a_merged_service_is_led_to_the_one_it_became(
    tmp_path: Path,
) -> None:
    keep, gone = entries = first(2)
    async with an_api(tmp_path, entries) as api:
        api.ledger.merge(ANNA, keep, gone, {})
        (draft,) = api.ledger.drafts(BORYS)
        api.ledger.publish(BORYS, draft.record, draft.version, draft.digest)
        answer = await api.ask("GET", f"/services/{uuid_of('service', gone)}")
        assert answer.status == 301
        assert answer.headers["Location"] == f"/services/{uuid_of('service', keep)}"


async def test_when_what_is_published_cannot_be_read_nothing_is_given(tmp_path: Path) -> None:
    async with an_api(tmp_path, first(12)) as api:
        await api.get("/services")
        with closing(sqlite3.connect(api.folder / "directory.db")) as file, file:
            file.execute("drop table shelf")
        answer = await api.ask("GET", "/services")
        assert (answer.status, answer.record["mend"]) == (503, "Ask again in a minute.")
