"""Which browsers of staff are believed, and what a person's page is told of them."""

from dataclasses import replace

import msgspec
import pytest

from bot.handoff.model import Duty, Refused
from bot.sealing import (
    Context,
    Identity,
    check_reply,
    make_identity,
    make_prekey,
    read_roster,
)
from tests.handoff_words.room import HOUR, Room, refused


def test_a_page_can_check_who_is_on_duty(room: Room) -> None:
    room.on_duty("one", "two")
    signed = room.run(room.keys.roster, room.duties, room.clock())
    roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
    assert {entry.certificate.who for entry in roster.entries} == {"One", "Two"}
    keys = {one.key for one in roster.receivers(1, room.clock())}
    assert keys == {browser.key for browser in room.browsers.values()}


def test_who_signed_a_reply_is_found_on_the_roster(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    written = room.browsers["one"].write(chat, "I am here.")
    signed = room.run(room.keys.roster, room.duties, room.clock())
    roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
    certificate = roster.signer(written.signer)
    assert certificate.who == "One"
    where = Context(chat.id, "out", 1)
    check_reply(where, written.sealed, written.signature, certificate.identity)


def test_nobody_on_duty_is_an_empty_roster_that_is_signed_too(room: Room) -> None:
    signed = room.run(room.keys.roster, (), room.clock())
    roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
    assert roster.entries == ()


def test_a_roster_never_goes_back(room: Room) -> None:
    room.on_duty("one")
    serials = []
    for staff, seconds in (("two", 40), ("three", -3_600), ("four", 40)):
        signed = room.run(room.keys.roster, room.duties, room.clock())
        roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
        serials.append(roster.serial)
        room.clock.now += seconds
        room.on_duty(staff)
    assert serials == sorted(serials)


def test_when_the_same_people_are_on_duty_again_the_roster_is_newer_than_the_one_between(
    room: Room,
) -> None:
    room.on_duty("one")
    alone = room.duties
    room.on_duty("two")
    serials = []
    for duties in (alone, room.duties, alone):
        room.clock.now += 1
        signed = room.run(room.keys.roster, duties, room.clock())
        roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
        serials.append(roster.serial)
    # A page that had the one between takes an earlier one for a forgery, and stops.
    assert serials == sorted(set(serials))


def test_a_lost_device_gets_nothing_any_more(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.say(room.ask()[0], "Fictional words")
    lost = room.browsers["one"]
    room.run(room.keys.revoke, "one", lost.identity.public.id, room.clock())
    assert room.wraps_of(chat) == {room.browsers["two"].key}
    signed = room.run(room.keys.roster, room.duties, room.clock())
    roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
    assert [entry.certificate.who for entry in roster.entries] == ["Two"]
    assert room.wraps_of(room.say(chat, "more")) == {room.browsers["two"].key}
    with refused("signature"):
        room.reply(room.claim(room.run(room.rows.load, chat.id), "one"), "one", "It is me.")


def test_a_lost_device_does_not_come_back(room: Room) -> None:
    room.on_duty("one")
    lost = room.browsers["one"].identity
    room.run(room.keys.revoke, "one", lost.public.id, room.clock())
    with refused("device"):
        room.run(room.keys.enrol, "one", lost.public, room.clock())
    with refused("no_such_device"):
        key = make_prekey(lost, int(room.clock()) + HOUR).public
        room.run(room.keys.add_prekey, "one", key, room.clock())


def test_a_device_is_one_persons(room: Room) -> None:
    room.on_duty("one", "two")
    device = room.browsers["one"].identity
    with refused("device"):
        room.run(room.keys.enrol, "two", device.public, room.clock())
    with refused("no_such_device"):
        room.run(room.keys.revoke, "two", device.public.id, room.clock())
    with refused("no_such_device"):
        key = make_prekey(device, int(room.clock()) + HOUR).public
        room.run(room.keys.add_prekey, "two", key, room.clock())


def test_a_device_may_be_made_known_twice(room: Room) -> None:
    room.on_duty("one")
    device = room.browsers["one"].identity.public
    room.run(room.keys.enrol, "one", device, room.clock())
    known = room.run(room.keys.devices, "one", room.clock())
    assert [one.identity for one in known] == [device]


@pytest.mark.parametrize("half", ["ed25519", "p256"])
def test_a_device_without_real_keys_is_refused(room: Room, half: str) -> None:
    wrong: Identity = replace(make_identity().public, **{half: b"no key"})
    with refused("device"):
        room.run(room.keys.enrol, "one", wrong, room.clock())


def test_a_key_that_outlives_the_promise_is_refused(room: Room) -> None:
    room.on_duty("one")
    device, now = room.browsers["one"].identity, int(room.clock())
    for until in (now + 80 * HOUR + 1, now, now - 1):
        with refused("key"):
            room.run(room.keys.add_prekey, "one", make_prekey(device, until).public, room.clock())


def test_a_key_that_the_device_did_not_sign_is_refused(room: Room) -> None:
    room.on_duty("one")
    device, until = room.browsers["one"].identity, int(room.clock()) + HOUR
    good = make_prekey(device, until).public
    foreign = replace(make_prekey(make_identity(), until).public, identity=device.public.id)
    for wrong in (foreign, replace(good, until=until + 1), replace(good, x25519=bytes(32))):
        with refused("key"):
            room.run(room.keys.add_prekey, "one", wrong, room.clock())


def test_keys_that_ran_out_are_sealed_to_no_more_and_are_swept(room: Room) -> None:
    room.on_duty("one")
    duties = room.duties
    room.clock.now += 80 * HOUR
    chat, _ = room.ask()
    assert room.run(room.keys.receivers, chat, duties, room.clock()) == ()
    assert room.run(room.keys.ids, "one", room.clock()) == ()
    room.run(room.keys.sweep, room.clock())
    assert room.run(lambda group: group.ask("SELECT count(*) FROM prekey", ())) == [(0,)]


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("UPDATE prekey SET staff = 'two'", ()),
        ("UPDATE prekey SET public = ?", (b"0",)),
        ("UPDATE device SET certificate = ?", (b"0",)),
        ("UPDATE device SET staff = 'two', certificate = (SELECT certificate FROM device)", ()),
    ],
)
def test_a_key_that_was_written_behind_the_programs_back_is_not_believed(
    room: Room, change: str, values: tuple[bytes, ...]
) -> None:
    room.on_duty("one")
    room.run(lambda group: group.run(change, [values]))
    duty = (Duty("two", "Two", ("uk",), keys=(room.browsers["one"].key,)),)
    signed = room.run(room.keys.roster, duty, room.clock())
    roster = read_roster(signed.data, signed.signature, room.organisation.keys, room.clock())
    assert roster.entries == ()


def test_a_strangers_device_in_the_table_is_not_believed(room: Room) -> None:
    room.on_duty("one")
    stranger = make_identity()
    key = make_prekey(stranger, int(room.clock()) + HOUR).public
    theirs = room.run(room.keys.enrol, "one", make_identity().public, room.clock())
    forged = msgspec.msgpack.encode(replace(theirs, identity=stranger.public))
    until, packed = int(room.clock()) + HOUR, msgspec.msgpack.encode(key)
    with room.store.group() as group:
        device = (stranger.public.id, "one", until, 0, forged)
        group.run("INSERT INTO device VALUES (?, ?, ?, ?, ?)", [device])
        row = (key.id, stranger.public.id, "one", until, packed)
        group.run("INSERT INTO prekey VALUES (?, ?, ?, ?, ?)", [row])
    assert room.run(room.keys.ids, "one", room.clock()) == (room.browsers["one"].key,)
    assert room.run(room.keys.device, "one", stranger.public.id, room.clock()) is None


def test_refusals_say_nothing_of_keys() -> None:
    assert repr(Refused("key")) == "Refused('key')"
