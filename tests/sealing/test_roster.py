"""A roster is believed when the organisation signed it today, and is refused whole otherwise."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import sealing
from bot.handoff.keys import ROSTER_FRESH_SECONDS
from bot.sealing import (
    Certificate,
    Context,
    Identity,
    NotTrusted,
    OnDuty,
    Organisation,
    OrganisationKeys,
    SignedRoster,
    fingerprint,
    make_prekey,
    read_roster,
)
from bot.sealing.roster import APART, write_roster
from bot.vault.signing import SigningKeys
from tests.sealing.people import HOUR, NOW, Helpline, hollow_prekey

CONTEXT = Context(bytes(16), "out", 1)


@pytest.fixture
def helpline(signing: SigningKeys) -> Helpline:
    return Helpline.of(signing)


def refused(roster: SignedRoster, keys: OrganisationKeys, now: int = NOW, after: int = 0) -> str:
    with pytest.raises(NotTrusted) as said:
        read_roster(roster.data, roster.signature, keys, now, after=after)
    return said.value.code


def signed_as_is(helpline: Helpline, signing: SigningKeys, data: bytes) -> SignedRoster:
    """Bytes signed by the organisation without asking what they are."""
    return SignedRoster(data, helpline.organisation._sign(b"quietline/roster/v1" + data)[1])  # noqa: SLF001


def edited(roster: SignedRoster, edit: Callable[[Any], object]) -> bytes:
    read = json.loads(roster.data)
    edit(read)
    return json.dumps(read).encode()


def test_a_roster_says_who_may_be_sealed_to_and_who_signs(helpline: Helpline) -> None:
    roster = helpline.roster()
    read = read_roster(roster.data, roster.signature, helpline.organisation.keys, NOW + HOUR)
    assert (read.issued, read.serial) == (NOW, 7)
    assert [entry.certificate.who for entry in read.entries] == ["Maple", "Ялівець"]
    assert read.signer(helpline.juniper.public.id).who == "Ялівець"
    for suite in sealing.SUITES:
        receivers = read.receivers(suite, NOW)
        assert receivers == (
            helpline.maple_key.public.receiver(suite),
            helpline.juniper_key.public.receiver(suite),
        )
        sent = sealing.seal_for_desk(Context(b"c", "in", 1), "hello", receivers)
        key = helpline.juniper_key
        private = key.private[suite]
        wrap = sent.wraps[key.public.id]
        assert sealing.open_at_desk(Context(b"c", "in", 1), sent.body, wrap, suite, private)
    assert read.receivers(1, NOW + 76 * HOUR) == ()
    with pytest.raises(NotTrusted):
        read.signer(bytes(8))


def test_a_roster_that_another_organisation_signed_is_refused(
    helpline: Helpline, tmp_path: Path
) -> None:
    other = Helpline.of(SigningKeys.open(tmp_path / "other"))
    assert refused(other.roster(), helpline.organisation.keys) == "signature"
    mixed = SignedRoster(other.roster().data, helpline.roster().signature)
    assert refused(mixed, helpline.organisation.keys) == "signature"


@pytest.mark.parametrize("half", [slice(0, 64), slice(64, 128)])
def test_both_signatures_must_hold(helpline: Helpline, half: slice) -> None:
    roster = helpline.roster()
    signature = bytearray(roster.signature)
    signature[half] = bytes(64)
    assert refused(replace(roster, signature=bytes(signature)), helpline.organisation.keys) == (
        "signature"
    )
    short = replace(roster, signature=roster.signature[:64])
    assert refused(short, helpline.organisation.keys) == "signature"


def test_no_byte_of_a_roster_can_be_changed(helpline: Helpline) -> None:
    roster, keys = helpline.roster(), helpline.organisation.keys
    for at in range(0, len(roster.data), 41):
        data = bytearray(roster.data)
        data[at] ^= 1
        assert refused(replace(roster, data=bytes(data)), keys) == "signature"


def test_an_old_roster_one_from_the_future_and_an_earlier_one_are_refused(
    helpline: Helpline,
) -> None:
    roster, keys = helpline.roster(), helpline.organisation.keys
    assert refused(roster, keys, NOW + 24 * HOUR) == "stale"
    assert refused(roster, keys, NOW - 24 * HOUR - 1) == "stale"
    assert refused(roster, keys, after=7 + APART + 1) == "older"
    assert read_roster(roster.data, roster.signature, keys, NOW, after=7).serial == 7


def test_a_roster_of_another_replica_that_signed_a_little_earlier_is_believed(
    helpline: Helpline,
) -> None:
    roster, keys = helpline.roster(), helpline.organisation.keys
    later = 7 + 1000 * int(ROSTER_FRESH_SECONDS)
    assert read_roster(roster.data, roster.signature, keys, NOW, after=later).serial == 7
    assert APART > 3 * 1000 * ROSTER_FRESH_SECONDS


def test_keys_swapped_in_by_who_can_write_to_the_database_are_refused(
    helpline: Helpline, signing: SigningKeys
) -> None:
    # The worst of it: the roster itself is signed anew, over rows that somebody changed.
    keys, organisation = helpline.organisation.keys, helpline.organisation
    maple, juniper = helpline.entries()
    stranger = sealing.make_identity()
    foreign = make_prekey(stranger, NOW + HOUR).public
    renamed = Certificate(juniper.certificate.identity, "Maple", *_rest(juniper.certificate))
    swaps = [
        OnDuty(maple.certificate, juniper.prekeys),
        OnDuty(maple.certificate, (foreign,)),
        OnDuty(maple.certificate, (replace(foreign, identity=maple.certificate.identity.id),)),
        OnDuty(maple.certificate, (replace(maple.prekeys[0], x25519=foreign.x25519),)),
        OnDuty(maple.certificate, (replace(maple.prekeys[0], until=NOW + 79 * HOUR),)),
        OnDuty(replace(maple.certificate, identity=stranger.public), (foreign,)),
        OnDuty(replace(maple.certificate, until=NOW + 10**8), maple.prekeys),
        OnDuty(renamed, juniper.prekeys),
    ]
    for swap in swaps:
        data, _ = write_roster([swap], NOW, 7)
        assert refused(signed_as_is(helpline, signing, data), keys) == "signature"
    # And who is to sign it leaves out at once whoever the organisation never knew.
    left_out = organisation.roster([swaps[5], swaps[7], maple], NOW, 7)
    assert len(read_roster(left_out.data, left_out.signature, keys, NOW).entries) == 1


def _rest(one: Certificate) -> tuple[int, str, bytes]:
    return one.until, one.signer, one.signature


def test_a_key_or_a_certificate_that_ran_out_or_lasts_too_long_is_refused(
    helpline: Helpline,
) -> None:
    organisation, keys = helpline.organisation, helpline.organisation.keys
    (maple, _) = helpline.entries()
    for until, code in ((NOW, "expired"), (NOW - 1, "expired"), (NOW + 80 * HOUR + 1, "shape")):
        entry = OnDuty(maple.certificate, (make_prekey(helpline.maple, until).public,))
        assert refused(organisation.roster([entry], NOW, 1), keys) == code
    hollow = OnDuty(maple.certificate, (hollow_prekey(helpline.maple, NOW + HOUR),))
    assert refused(organisation.roster([hollow], NOW, 1), keys) == "shape"
    over = organisation.certify(helpline.maple.public, "Maple", NOW)
    assert refused(organisation.roster([OnDuty(over, maple.prekeys)], NOW, 1), keys) == "expired"


@pytest.mark.parametrize(
    "edit",
    [
        lambda read: read.update(v=2),
        lambda read: read.update(more=1),
        lambda read: read.pop("serial"),
        lambda read: read.update(issued=-1),
        lambda read: read["staff"].append(read["staff"][0]),
        lambda read: read["staff"][0]["prekeys"].append(read["staff"][0]["prekeys"][0]),
        lambda read: read["staff"][0].update(note="x"),
        lambda read: read["staff"][0]["certificate"].update(until=-1),
        lambda read: read["staff"][0]["certificate"].update(who=1),
        lambda read: read["staff"][0]["prekeys"][0].update(until=2**64),
    ],
)
def test_a_roster_of_another_shape_is_refused(
    helpline: Helpline, signing: SigningKeys, edit: Callable[[Any], object]
) -> None:
    data = edited(helpline.roster(), edit)
    assert refused(signed_as_is(helpline, signing, data), helpline.organisation.keys) == "shape"
    junk = signed_as_is(helpline, signing, b"\xff[")
    assert refused(junk, helpline.organisation.keys) == "shape"


def test_a_key_that_names_another_as_its_maker_is_refused(helpline: Helpline) -> None:
    key, maple = helpline.maple_key.public, helpline.maple.public
    sealing.check_prekey(key, maple, NOW)
    for wrong, identity in (
        (replace(key, identity=helpline.juniper.public.id), maple),
        (key, helpline.juniper.public),
        (replace(key, identity=helpline.juniper.public.id), helpline.juniper.public),
    ):
        with pytest.raises(NotTrusted):
            sealing.check_prekey(wrong, identity, NOW)


def test_the_desk_stays_open_when_the_organisation_changes_its_signing_key(
    helpline: Helpline, signing: SigningKeys
) -> None:
    entries, before = helpline.entries(), helpline.organisation.keys
    signing.rotate()
    after = helpline.organisation.keys
    roster = helpline.organisation.roster(entries, NOW, 8)
    assert len(read_roster(roster.data, roster.signature, after, NOW).entries) == 2
    assert refused(roster, before) == "signature"
    assert fingerprint(before) != fingerprint(after)


def test_the_organisation_is_the_same_after_a_restart(
    helpline: Helpline, signing: SigningKeys, tmp_path: Path
) -> None:
    again = Organisation(SigningKeys.open(tmp_path / "signing"))
    assert again.keys == helpline.organisation.keys
    assert again.vouches(helpline.entries()[0].certificate)
    assert re.fullmatch(r"(\d{5} ){7}\d{5}", fingerprint(again.keys))
    assert repr(again) == "Organisation()"


def test_a_reply_is_believed_from_who_signed_it_for_that_place_alone(helpline: Helpline) -> None:
    sealed = sealing.seal_for_person(CONTEXT, "I am here.", 1, sealing.generate().public)
    signature = sealing.sign_reply(CONTEXT, sealed, helpline.maple)
    sealing.check_reply(CONTEXT, sealed, signature, helpline.maple.public)
    wrong = [
        (CONTEXT, sealed, signature, helpline.juniper.public),
        (replace(CONTEXT, number=2), sealed, signature, helpline.maple.public),
        (replace(CONTEXT, chat=b"other"), sealed, signature, helpline.maple.public),
        (replace(CONTEXT, direction="note"), sealed, signature, helpline.maple.public),
        (CONTEXT, sealed[:-1] + b"\0", signature, helpline.maple.public),
        (CONTEXT, sealed, bytes(128), helpline.maple.public),
        (CONTEXT, sealed, signature, Identity(b"", helpline.maple.public.p256)),
        (CONTEXT, sealed, signature[:64], helpline.maple.public),
        (CONTEXT, sealed, signature[64:] + signature[:64], helpline.maple.public),
    ]
    for context, body, claimed, identity in wrong:
        with pytest.raises(NotTrusted):
            sealing.check_reply(context, body, claimed, identity)


def test_nothing_secret_of_an_identity_shows_when_it_is_printed(helpline: Helpline) -> None:
    shown = repr((helpline.maple, helpline.maple_key, helpline.organisation))
    for secret in (
        helpline.maple.ed25519,
        helpline.maple.p256,
        *helpline.maple_key.private.values(),
    ):
        assert repr(secret)[2:-1] not in shown
