"""The keys of staff, as far as they are public: a browser is made known or struck off, and the
roster is shown to whoever wants to compare it.

It decides nothing: who is believed is decided by `bot.handoff.keys`. No private half ever comes
here. A browser is made known, and struck off, only after a fresh proof of who asks.
"""

from base64 import b64encode
from dataclasses import replace
from typing import Any, Final

import msgspec
from aiohttp import web

from bot.console.desk_acts import Id, route
from bot.console.desk_refusals import answers
from bot.console.desk_room import Room, an_id, room_of
from bot.console.desk_shift import Half
from bot.console.desk_words import KEY_BYTES
from bot.console.frame import Route, Visit
from bot.handoff.model import NoSuchChat, Refused
from bot.sealing import Certificate, Identity, SignedRoster, fingerprint, read_roster


class Device(msgspec.Struct):
    """The public halves of a browser's identity."""

    ed25519: Half
    p256: Half


class Revoked(msgspec.Struct):
    """A browser that is lost or done with."""

    device: Id


@answers
async def enrol(visit: Visit) -> web.StreamResponse:
    """The organisation signs that this browser is theirs."""
    room, asked = room_of(visit), visit.asked(Device)
    identity = Identity(asked.ed25519, asked.p256)

    def make() -> Certificate:
        with room.office.store.group() as group:
            return room.office.keys.enrol(group, visit.staff.id, identity, room.clock())

    made = await visit.run(make)
    await visit.run(room.audit, visit.staff.id, "desk.keys.enrol", "", "")
    return web.json_response({"device": identity.id.hex(), "certificate": _certificate(made)})


@answers
async def revoke(visit: Visit) -> web.StreamResponse:
    """Nothing is sealed to that browser from now on."""
    await _strike(visit, visit.asked(Revoked).device)
    return web.json_response({})


async def strike(visit: Visit) -> web.StreamResponse:
    """The same from a page, for somebody who has lost a browser and sits at another one."""
    try:
        await _strike(visit, visit.form.get("device"))
    except Refused:
        raise web.HTTPNotFound from None
    note = visit.words("Nothing is sealed to that browser any more.")
    return visit.see_other("/desk/roster", note=note)


async def _strike(visit: Visit, named: str) -> None:
    room = room_of(visit)
    try:
        device = an_id(named, KEY_BYTES)
    except NoSuchChat:
        raise Refused("no_such_device") from None

    def forget() -> None:
        with room.office.store.group() as group:
            room.office.keys.revoke(group, visit.staff.id, device, room.clock())
            duty = room.office.shifts.of(visit.staff.id)
            left = room.office.keys.ids(group, visit.staff.id, room.clock())
        if duty is not None:
            kept = [key for key in duty.keys if key in left]
            room.office.shifts.set_keys(visit.staff.id, kept)

    await visit.run(forget)
    await visit.run(room.audit, visit.staff.id, "desk.keys.revoke", "", "")


async def roster_json(visit: Visit) -> web.StreamResponse:
    """The roster as survivors' pages get it, to be checked by this page as they check it."""
    room = room_of(visit)
    signed = await visit.run(roster, room)
    return web.json_response(
        {
            "roster": b64encode(signed.data).decode(),
            "signature": b64encode(signed.signature).decode(),
            **organisation(room),
        }
    )


async def roster_page(visit: Visit) -> web.StreamResponse:
    """Who is on duty with which keys, and the fingerprint to compare with print."""
    room = room_of(visit)
    signed, keys = await visit.run(roster, room), room.office.organisation.keys
    read = await visit.run(read_roster, signed.data, signed.signature, keys, room.clock())
    return visit.page(
        "desk_roster.html",
        fingerprint=fingerprint(keys),
        ed25519=keys.ed25519.hex(" ", 2),
        p256=keys.p256.hex(" ", 2),
        issued=read.issued,
        entries=[
            {
                "who": entry.certificate.who,
                "identity": entry.certificate.identity.id.hex(" ", 2),
                "prekeys": [(key.id.hex(" ", 2), key.until) for key in entry.prekeys],
            }
            for entry in read.entries
        ],
        devices=[
            (one.identity.id.hex(), one.identity.id.hex(" ", 2), one.until)
            for one in await visit.run(mine, room, visit)
        ],
    )


async def proof(visit: Visit) -> web.StreamResponse:
    """Who asks has just shown who they are: back to the desk."""
    return visit.see_other("/desk")


def roster(room: Room) -> SignedRoster:
    """Who is on duty, signed."""
    with room.office.store.group() as group:
        on_duty = room.office.shifts.on_duty()
        return room.office.keys.roster(group, on_duty, room.clock())


def mine(room: Room, visit: Visit) -> tuple[Any, ...]:
    """The browsers of who asks that may be used."""
    with room.office.store.group() as group:
        return room.office.keys.devices(group, visit.staff.id, room.clock())


def organisation(room: Room) -> dict[str, Any]:
    """The public keys of the organisation, and what to compare with print."""
    keys = room.office.organisation.keys
    return {
        "organisation": {
            "ed25519": b64encode(keys.ed25519).decode(),
            "p256": b64encode(keys.p256).decode(),
        },
        "fingerprint": fingerprint(keys),
    }


def _certificate(made: Certificate) -> dict[str, Any]:
    return {
        "ed25519": b64encode(made.identity.ed25519).decode(),
        "p256": b64encode(made.identity.p256).decode(),
        "who": made.who,
        "until": made.until,
        "signer": made.signer,
        "signature": b64encode(made.signature).decode(),
    }


ROUTES: Final = (
    replace(route("/desk/keys/enrol", "desk.work", enrol), step_up=True),
    replace(route("/desk/keys/revoke", "desk.work", revoke), step_up=True),
    Route("GET", "/desk/roster.json", "desk.work", roster_json, "desk_roster_json", quiet=True),
    Route("GET", "/desk/roster", "desk.work", roster_page, "desk_roster"),
    Route("POST", "/desk/roster", "desk.work", strike, "desk_roster_strike", step_up=True),
    Route("GET", "/desk/proof", "desk.work", proof, "desk_proof", step_up=True),
)
