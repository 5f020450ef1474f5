"""The browser believes the rosters and the replies that Python believes, and no others."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page

from bot import sealing
from bot.sealing import Context, NotTrusted, OnDuty, SignedRoster, fingerprint, generate
from bot.sealing.roster import APART, write_roster
from bot.vault.signing import SigningKeys
from tests.sealing.browsing import b64, place, run
from tests.sealing.people import HOUR, NOW, Helpline, hollow_prekey

pytestmark = pytest.mark.asyncio(loop_scope="package")

CHAT: Final = bytes(range(16))


async def test_the_browser_believes_the_rosters_that_python_believes_and_no_others(
    page: Page, signing: SigningKeys, tmp_path: Path
) -> None:
    helpline, other = Helpline.of(signing), Helpline.of(SigningKeys.open(tmp_path / "other"))
    organisation, good = helpline.organisation, helpline.roster()
    maple, juniper = helpline.entries()

    def signed(data: bytes) -> SignedRoster:
        return SignedRoster(data, organisation._sign(b"quietline/roster/v1" + data)[1])  # noqa: SLF001

    def of(*entries: OnDuty) -> SignedRoster:
        return signed(write_roster(entries, NOW, 7)[0])

    def changed(**more: Any) -> SignedRoster:
        return signed(json.dumps(json.loads(good.data) | more).encode())

    key = maple.prekeys[0]
    over = sealing.make_prekey(helpline.maple, NOW).public
    hollow = hollow_prekey(helpline.maple, NOW + HOUR)
    long = sealing.make_prekey(helpline.maple, NOW + 81 * HOUR).public
    foreign = sealing.make_prekey(other.maple, NOW + HOUR).public
    rosters = [
        *((good, 0, 0), (good, HOUR, 7), (good, 24 * HOUR, 0), (good, -25 * HOUR, 0), (good, 0, 8)),
        *((good, 0, 7 + APART), (good, 0, 8 + APART)),
        (other.roster(), 0, 0),
        (replace(good, data=good.data.replace(b"Maple", b"Mable")), 0, 0),
        (replace(good, signature=good.signature[:64] + bytes(64)), 0, 0),
        (replace(good, signature=bytes(64) + good.signature[64:]), 0, 0),
        (replace(good, signature=good.signature[:64]), 0, 0),
        (of(OnDuty(maple.certificate, juniper.prekeys)), 0, 0),
        (of(OnDuty(maple.certificate, (foreign,))), 0, 0),
        (of(OnDuty(maple.certificate, (replace(key, until=NOW + HOUR),))), 0, 0),
        (of(OnDuty(maple.certificate, (replace(key, p256=foreign.p256),))), 0, 0),
        (of(OnDuty(replace(maple.certificate, who="Rowan"), (key,))), 0, 0),
        (of(OnDuty(maple.certificate, (over,))), 0, 0),
        (of(OnDuty(maple.certificate, (long,))), 0, 0),
        (of(OnDuty(maple.certificate, (hollow,))), 0, 0),
        (of(OnDuty(organisation.certify(helpline.maple.public, "M", NOW), (key,))), 0, 0),
        *((of(maple, maple), 0, 0), (of(OnDuty(maple.certificate, (key, key))), 0, 0)),
        *((changed(v=2), 0, 0), (changed(more=1), 0, 0), (changed(issued=-1), 0, 0)),
        *((changed(staff={}), 0, 0), (signed(b"\xff["), 0, 0), (of(), 0, 0)),
    ]
    ours = [
        believed(roster, organisation.keys, NOW + late, after) for roster, late, after in rosters
    ]
    given = {
        "keys": [b64(organisation.keys.ed25519), b64(organisation.keys.p256)],
        "id": b64(helpline.juniper.public.id),
        "rosters": [
            [b64(roster.data), b64(roster.signature), NOW + late, after]
            for roster, late, after in rosters
        ],
    }
    told = await run(
        page,
        """
        const keys = { ed25519: un(given.keys[0]), p256: un(given.keys[1]) };
        const [data, signature, now] = given.rosters[0];
        const read = (suite) => ([data, signature, now, after]) => refused(() =>
          r.readRoster(un(data), un(signature), keys, { now, suite, after }));
        const good = await r.readRoster(un(data), un(signature), keys, { now, suite: 1 });
        return {
          one: await Promise.all(given.rosters.map(read(1))),
          two: await Promise.all(given.rosters.map(read(2))),
          print: await r.fingerprint(keys),
          who: good.entries.map((one) => one.who).concat(good.signer(un(given.id)).who),
          receivers: [1, 2].flatMap((suite) => good.receivers(suite, now).map((one) =>
            [s.toBase64(one.key), one.suite, s.toBase64(one.public)])),
          later: good.receivers(1, now + 76 * 3600).length,
          stranger: await refused(() => good.signer(new Uint8Array(8))),
        };""",
        given,
    )
    assert told["one"] == ours
    # Without Ed25519 the other signature is the one that counts: only what differs there differs.
    differs = [n for n, (one, two) in enumerate(zip(ours, told["two"], strict=True)) if one != two]
    assert differs == [10]
    assert told["print"] == fingerprint(organisation.keys)
    assert told["who"] == ["Maple", "Ялівець", "Ялівець"]
    keys = (helpline.maple_key.public, helpline.juniper_key.public)
    assert told["receivers"] == [
        [b64(to.key), to.suite, b64(to.public)]
        for to in (one.receiver(suite) for suite in sealing.SUITES for one in keys)
    ]
    assert (told["later"], told["stranger"]) == (0, "unknown")


def believed(roster: SignedRoster, keys: sealing.OrganisationKeys, now: int, after: int) -> str:
    try:
        sealing.read_roster(roster.data, roster.signature, keys, now, after=after)
    except NotTrusted as refused:
        return refused.code
    return "taken"


async def test_the_browser_believes_a_reply_from_who_signed_it_for_that_place(
    page: Page, signing: SigningKeys
) -> None:
    helpline, context = Helpline.of(signing), Context(CHAT, "out", 2)
    sealed = sealing.seal_for_person(context, "hello", 1, generate().public)
    signature = sealing.sign_reply(context, sealed, helpline.maple)
    told = await run(
        page,
        """
        const at = context(given.at), [sealed, signature] = [un(given.sealed), un(given.signature)];
        const halves = ([one, two]) => ({ ed25519: un(one), p256: un(two) });
        const [maple, juniper] = given.who.map(halves);
        const cut = (from, to) => signature.map((byte, n) => (n >= from && n < to ? 0 : byte));
        const asked = (suite) => [
          [at, sealed, signature, maple, suite],
          [{ ...at, number: 3 }, sealed, signature, maple, suite],
          [{ ...at, chat: new Uint8Array(16) }, sealed, signature, maple, suite],
          [{ ...at, direction: "own" }, sealed, signature, maple, suite],
          [at, sealed.map((byte) => byte ^ 1), signature, maple, suite],
          [at, sealed, signature, juniper, suite],
          [at, sealed, signature.slice(64), maple, suite],
          [at, sealed, cut(64, 128), maple, suite],
          [at, sealed, cut(0, 64), maple, suite],
        ];
        const check = (given) => refused(() => s.checkReply(...given));
        return [await Promise.all(asked(1).map(check)), await Promise.all(asked(2).map(check))];""",
        {
            "at": place(context),
            "sealed": b64(sealed),
            "signature": b64(signature),
            "who": [
                [b64(one.public.ed25519), b64(one.public.p256)]
                for one in (helpline.maple, helpline.juniper)
            ],
        },
    )
    assert told == [["taken", *["signature"] * 8], ["taken", *["signature"] * 7, "taken"]]
