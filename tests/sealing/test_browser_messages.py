"""The browser and Python read each other, and the browser refuses what Python refuses."""

import base64
import random
from collections.abc import Iterable
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.async_api import Page

from bot import sealing
from bot.sealing import Context, Pair, Receiver, Suite, TooLong
from bot.sealing.envelope import pad
from bot.sealing.suites import generate, p256_pair
from tests.sealing.browsing import b64, halves, place, run
from tests.sealing.vectors import (
    AAD,
    INFO,
    PLAINTEXT,
    SEED_OF_THE_LAST,
    VECTORS,
    derived_p256,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

CHAT: Final = bytes(range(16))
MESSAGES: Final = 1000
LETTERS: Final = "aя字🕊 \n\u202e\0\ufeffß"


async def test_the_browser_does_what_the_standard_prints_both_ways(page: Page) -> None:
    given, publics = [], []
    for one in VECTORS:
        private = bytes.fromhex(one.ephemeral) if one.ephemeral else derived_p256(SEED_OF_THE_LAST)
        publics.append(public_half(one.suite, private))
        given.append(
            {
                "suite": one.suite,
                "keyBytes": one.key_bytes,
                "own": halves(Pair(one.suite, private, publics[-1])),
                "to": one.receiver_public,
                "receiver": one.receiver,
                "sealed": one.sealed,
            }
        )
    told = await run(
        page,
        """
        const [info, aad, plain] = given.fixed.map(s.fromHex);
        return Promise.all(given.vectors.map(async (one) => {
          const ephemeral = await pair(one.own), { keyBytes } = one, to = s.fromHex(one.to);
          const how = { aad, ephemeral, keyBytes };
          const sealed = await s.hpkeSeal(one.suite, to, info, plain, how);
          if (!one.receiver) return [s.toHex(sealed), ""];
          const mine = await s.importPair(one.suite, s.fromHex(one.receiver), to);
          const opened = await s.hpkeOpen(mine, info, sealed, { aad, keyBytes });
          return [s.toHex(sealed), s.toHex(opened)];
        }));""",
        {"fixed": [INFO, AAD, PLAINTEXT], "vectors": given},
    )
    for one, public, (sealed, opened) in zip(VECTORS, publics, told, strict=True):
        assert sealed == public.hex() + one.sealed, one.name
        assert opened == (PLAINTEXT if one.receiver else ""), one.name
        if one.enc:
            assert sealed.startswith(one.enc)


def public_half(suite: Suite, private: bytes) -> bytes:
    if suite == 1:
        return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    # The pair that follows from a seed is that number, one less being added back.
    return p256_pair((int.from_bytes(private, "big") - 1).to_bytes(48, "big")).public


def texts() -> Iterable[tuple[Suite, int, str]]:
    drawn = random.Random(6)
    for number in range(1, MESSAGES + 1):
        length = drawn.choice((0, 1, 40, 200, 250, 900))
        yield (1, 2)[number % 2], number, "".join(drawn.choices(LETTERS, k=length))


async def test_a_thousand_messages_from_python_open_in_the_browser(page: Page) -> None:
    pairs = {suite: generate(suite) for suite in sealing.SUITES}
    sent = []
    for suite, number, text in texts():
        public = pairs[suite].public
        if number % 4 < 2:
            context = Context(CHAT, "out", number)
            sealed = [b64(sealing.seal_for_person(context, text, suite, public))]
        else:
            context = Context(CHAT, "in", number)
            made = sealing.seal_for_desk(context, text, [Receiver(b"operator", suite, public)])
            sealed = [b64(made.body), b64(made.wraps[b"operator"])]
        sent.append({"context": place(context), "suite": suite, "sealed": sealed})
    opened = await run(
        page,
        """
        const mine = { 1: await pair(given.pairs[0]), 2: await pair(given.pairs[1]) };
        return Promise.all(given.sent.map((one) => {
          const [first, wrap] = one.sealed.map(un), where = context(one.context);
          const own = mine[one.suite];
          return wrap ? s.openAtDesk(where, first, wrap, own) : s.openForPerson(where, first, own);
        }));""",
        {"pairs": [halves(pairs[1]), halves(pairs[2])], "sent": sent},
    )
    assert opened == [text for _, _, text in texts()]


async def test_a_thousand_messages_from_the_browser_open_in_python(page: Page) -> None:
    pairs = {suite: generate(suite) for suite in sealing.SUITES}
    made = await run(
        page,
        """
        const to = given.publics.map(un), chat = un(given.chat), key = s.fromHex("00".repeat(8));
        return Promise.all(given.texts.map(async ([suite, number, text]) => {
          const at = { chat, number };
          if (number % 4 < 2) {
            const where = { ...at, direction: "own" };
            return [s.toBase64(await s.sealForPerson(where, text, suite, to[suite - 1]))];
          }
          const receivers = [{ key, suite, public: to[suite - 1] }];
          const { body, wraps } = await s.sealForDesk({ ...at, direction: "in" }, text, receivers);
          return [s.toBase64(body), s.toBase64(wraps["00".repeat(8)])];
        }));""",
        {
            "publics": [b64(pairs[1].public), b64(pairs[2].public)],
            "chat": b64(CHAT),
            "texts": list(texts()),
        },
    )
    for (suite, number, text), parts in zip(texts(), made, strict=True):
        private = pairs[suite].private
        first, *wrap = (base64.b64decode(part) for part in parts)
        if wrap:
            assert sealing.looks_sealed(first)
            assert sealing.looks_wrapped(wrap[0])
            context = Context(CHAT, "in", number)
            assert sealing.open_at_desk(context, first, wrap[0], suite, private) == text
        else:
            context = Context(CHAT, "own", number)
            assert sealing.open_for_person(context, first, suite, private) == text


async def test_the_browser_opens_nothing_that_is_not_meant_or_was_changed(page: Page) -> None:
    pairs = {suite: generate(suite) for suite in sealing.SUITES}
    out, to_desk = Context(CHAT, "out", 3), Context(CHAT, "in", 3)
    told = await run(
        page,
        """
        const mine = { 1: await pair(given.pairs[0]), 2: await pair(given.pairs[1]) };
        const flip = (bytes, n) => bytes.map((byte, at) => (at === n ? byte ^ 128 : byte));
        const all = [];
        for (const suite of [1, 2]) {
          const own = mine[suite], other = await s.generate(suite), chat = un(given.chat);
          const out = { chat, direction: "out", number: 3 }, desk = { ...out, direction: "in" };
          const sealed = un(given.sealed[suite - 1]);
          const [body, wrap] = given.bodies[suite - 1].map(un);
          const reply = (...asked) => () => s.openForPerson(...asked);
          const read = (at, bytes, ...more) => () => s.openAtDesk(at, bytes, wrap, ...more);
          const text = new TextEncoder().encode("hello"), none = new Uint8Array();
          if (await s.openForPerson(out, sealed, own, 2) !== "hello") all.push("reply unread");
          if (await s.openAtDesk(desk, body, wrap, own, 2) !== "hello") all.push("message unread");
          const tries = [
            reply({ ...out, number: 4 }, sealed, own), reply(out, sealed, other),
            reply({ ...out, direction: "own" }, sealed, own), reply(out, none, own),
            reply({ ...out, chat: none }, sealed, own), reply(out, sealed, mine[3 - suite]),
            reply(out, sealed, own, 3), reply(out, sealed, own, 9), reply(out, text, own),
            read({ ...desk, number: 4 }, body, own), read(desk, body, other),
            read({ ...desk, direction: "note" }, body, own), read(desk, none, own),
            read({ ...desk, chat: none }, body, own), read(desk, body, mine[3 - suite]),
            read(desk, body, own, 3), read(desk, text, own), read(desk, wrap, own),
            ...Array.from(sealed, (_, n) => reply(out, flip(sealed, n), own)),
            ...Array.from(body, (_, n) => read(desk, flip(body, n), own)),
            ...Array.from(wrap, (_, n) => () => s.openAtDesk(desk, body, flip(wrap, n), own)),
          ];
          all.push(...(await Promise.all(tries.map(refused))));
        }
        return [...new Set(all)];""",
        {
            "chat": b64(CHAT),
            "pairs": [halves(pairs[1]), halves(pairs[2])],
            "sealed": [
                b64(sealing.seal_for_person(out, "hello", suite, pair.public))
                for suite, pair in pairs.items()
            ],
            "bodies": [bodies(to_desk, suite, pair) for suite, pair in pairs.items()],
        },
    )
    assert told == ["Unopenable"]


def bodies(context: Context, suite: Suite, pair: Pair) -> list[str]:
    made = sealing.seal_for_desk(context, "hello", [Receiver(b"operator", suite, pair.public)])
    return [b64(made.body), b64(made.wraps[b"operator"])]


async def test_the_browser_pads_and_refuses_as_python_does(page: Page) -> None:
    samples = ["", "a" * 254, "a" * 255, "я" * 511, "я" * 512, "字" * 1364, "\ufeffa\0"]
    wrong = (
        *(pad("a")[:-1] + b"\1", pad("a") + b"\0", b""),
        *(b"\0\1\xff" + bytes(253), b"\xff\xff" + bytes(254)),
    )
    told = await run(
        page,
        """
        const padded = given.samples.map((text) => s.toBase64(s.pad(text)));
        const wrong = given.wrong.map(un).map((bytes) => () => s.unpad(bytes));
        const bad = given.bad.map(un);
        const where = { chat: new Uint8Array(1), direction: "out", number: 1 };
        const seal = (over, text = "a", suite = 1, key = bad[0]) => () =>
          s.sealForPerson({ ...where, ...over }, text, suite, key);
        return {
          padded,
          wrong: await Promise.all(wrong.map(refused)),
          keys: await Promise.all(bad.flatMap((key) => [1, 2].map((suite) =>
            refused(seal({}, "a", suite, key))))),
          long: await refused(seal({}, "я".repeat(2048))),
          range: await Promise.all([{ number: 0 }, { number: 1.5 }, { number: 2 ** 53 },
            { chat: new Uint8Array(256) }, { direction: "in" }, { direction: "up" }]
            .map((over) => refused(seal(over)))),
          nobody: await refused(() => s.sealForDesk({ ...where, direction: "in" }, "a", [])),
          suite: await s.bestSuite(),
          hidden: (await s.generate(1)).private.extractable,
        };""",
        {
            "samples": samples,
            "wrong": [b64(one) for one in wrong],
            "bad": [b64(one) for one in (bytes(32), b"\4" + bytes(64), b"", b"\1" + bytes(31))],
        },
    )
    assert told["padded"] == [b64(pad(text)) for text in samples]
    assert set(told["wrong"]) == {"Unopenable"}
    assert set(told["keys"]) == {"BadKey"}
    assert told["long"] == TooLong.__name__
    assert set(told["range"]) == {"RangeError"}
    assert told["nobody"] == "RangeError"
    assert told["suite"] == 1
    assert told["hidden"] is False


async def test_the_browser_hands_a_message_on_to_a_colleague(page: Page) -> None:
    first, colleague = generate(1), generate(2)
    context = Context(CHAT, "in", 1)
    made = sealing.seal_for_desk(context, "hello", [Receiver(b"operator", 1, first.public)])
    wrap = await run(
        page,
        """
        const to = [{ key: new Uint8Array(8), suite: 2, public: un(given.to) }];
        const wraps = await s.rewrap(context(given.at), un(given.wrap), await pair(given.mine), to);
        return s.toBase64(Object.values(wraps)[0]);""",
        {
            "at": place(context),
            "wrap": b64(made.wraps[b"operator"]),
            "mine": halves(first),
            "to": b64(colleague.public),
        },
    )
    raw = base64.b64decode(wrap)
    assert sealing.open_at_desk(context, made.body, raw, 2, colleague.private) == "hello"


async def test_it_works_in_a_worker_too(page: Page) -> None:
    told = await page.evaluate(
        """() => new Promise((done) => {
          const worker = new Worker("/worker.js", { type: "module" });
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = () => done("failed");
        })"""
    )
    assert told == 1
