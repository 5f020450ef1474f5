"""Whose browser may read and answer: devices of staff, the keys of their shifts, and the roster.

It decides which public key is believed: a device because the organisation signed it for that member
of staff, a prekey because that device signed it. A row that was written behind the program's back
is not used. It holds public halves only; the private ones never leave the browsers.
"""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sqlalchemy import and_, bindparam, delete, select, update

from bot import report
from bot.handoff.message_rows import MessageRows
from bot.handoff.model import Chat, Duty, Refused
from bot.handoff.tables import at_desk, device, new_at_desk, prekey
from bot.sealing import (
    PREKEY_SECONDS,
    BadKey,
    Certificate,
    Identity,
    NotTrusted,
    OnDuty,
    Organisation,
    Prekey,
    Receiver,
    SignedRoster,
    check_prekey,
    check_public,
)
from bot.storage import Group

DEVICE_SECONDS: Final = 400 * 86_400
"""A device is to be made known anew after so long."""
ROSTER_FRESH_SECONDS: Final = 30.0
"""A roster is signed anew after so long, so that what another process changed comes in."""
_OF: Final = "staff:"
"""Before the staff id, where a certificate says whose device it is. No pseudonym begins so."""

_ADD_DEVICE = new_at_desk(device)
_DEVICE = at_desk(select(device).where(device.c.id == bindparam("i")))
_DEVICES = at_desk(select(device).where(device.c.staff == bindparam("s")))
_REVOKE = at_desk(
    update(device)
    .values(revoked=bindparam("at"))
    .where(device.c.id == bindparam("i"), device.c.staff == bindparam("s"))
)
_ADD_PREKEY = new_at_desk(prekey)
_LIVE = and_(prekey.c.until > bindparam("now"), device.c.revoked == bindparam("not_revoked"))
_PREKEYS = at_desk(
    select(prekey.c.id, prekey.c.public, device.c.certificate, prekey.c.staff)
    .join(device, device.c.id == prekey.c.device)
    .where(_LIVE)
)
_PREKEYS_OF_STAFF = at_desk(
    select(prekey.c.id, prekey.c.public, device.c.certificate, prekey.c.staff)
    .join(device, device.c.id == prekey.c.device)
    .where(_LIVE, prekey.c.staff == bindparam("s"))
)
_PREKEYS_OF_DEVICE = at_desk(select(prekey.c.id).where(prekey.c.device == bindparam("d")))
_DROP_PREKEYS_OF = at_desk(delete(prekey).where(prekey.c.device == bindparam("d")))
_DROP_PREKEYS_BEFORE = at_desk(delete(prekey).where(prekey.c.until <= bindparam("now")))
_encode = msgspec.msgpack.Encoder().encode
_certificate = msgspec.msgpack.Decoder(Certificate).decode
_prekey = msgspec.msgpack.Decoder(Prekey).decode


@dataclass(frozen=True, slots=True)
class Device:
    """One browser of a member of staff that may be used, until so many seconds since 1970."""

    staff: str
    identity: Identity
    until: int


@dataclass(frozen=True, slots=True)
class _Believed:
    staff: str
    identity: Identity
    device_until: int
    prekey: Prekey


