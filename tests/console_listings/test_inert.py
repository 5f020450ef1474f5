"""Whatever is typed into any field of a listing is text on every page, and never more."""

import json
from typing import Any

import pytest

from bot.console.listing_form import begun
from referral_directory.keeping import critical
from tests.console_frame.visitors import Visitor
from tests.console_listings.payloads import TRIED
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, Rooms, content
from tests.console_listings.test_form import FULL

pytestmark = pytest.mark.asyncio(loop_scope="session")
PER_LISTING = 30


def hostile(some: tuple[str, ...]) -> dict[str, Any]:
    """A listing that says these wherever any words may stand."""
    said = [" ".join(one.split()) for one in some]
    english = {"en": said[0], "uk": said[1], "ru": said[2]}
    hours = {
        "printed": said[3],
        "rules": "Mo-Fr 09:00-18:00",
        "closed": [{"from": "2026-12-25", "to": "2027-01-02", "reason": {"en": said[4]}}],
    }
    source = {"url": f"https://x.example/?{said[5].replace(' ', '')}", "printed": said[6]}
    phone = {
        "kind": "phone",
        "number": "+380440000077",
        "shown": said[7],
        "label": {"en": said[8], "uk": said[9]},
        "notes": said[10],
        "hours": {"printed": said[11]},
        "source": source,
    }
    page = {
        "kind": "web",
        "url": f"https://x.example/{said[12].replace(' ', '')}",
        "label": {"en": said[13]},
    }
    mail = {"kind": "email", "email": f"{said[14].replace(' ', '').replace('@', '')}@x.example"}
    address = {"line": said[15], "city": said[16], "region": said[17], "postal_code": said[18]}
    return content(
        names=english,
        organization={"en": said[19], "uk": said[20]},
        summary={"en": said[21][:280], "uk": said[22][:280]},
        contacts=[phone, page, mail],
        address=address,
        hours=hours,
        source=source,
        also=[said[23], said[24]],
        accepted={said[25]: said[26]},
        pair=said[27],
        notes=said[28],
        carried={"x": said[29]},
    )


def harm(page: str) -> list[str]:
    """What could run, load or be sent elsewhere."""
    found = []
    for tag, attrs in Seen(page).tags:
        if tag == "script" and attrs.get("src") != "/static/console.js":
            found.append(f"a script: {attrs}")
        if tag in {"style", "iframe", "object", "embed", "base", "img", "svg", "form"} and (
            tag != "form" or not attrs.get("action", "").startswith("/")
        ):
            found.append(f"<{tag}> {attrs}")
        found += [
            f"{name} on <{tag}>" for name in attrs if name.startswith("on") or name == "style"
        ]
        for name in ("href", "action", "formaction", "src"):
            place = attrs.get(name, "/")
            if not place.startswith(
                ("/", "?", "#", "https://x.example/", "tel:", "mailto:", "data:,")
            ):
                found.append(f"{name}={place}")
    return found


@pytest.mark.parametrize("first", range(0, len(TRIED), PER_LISTING))
async def test_three_hundred_scripts_in_every_field_are_text_on_every_page(
    anna: Visitor, rooms: Rooms, first: int
) -> None:
    said = hostile(TRIED[first : first + PER_LISTING])
    id_ = rooms.draft(said, why=TRIED[first]).record
    draft = rooms.record(id_).draft
    assert draft is not None
    rooms.ledger.check(AUTHOR, id_, critical(draft.content), "call", draft.version)
    plain = await pages(anna, id_)
    rooms.ledger.suspend(AUTHOR, (id_,), why=TRIED[first])
    plain["suspended"] = await anna.get(f"/listings/{id_}")
    assert [(path, harm(page)) for path, page in plain.items() if harm(page)] == []
    edit = Sent(plain[f"/listings/{id_}/edit"], f"/listings/{id_}/edit").fields
    sent = {name: edit[name] for name in begun(said).fields if begun(said).fields[name]}
    typed = begun(json.loads(json.dumps(draft.content))).fields
    assert sent == {name: typed[name] for name in sent}


async def pages(anna: Visitor, id_: str) -> dict[str, str]:
    paths = [
        f"/listings?text={id_[3:9]}",
        "/drafts",
        f"/drafts/{id_}",
        f"/listings/{id_}",
        f"/listings/{id_}/edit",
        f"/listings/{id_}/history",
        f"/listings/{id_}/purge",
        f"/listings/{id_}/preview?of=draft&reads=ru",
        f"/listings/{id_}/preview?of=draft&reads=uk&channel=telegram",
        f"/listings/{id_}/preview?of=draft&channel=terminal",
        f"/listings/{id_}/why",
    ]
    return {path: await anna.get(path) for path in paths}


async def test_faults_and_conflicts_give_back_what_was_typed_as_text(
    anna: Visitor, rooms: Rooms
) -> None:
    fields = begun(FULL).fields
    for at in range(0, len(TRIED), len(fields)):
        some = dict(zip(fields, TRIED[at : at + len(fields)], strict=False))
        answer = await anna.post(
            "/listings/new", {**fields, **some, "do": "save", "why": some["names.en"]}
        )
        page = await answer.text()
        assert answer.status == 422
        assert harm(page) == []
        back = Sent(page, "/listings/new").fields
        wrong = {n: v for n, v in some.items() if n in back and back[n] != v and not _a_choice(n)}
        assert wrong == {}
    asked = dict.fromkeys(("text", "stage", "need", "area", "organization", "due"), TRIED[7])
    async with anna.http.get(f"{anna.url}/listings", params=asked) as found:
        assert harm(await found.text()) == []


def _a_choice(name: str) -> bool:
    """A box is ticked or not, whatever it says."""
    return ":" in name or name.endswith("recheck") or name.startswith("who.")
