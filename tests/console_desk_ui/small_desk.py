"""A desk behind the console's own door that speaks the wire of the desk page, with real sealing.

It holds everything in memory and knows one rule of each kind, so that the page can be tried alone:
what is sealed here is opened in the browser and the other way round.
"""

import asyncio
import contextlib
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import time
from typing import Any

from aiohttp import WSMsgType, web

from bot.console import live
from bot.console.frame import Route, Visit
from bot.sealing import envelope, identity, organisation, roster, suites
from bot.vault import SigningKeys

CANNED = [
    ("greet", "gr", "Greeting", "I am here. Take your time.", "Я тут. Не поспішайте."),
    ("ground", "ground", "Grounding", "Feel your feet.", "Відчуйте свої стопи."),
    ("limits", "limits", "Limits", "What you say stays here.", "Сказане лишається тут."),
]
LISTING = {"en": "Free legal aid (example)\n0 800 000 000", "uk": "Правова допомога (приклад)"}


def b64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


class No(Exception):
    """A no on the wire."""

    def __init__(self, code: str, status: int = 409, **more: Any) -> None:
        super().__init__(code)
        self.code, self.status, self.more = code, status, more


@dataclass(slots=True)
class Sitting:
    """A member of staff at the desk."""

    staff: str
    who: str = ""
    languages: tuple[str, ...] = ()
    prekey: identity.Prekey | None = None
    certificate: roster.Certificate | None = None
    since: float = 0.0
    paused: bool = False
    pause_due: float | None = None
    enforced_until: float | None = None
    lead: bool = False
    lines: list[web.WebSocketResponse] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """A chat and who is in it."""

    id: bytes
    name: str
    language: str
    need: str
    severity: int
    pair: suites.Pair
    asked: float = field(default_factory=time)
    owner: str = ""
    helper: str = ""
    state: str = "waiting"
    said: list[envelope.Envelope] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    copies: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    transfer: dict[str, Any] | None = None
    heavy: bool = False
    wrap_up: dict[str, str] | None = None

    def says(self, text: str, to: list[envelope.Receiver]) -> None:
        """Sealed at the door, as the server does for a messenger."""
        where = envelope.Context(self.id, "in", len(self.said) + 1)
        self.said.append(envelope.seal_for_desk(where, text, to))