@dataclass(slots=True)
class Keys:
    """The public keys of staff, for any thread. `now` is seconds since 1970 throughout."""

    organisation: Organisation
    messages: MessageRows
    _checked: dict[bytes, _Believed] = field(default_factory=dict, repr=False)
    """By the bytes of the rows: two signatures are checked once, not with every message."""
    _rosters: dict[tuple[object, ...], tuple[float, SignedRoster]] = field(
        default_factory=dict, repr=False
    )
    _serial: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def enrol(self, group: Group, staff: str, identity: Identity, now: float) -> Certificate:
        """Makes a device known as that member of staff's, signed by the organisation.

        Raises `Refused("device")` for keys that are none, that are somebody else's, or that were
        revoked: a device that was lost does not come back.
        """
        try:
            check_public(2, identity.p256)
        except BadKey:
            raise Refused("device") from None
        if len(identity.ed25519) != 32:
            raise Refused("device")
        until = int(now) + DEVICE_SECONDS
        certificate = self.organisation.certify(identity, _OF + staff, until)
        group.run(_ADD_DEVICE, [(identity.id, staff, until, 0, _encode(certificate))])
        known = self.device(group, staff, identity.id, now)
        if known is None or known.identity != identity:
            raise Refused("device")
        return certificate

    def devices(self, group: Group, staff: str, now: float) -> tuple[Device, ...]:
        """The devices of a member of staff that may be used."""
        found = (self._device(*row, now=now) for row in group.ask(_DEVICES, (staff,)))
        return tuple(one for one in found if one is not None and one.staff == staff)

    def device(self, group: Group, staff: str, device_id: bytes, now: float) -> Device | None:
        """That device if it is theirs and may be used."""
        for row in group.ask(_DEVICE, (device_id,)):
            known = self._device(*row, now=now)
            if known is not None and known.staff == staff:
                return known
        return None

    def revoke(self, group: Group, staff: str, device_id: bytes, now: float) -> None:
        """A device is lost or done with: nothing is sealed to it from now on, and the wraps that
        wait for it go. Raises `Refused("no_such_device")`.
        """
        if group.run(_REVOKE, [(int(now), device_id, staff)]) != 1:
            raise Refused("no_such_device")
        gone = [key for (key,) in group.ask(_PREKEYS_OF_DEVICE, (device_id,))]
        self.messages.drop_wraps_for(group, gone)
        group.run(_DROP_PREKEYS_OF, [(device_id,)])
        self.forget()

    def add_prekey(self, group: Group, staff: str, key: Prekey, now: float) -> bytes:
        """Keeps the key of a shift, and gives its id for `begin_shift`.

        Raises `Refused`: "no_such_device", or "key" when a device of theirs did not sign it or it
        would outlive a shift by more than the promise.
        """
        known = self.device(group, staff, key.identity, now)
        if known is None:
            raise Refused("no_such_device")
        try:
            check_prekey(key, known.identity, now)
            check_public(1, key.x25519)
            check_public(2, key.p256)
        except (NotTrusted, BadKey):
            raise Refused("key") from None
        if key.until > now + PREKEY_SECONDS:
            raise Refused("key")
        group.run(_ADD_PREKEY, [(key.id, key.identity, staff, key.until, _encode(key))])
        return key.id

    def ids(self, group: Group, staff: str, now: float) -> tuple[bytes, ...]:
        """The ids of the live keys of a member of staff, of all their devices and shifts."""
        rows = group.ask(_PREKEYS_OF_STAFF, (int(now), 0, staff))
        return tuple(one.prekey.id for one in self._believed(rows, now))

    def receivers(
        self, group: Group, chat: Chat, on_duty: Iterable[Duty], now: float
    ) -> tuple[Receiver, ...]:
        """Whom a message of that chat is sealed to: everyone on duty while it waits; once claimed,
        its owner and helper alone. Empty when nobody could read it.
        """
        readers = {chat.owner, chat.helper} - {""}
        asked = [duty for duty in on_duty if not readers or duty.staff in readers]
        wanted = frozenset(key for duty in asked for key in duty.keys)
        return tuple(one.prekey.receiver() for one in self._live(group, wanted, now, readers))

    def on_duty_receivers(
        self, group: Group, on_duty: Iterable[Duty], now: float
    ) -> tuple[Receiver, ...]:
        """Everyone on duty: whom message keys may be wrapped to anew."""
        wanted = frozenset(key for duty in on_duty for key in duty.keys)
        return tuple(one.prekey.receiver() for one in self._live(group, wanted, now))

    def roster(self, group: Group, on_duty: Collection[Duty], now: float) -> SignedRoster:
        """Who is on duty with which keys, signed. The same for some seconds while nobody changes.

        Whoever has no live key is not on it.
        """
        key = tuple(sorted((duty.staff, duty.who, *duty.keys) for duty in on_duty))
        with self._lock:
            if (known := self._rosters.get(key)) and abs(now - known[0]) < ROSTER_FRESH_SECONDS:
                return known[1]
        entries = [entry for duty in on_duty for entry in self._entries(group, duty, now)]
        with self._lock:
            # Milliseconds: they grow over restarts and in every process alike. A clock that is set
            # back must not make pages refuse us as outdated.
            self._serial = max(self._serial, int(now * 1000))
            serial = self._serial
        signed = self.organisation.roster(entries, int(now), serial)
        with self._lock:
            # The newest alone: pages refuse an earlier one, also when the same people are back.
            self._rosters = {key: (now, signed)}
        return signed

    def sweep(self, group: Group, now: float) -> None:
        """Deletes prekeys that ran out; their private halves are destroyed by then."""
        group.run(_DROP_PREKEYS_BEFORE, [(int(now),)])

    def forget(self) -> None:
        """What was checked or signed before is checked and signed anew."""
        with self._lock:
            self._rosters.clear()
            self._checked.clear()

    def _entries(self, group: Group, duty: Duty, now: float) -> list[OnDuty]:
        by_device: dict[bytes, list[_Believed]] = {}
        for one in self._live(group, frozenset(duty.keys), now):
            if one.staff == duty.staff:
                by_device.setdefault(one.identity.id, []).append(one)
        return [
            OnDuty(
                self.organisation.certify(
                    those[0].identity, duty.who, max(one.prekey.until for one in those)
                ),
                tuple(one.prekey for one in those),
            )
            for those in by_device.values()
        ]

    def _live(
        self, group: Group, wanted: frozenset[bytes], now: float, of: Collection[str] = ()
    ) -> list[_Believed]:
        # Every message asks, and each row that is fetched may cost a wait for other threads.
        rows = [row for one in of for row in group.ask(_PREKEYS_OF_STAFF, (int(now), 0, one))]
        if wanted and not of:
            rows = group.ask(_PREKEYS, (int(now), 0))
        return self._believed((row for row in rows if row[0] in wanted), now)

    def _believed(
        self, rows: Iterable[tuple[bytes, bytes, bytes, str]], now: float
    ) -> list[_Believed]:
        # A page refuses a whole roster for one key that lasts too long (the clock was set back).
        found = (self._checked_row(*row, now=now) for row in rows)
        latest = int(now) + PREKEY_SECONDS
        return [one for one in found if one is not None and now < one.prekey.until <= latest]

    def _checked_row(
        self, key_id: bytes, public: bytes, certificate: bytes, staff: str, *, now: float
    ) -> _Believed | None:
        place = b"%d,%b%b%b" % (len(public), public, certificate, staff.encode())
        known = self._checked.get(place)
        if known is None:
            try:
                key = _prekey(public)
                owner = self._vouched(certificate)
                check_prekey(key, owner.identity, now)
                if (key.id, owner.staff) != (key_id, staff):
                    raise NotTrusted("unknown")
            except (msgspec.DecodeError, NotTrusted) as error:
                report.alarm("prekey_not_believed", error)
                return None
            known = _Believed(staff, owner.identity, owner.until, key)
            with self._lock:
                self._checked[place] = known
        return known if now < known.device_until else None

    def _device(
        self,
        device_id: bytes,
        staff: str,
        _until: int,
        revoked: int,
        certificate: bytes,
        *,
        now: float,
    ) -> Device | None:
        if revoked:
            return None
        try:
            known = self._vouched(certificate)
            if (known.identity.id, known.staff) != (device_id, staff):
                raise NotTrusted("unknown")
        except (msgspec.DecodeError, NotTrusted) as error:
            report.alarm("device_not_believed", error)
            return None
        return known if now < known.until else None

    def _vouched(self, packed: bytes) -> Device:
        certificate = _certificate(packed)
        if not certificate.who.startswith(_OF) or not self.organisation.vouches(certificate):
            raise NotTrusted("signature")
        return Device(certificate.who.removeprefix(_OF), certificate.identity, certificate.until)