class SmallDesk:
    """The desk."""

    def __init__(self, folder: Path) -> None:
        self.organisation = organisation.Organisation(SigningKeys.open(folder))
        self.sitting: dict[str, Sitting] = {}
        self.devices: dict[str, tuple[str, identity.Identity]] = {}
        self.people: dict[str, Person] = {}
        self.notes: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.serial = 0
        self.broken = False
        self.wrong_signature = False
        self.forget_next = False

    # --- what a test does

    def person(self, name: str, text: str, **more: Any) -> Person:
        """Somebody who waits and has written already."""
        facts = {"language": "uk", "need": "legal help", "severity": 0} | more
        made = Person(id=name.encode().ljust(16, b"."), name=name, pair=suites.generate(1), **facts)
        self.people[made.id.hex()] = made
        made.says(text, self.readers(made))
        return made

    def readers(self, person: Person) -> list[envelope.Receiver]:
        """Who is sealed to: everyone while it waits, then who has it."""
        known = [one for one in self.sitting.values() if one.prekey]
        if person.owner:
            known = [one for one in known if one.staff in {person.owner, person.helper}]
        return [one.prekey.receiver() for one in known if one.prekey]

    async def says(self, person: Person, text: str) -> None:
        person.says(text, self.readers(person))
        await self.show()

    async def show(self) -> None:
        """Every open page gets the pictures of now."""
        for one in list(self.sitting.values()):
            for line in list(one.lines):
                for picture in self.pictures(one):
                    with contextlib.suppress(ConnectionError):
                        await line.send_str(json.dumps(picture))

    async def cut(self) -> None:
        """The line of everybody breaks, and nothing is answered until `broken` is false."""
        self.broken = True
        for one in self.sitting.values():
            for line in one.lines:
                await line.close()

    # --- pictures

    def pictures(self, me: Sitting) -> list[dict[str, Any]]:
        now = time()
        waiting = sorted(
            (one for one in self.people.values() if one.state == "waiting"),
            key=lambda one: (-one.severity, one.asked),
        )
        longest = [
            {"language": code, "name": name, "asked": min(one.asked for one in of), "waiting": len(of)}
            for code, name in (("uk", "Ukrainian"), ("en", "English"))
            if (of := [one for one in waiting if one.language == code])
        ]
        found: list[dict[str, Any]] = [
            {"what": "me", "now": now, **self.me(me)},
            {
                "what": "queue",
                "now": now,
                "waiting": len(waiting),
                "longest": longest,
                "rows": [self.row(one) for one in waiting[:60]],
            },
            {"what": "chats", "now": now, "chats": [self.mine(one, me) for one in self.of(me)]},
            {
                "what": "offers",
                "chats": [
                    self.row(one) | {"from": self.who(one.owner), "warm": True, "until": now + 45}
                    for one in self.people.values()
                    if one.transfer and one.transfer["staff"] == me.staff
                ],
            },
            {
                "what": "colleagues",
                "colleagues": [
                    {
                        "staff": one.staff,
                        "who": one.who,
                        "languages": one.languages,
                        "skills": [],
                        "room": 2,
                        "paused": one.paused,
                        "lead": one.lead,
                    }
                    for one in self.sitting.values()
                    if one.prekey
                ],
            },
            {"what": "notes", "notes": [self.note(one, me) for one in self.notes if me.staff in one["to"]]},
        ]
        if me.lead:
            found.append(self.lead(now, longest))
        return found

    def me(self, one: Sitting) -> dict[str, Any]:
        shift = {"who": one.who, "languages": one.languages, "skills": [], "since": one.since}
        mine = self.of(one)
        return {
            "shift": shift if one.prekey else None,
            "open": len(mine),
            "heavy": sum(each.heavy for each in mine),
            "most_open": 3,
            "most_heavy": 1,
            "paused": one.paused or (one.enforced_until or 0) > time(),
            "pause_due": one.pause_due,
            "enforced_until": one.enforced_until,
            "rest_asked": False,
            "debrief": True,
        }

    def row(self, one: Person) -> dict[str, Any]:
        return {
            "chat": one.id.hex(),
            "name": one.name,
            "language": one.language,
            "language_name": {"uk": "Ukrainian", "en": "English"}[one.language],
            "severity": one.severity,
            "need": one.need,
            "place": "Kharkiv region",
            "kind": "Telegram",
            "skills": [],
            "asked": one.asked,
            "mine": True,
            "offered": False,
            "offered_until": 0,
        }

    def mine(self, one: Person, me: Sitting) -> dict[str, Any]:
        return self.row(one) | {
            "state": one.state,
            "dir": "ltr",
            "since": one.asked,
            "last_in": one.asked + len(one.said),
            "last_out": 0,
            "number_in": len(one.said),
            "number_out": len(one.answers),
            "acked": 0,
            "read": one.read.get(me.staff, 0),
            "heavy": one.heavy,
            "parked_until": time() + 1800,
            "helper": self.who(one.helper) if one.helper else "",
            "owner": self.who(one.owner),
            "as": "owner" if one.owner == me.staff else "helper",
            "transfer": one.transfer and {"to": one.transfer["who"], "warm": True, "step": "offered"},
            "person": {"suite": 1, "public": b64(one.pair.public)},
            "told": "",
        }

    def note(self, one: dict[str, Any], me: Sitting) -> dict[str, Any]:
        key = me.prekey.id.hex() if me.prekey else ""
        return {**one, "to": None, "wraps": None, "key": key, "suite": 1, "wrap": one["wraps"].get(key)}

    def lead(self, now: float, longest: list[dict[str, Any]]) -> dict[str, Any]:
        staff = [
            {
                "staff": one.staff,
                "who": one.who,
                "languages": one.languages,
                "open": len(self.of(one)),
                "heavy": 0,
                "paused": one.paused,
                "connected": bool(one.lines),
                "since": one.since,
                "needs_pause": one.pause_due is not None,
            }
            for one in self.sitting.values()
            if one.prekey
        ]
        chats = [
            self.row(one)
            | {"state": one.state, "owner": self.who(one.owner) if one.owner else "", "helper": ""}
            | {"since": one.asked}
            for one in self.people.values()
            if one.state != "closed"
        ]
        waits = [{"language": "uk", "p50": 12, "p90": 30}]
        picture = {"waiting": len(longest), "longest": longest, "waits": waits, "staff": staff}
        return {"what": "lead", "now": now, **picture, "chats": chats}

    def of(self, me: Sitting) -> list[Person]:
        living = (one for one in self.people.values() if one.state in {"claimed", "parked"})
        return [one for one in living if me.staff in {one.owner, one.helper}]

    def who(self, staff: str) -> str:
        return self.sitting[staff].who

    # --- the wire

    def routes(self) -> tuple[Route, ...]:
        """The routes of the page, behind the console's own door."""
        asked = {
            name.removeprefix("do_").replace("__", "/").replace("_", "-"): getattr(self, name)
            for name in dir(self)
            if name.startswith("do_")
        }
        return (
            *live.ROUTES,
            Route("GET", "/desk", "desk.work", self.page, "desk"),
            Route("GET", "/desk/proof", "desk.work", self.proof, "desk_proof"),
            Route("GET", "/desk/live", "desk.work", self.live, "desk_live", quiet=True),
            Route("GET", "/desk/begin", "desk.work", self.begin, "desk_begin", json=True),
            Route("GET", "/desk/roster.json", "desk.work", self.roster, "desk_roster", json=True),
            Route("GET", "/static/desk/phrase_words.txt", "anyone", self.words, "phrase_words"),
            *(
                Route("POST", f"/desk/{path}", "desk.work", self.led(path, act), path, json=True)
                for path, act in asked.items()
            ),
        )

    async def page(self, visit: Visit) -> web.StreamResponse:
        return visit.page("desk.html", lead=visit.may("desk.lead"), begin={})

    async def proof(self, visit: Visit) -> web.StreamResponse:
        return visit.see_other("/desk")

    async def words(self, _: Visit) -> web.StreamResponse:
        return web.Response(text=" ".join(f"{a}{b}" for a in SOUNDS for b in SOUNDS))

    async def live(self, visit: Visit) -> web.StreamResponse:
        if self.broken:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        me = self.at(visit)
        line = web.WebSocketResponse()
        await line.prepare(visit.request)
        me.lines.append(line)
        await self.show()
        try:
            async for message in line:
                if message.type == WSMsgType.TEXT:
                    self.asked.append((me.staff, "typing", json.loads(message.data)))
        finally:
            me.lines.remove(line)
        return line

    def at(self, visit: Visit) -> Sitting:
        made = Sitting(visit.staff.id, lead=visit.may("desk.lead"))
        return self.sitting.setdefault(visit.staff.id, made)

    async def begin(self, visit: Visit) -> web.StreamResponse:
        keys = self.organisation.keys
        mine = [id_ for id_, (staff, _) in self.devices.items() if staff == visit.staff.id]
        codes = [{"code": "yes", "name": "yes"}, {"code": "no", "name": "no"}]
        told = {
            "me": {
                "staff": visit.staff.id,
                "name": visit.staff.name,
                "lead": visit.may("desk.lead"),
                "language": visit.words.language,
            },
            "languages": [
                {"code": "uk", "name": "Ukrainian", "dir": "ltr"},
                {"code": "en", "name": "English", "dir": "ltr"},
            ],
            "skills": [{"code": "legal", "name": "legal questions"}],
            "canned": [
                {"code": code, "slash": slash, "name": name, "texts": {"en": en, "uk": uk}}
                for code, slash, name, en, uk in CANNED
            ],
            "wrap_up": {"needs": codes, "outcomes": codes, "referrals": codes},
            "reasons": [{"code": "asked", "name": "The operator asked for help"}],
            "queues": [{"code": "queue:uk", "name": "Ukrainian"}],
            "surge_messages": [{"code": "many_waiting", "name": "Many people are waiting."}],
            "rules": {"message_bytes": 4000},
            "organisation": {"ed25519": b64(keys.ed25519), "p256": b64(keys.p256)},
            "devices": [{"id": id_} for id_ in mine],
        }
        return web.json_response(told)

    async def roster(self, _: Visit) -> web.StreamResponse:
        keys = self.organisation.keys
        entries = [
            roster.OnDuty(one.certificate, (one.prekey,))
            for one in self.sitting.values()
            if one.certificate and one.prekey
        ]
        self.serial += 1
        signed = self.organisation.roster(entries, int(time()), self.serial)
        signature = bytes(128) if self.wrong_signature else signed.signature
        told = {
            "roster": b64(signed.data),
            "signature": b64(signature),
            "organisation": {"ed25519": b64(keys.ed25519), "p256": b64(keys.p256)},
        }
        return web.json_response(told)

    def led(
        self, path: str, act: Callable[[Sitting, dict[str, Any]], Mapping[str, Any] | None]
    ) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
        async def led(visit: Visit) -> web.StreamResponse:
            if self.broken:
                return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
            me, body = self.at(visit), json.loads(visit.body)
            self.asked.append((me.staff, path, body))
            try:
                told = act(me, body)
                if path == "reply" and self.forget_next:
                    self.forget_next = False
                    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
            except No as no:
                said = {"refused": no.code, "said": f"No: {no.code}", "mend": "", **no.more}
                return web.json_response(said, status=no.status)
            task = asyncio.create_task(self.show())
            await asyncio.shield(task)
            return web.json_response(dict(told or {}))

        return led

    def held(self, me: Sitting, body: dict[str, Any]) -> Person:
        person = self.people.get(body["chat"])
        if person is None or me.staff not in {person.owner, person.helper}:
            raise No("no_such_chat", 404)
        return person

    def do_keys__enrol(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        one = identity.Identity(b64decode(body["ed25519"]), b64decode(body["p256"]))
        self.devices[one.id.hex()] = (me.staff, one)
        return {"device": one.id.hex()}

    def do_shift__begin(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        staff, one = self.devices[body["device"]]
        assert staff == me.staff
        sent = body["prekey"]
        halves = b64decode(sent["x25519"]), b64decode(sent["p256"])
        prekey = identity.Prekey(*halves, sent["until"], one.id, b64decode(sent["signature"]))
        identity.check_prekey(prekey, one, time())
        me.prekey, me.who, me.since = prekey, body["who"], time()
        me.languages = tuple(body["languages"])
        me.certificate = self.organisation.certify(one, me.who, int(time()) + 86400)
        return {"me": {"what": "me", "now": time(), **self.me(me)}}

    def do_shift__end(self, me: Sitting, _: dict[str, Any]) -> Mapping[str, Any]:
        for person in self.of(me):
            person.owner, person.state = "", "waiting"
        me.prekey = me.certificate = None
        return {"passed_on": 0, "back_in_line": 0, "debrief": True}

    def do_pause(self, me: Sitting, _: dict[str, Any]) -> Mapping[str, Any]:
        me.paused = True
        return {"me": {"what": "me", "now": time(), **self.me(me)}}

    def do_resume(self, me: Sitting, _: dict[str, Any]) -> Mapping[str, Any]:
        me.paused = False
        return {"me": {"what": "me", "now": time(), **self.me(me)}}

    def do_claim(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        person = self.people[body["chat"]]
        if person.state != "waiting":
            raise No("taken")
        person.state, person.owner = "claimed", me.staff
        return {"chat": self.mine(person, me)}

    def do_messages(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        person = self.held(me, body)
        assert me.prekey is not None
        key = me.prekey.id
        rows = [
            {
                "number": number,
                "by": "person",
                "key": key.hex(),
                "suite": 1,
                "wrap": b64(sealed.wraps[key]) if key in sealed.wraps else None,
                "body": b64(sealed.body),
            }
            for number, sealed in enumerate(person.said, 1)
            if number > body["after"]
        ]
        own = [
            {**row, "wrap": row["wraps"].get(key.hex()), "wraps": None, "key": key.hex()}
            for row in person.copies
            if row["number"] > body["after_own"]
        ]
        return {"messages": rows, "own": own, "more": False}

    def do_read(self, me: Sitting, body: dict[str, Any]) -> None:
        self.held(me, body).read[me.staff] = body["number"]

    def do_reply(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        person = self.held(me, body)
        number, sealed = body["number"], b64decode(body["sealed"])
        if number <= len(person.answers):
            if person.answers[number - 1] == sealed:
                return {"number": number, "version": 1}
            raise No("number", next=len(person.answers) + 1)
        where = envelope.Context(person.id, "out", number)
        identity.check_reply(where, sealed, b64decode(body["signature"]), self.devices[body["signer"]][1])
        person.heard.append(envelope.open_for_person(where, sealed, 1, person.pair.private))
        person.answers.append(sealed)
        copy = {"number": number, "who": me.who, "suite": 1, **body["copy"]}
        person.copies.append(copy)
        return {"number": number, "version": 1}

    def do_rewrap(self, me: Sitting, body: dict[str, Any]) -> None:
        person = self.held(me, body)
        for row in body["wraps"]:
            old = person.said[row["number"] - 1]
            more = {bytes.fromhex(key): b64decode(wrap) for key, wrap in row["wraps"].items()}
            person.said[row["number"] - 1] = envelope.Envelope(old.body, {**old.wraps, **more})
        for row in body["own"]:
            person.copies[row["number"] - 1]["wraps"].update(row["wraps"])

    def do_transfer(self, me: Sitting, body: dict[str, Any]) -> None:
        person = self.held(me, body)
        person.transfer = {"staff": body["to"], "who": self.who(body["to"])}

    def do_transfer__accept(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        person = self.people[body["chat"]]
        person.owner, person.transfer = me.staff, None
        return {"chat": self.mine(person, me)}

    def do_transfer__refuse(self, _: Sitting, body: dict[str, Any]) -> None:
        self.people[body["chat"]].transfer = None

    def do_park(self, me: Sitting, body: dict[str, Any]) -> None:
        self.held(me, body).state = "parked"

    def do_unpark(self, me: Sitting, body: dict[str, Any]) -> None:
        self.held(me, body).state = "claimed"

    def do_heavy(self, me: Sitting, body: dict[str, Any]) -> None:
        self.held(me, body).heavy = True

    def do_release(self, me: Sitting, body: dict[str, Any]) -> None:
        person = self.held(me, body)
        person.owner, person.state = "", "waiting"

    def do_close(self, me: Sitting, body: dict[str, Any]) -> None:
        person = self.held(me, body)
        person.wrap_up = {name: code for name, code in body.items() if name != "chat"}
        person.state = "closed"

    def do_note(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        return self._noted(me, body, "note", {body["to"]})

    def do_help(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        leads = {one.staff for one in self.sitting.values() if one.lead}
        return self._noted(me, body, "help", leads)

    def _noted(
        self, me: Sitting, body: dict[str, Any], kind: str, to: set[str]
    ) -> Mapping[str, Any]:
        about = self.people.get(body["chat"])
        facts = {"note": f"{len(self.notes):032x}", "from": me.who, "kind": kind, "at": time()}
        name = about.name if about else ""
        self.notes.append({**facts, "chat": body["chat"], "chat_name": name, "to": to, **_kept(body)})
        return {"note": facts["note"]}

    def do_note__read(self, _: Sitting, body: dict[str, Any]) -> None:
        self.notes = [one for one in self.notes if one["note"] != body["note"]]

    def do_search(self, _: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        name = {"en": "Free legal aid (example)", "uk": "Правова допомога (приклад)"}
        found = {"listing": "legal", "name": name[body["language"]], "own": name["en"]}
        return {"found": [{**found, "state": "open now"}] if "legal" in body["text"] else []}

    def do_listing(self, _: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        return {"text": LISTING[body["language"]], "own": LISTING["en"], "dir": "ltr"}

    def do_join(self, me: Sitting, body: dict[str, Any]) -> Mapping[str, Any]:
        person = self.people[body["chat"]]
        person.helper = me.staff
        return {"chat": self.mine(person, me)}

    def do_rest(self, _: Sitting, body: dict[str, Any]) -> None:
        assert body["staff"] in self.sitting

    def do_surge(self, _: Sitting, body: dict[str, Any]) -> None:
        assert body["queue"]


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    return {"body": body["body"], "wraps": body["wraps"]}


SOUNDS = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("", "n")][:48]
