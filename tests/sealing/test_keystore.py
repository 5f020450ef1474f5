"""An operator's keys open to who knows the words or holds the passkey, until their time is up."""

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import CDPSession, Page

import bot.sealing
from bot import sealing
from bot.sealing import Context, Identity, Prekey
from tests.sealing.browsing import b64

pytestmark = pytest.mark.asyncio(loop_scope="package")

WORDS = (Path(bot.sealing.__file__).parent / "phrase_words.txt").read_text("utf-8").split()
NOW = 1_800_000_000
UNTIL = NOW + 72 * 3600
START = """async (given) => {
  const s = await import("/sealing.js"), k = await import("/keystore.js");
  const refused = async (act) => {
    try { await act(); return "taken"; }
    catch (error) { return error.code ?? error.constructor.name; }
  };
  const text = (one) => Object.fromEntries(Object.entries(one).map(([name, value]) =>
    [name, value instanceof Uint8Array ? s.toBase64(value) : value]));
  const rows = (name) => new Promise((done) => {
    indexedDB.open(given.name).onsuccess = ({ target: { result } }) => {
      result.transaction(name).objectStore(name).getAll().onsuccess = (event) => {
        result.close();
        done(event.target.result);
      };
    };
  });
  const put = (name, row) => new Promise((done) => {
    indexedDB.open(given.name).onsuccess = ({ target: { result } }) => {
      const transaction = result.transaction(name, "readwrite");
      transaction.objectStore(name).put(row);
      transaction.oncomplete = () => { result.close(); done(); };
    };
  });
  const store = await k.openStore(given.name);
"""


async def run(page: Page, body: str, name: str, **given: Any) -> Any:
    return await page.evaluate(START + body + "}", {"name": name, **given})


def identity_of(told: dict[str, str]) -> Identity:
    return Identity(base64.b64decode(told["ed25519"]), base64.b64decode(told["p256"]))


def prekey_of(told: dict[str, Any], identity: Identity) -> Prekey:
    halves = [base64.b64decode(told[name]) for name in ("x25519", "p256", "signature")]
    return Prekey(halves[0], halves[1], told["until"], identity.id, halves[2])


async def test_a_phrase_is_seven_words_of_the_list_and_another_every_time(page: Page) -> None:
    told = await run(
        page,
        """
        const phrases = Array.from({ length: 300 }, () => k.makePhrase(given.words));
        return [phrases, await refused(() => k.makePhrase(given.words.slice(1)))];""",
        "unused",
        words=WORDS,
    )
    phrases = [phrase.split(" ") for phrase in told[0]]
    assert all(len(phrase) == 7 and set(phrase) <= set(WORDS) for phrase in phrases)
    assert len({tuple(phrase) for phrase in phrases}) == 300
    assert len({word for phrase in phrases for word in phrase}) > 1000
    assert told[1] == "WeakLock"


async def test_an_operator_makes_keys_reads_signs_locks_and_reads_again(page: Page) -> None:
    made = await run(
        page,
        """
        const before = await store.state(), phrase = k.makePhrase(given.words);
        const keys = await store.make(k.byPhrase(phrase));
        const prekey = await keys.newPrekey(given.until);
        const again = await refused(() => store.make(k.byPhrase(phrase)));
        return { before, phrase, again, identity: text(keys.identity), prekey: text(prekey) };""",
        "reads",
        words=WORDS,
        until=UNTIL,
    )
    assert made["before"] == {"ways": [], "identity": None, "prekeys": []}
    assert made["again"] == "RangeError"
    identity = identity_of(made["identity"])
    prekey = prekey_of(made["prekey"], identity)
    assert made["identity"]["id"] == identity.id.hex()
    assert made["prekey"]["id"] == prekey.id.hex()
    sealing.check_prekey(prekey, identity, NOW)
    context, colleague = Context(b"chat", "in", 1), sealing.generate()
    sent = [sealing.seal_for_desk(context, "hello", [prekey.receiver(one)]) for one in (1, 2)]
    told = await run(
        page,
        """
        const un = s.fromBase64, phrase = given.phrase.toUpperCase().replaceAll(" ", ",  ");
        const keys = await store.unlock(k.byPhrase(phrase), given.now);
        const at = { chat: new TextEncoder().encode("chat"), direction: "in", number: 1 };
        const wraps = (one) => ({ aabb: new Uint8Array(80), [given.id]: un(one[1]) });
        const read = () => given.sent.map((one) => keys.open(at, un(one[0]), wraps(one)));
        const texts = await Promise.all(read());
        const to = [{ key: new Uint8Array(8), suite: 1, public: un(given.colleague) }];
        const handed = await keys.rewrap(at, wraps(given.sent[0]), to);
        const out = { ...at, direction: "out" }, sealed = new Uint8Array(300);
        const signature = await keys.sign(out, sealed), ids = keys.prekeyIds();
        const first = given.sent[0], body = un(first[0]);
        const replayed = await refused(() => keys.open(at, body, wraps(first), 1));
        const foreign = await refused(() => keys.open(at, body, { aabb: un("") }));
        keys.lock();
        const locked = await Promise.all([...read().map((one) => refused(() => one)),
          refused(() => keys.sign(out, sealed)), refused(() => keys.newPrekey(given.now))]);
        const state = await store.state();
        return { texts, ids, replayed, foreign, locked, signature: s.toBase64(signature),
          handed: s.toBase64(handed["0".repeat(16)]), ways: state.ways,
          known: [state.identity.id, ...state.prekeys.map((one) => one.id)] };""",
        "reads",
        phrase=made["phrase"],
        id=prekey.id.hex(),
        sent=[[b64(one.body), b64(one.wraps[prekey.id])] for one in sent],
        colleague=b64(colleague.public),
        now=NOW,
    )
    assert told["texts"] == ["hello", "hello"]
    assert told["ids"] == [prekey.id.hex()]
    assert {told["replayed"], told["foreign"], *told["locked"]} == {"Unopenable"}
    assert (told["ways"], told["known"]) == (["phrase"], [identity.id.hex(), prekey.id.hex()])
    signature = base64.b64decode(told["signature"])
    sealing.check_reply(Context(b"chat", "out", 1), bytes(300), signature, identity)
    wrap = base64.b64decode(told["handed"])
    assert sealing.open_at_desk(context, sent[0].body, wrap, 1, colleague.private) == "hello"


async def test_no_other_words_and_no_weaker_lock_open_the_keys(page: Page) -> None:
    told = await run(
        page,
        """
        const words = k.makePhrase(given.words).split(" "), way = k.byPhrase(words.join(" "));
        const short = await refused(() => store.make(k.byPhrase(words.slice(1).join(" "))));
        await store.make(way);
        const [lock] = await rows("locks"), unlock = (one) => refused(() => store.unlock(one, 0));
        const tries = { short, rounds: lock.params.rounds, right: await unlock(way) };
        tries.words = await unlock(k.byPhrase(words.reverse().join(" ")));
        tries.way = await unlock(k.byPasskey());
        const changed = async (params) => {
          await put("locks", { ...lock, params: { ...lock.params, ...params } });
          const told = await unlock(way);
          await put("locks", lock);
          return told;
        };
        tries.fewer = await changed({ rounds: 599_999 });
        tries.one = await changed({ rounds: 1 });
        tries.none = await changed({ rounds: undefined });
        tries.endless = await changed({ rounds: 10_000_001 });
        tries.more = await changed({ rounds: 600_001 });
        tries.kdf = await changed({ kdf: "PBKDF2-SHA-1" });
        tries.other = await changed({ kdf: "HKDF-SHA-256" });
        tries.salt = await changed({ salt: new Uint8Array(8) });
        tries.salted = await changed({ salt: new Uint8Array(32) });
        tries.credential = await changed({ credential: "aa" });
        tries.still = await unlock(way);
        return tries;""",
        "weak",
        words=WORDS,
    )
    weak = ("short", "fewer", "one", "none", "endless", "kdf", "other", "salt")
    shut = ("words", "way", "more", "salted", "credential")
    assert told == {
        **dict.fromkeys(weak, "WeakLock"),
        **dict.fromkeys(shut, "Unopenable"),
        **dict.fromkeys(("right", "still"), "taken"),
        "rounds": 600_000,
    }


async def test_a_shift_s_key_is_gone_when_its_time_is_up_and_the_disk_shows_no_key(
    page: Page,
) -> None:
    told = await run(
        page,
        """
        const way = k.byPhrase(k.makePhrase(given.words)), keys = await store.make(way);
        const first = await keys.newPrekey(given.until);
        const later = await keys.newPrekey(given.until + 9);
        const shown = await rows("keys");
        const early = await store.destroyDue(given.until - 1);
        await keys.destroyDue(given.until);
        const after = keys.prekeyIds(), left = (await rows("keys")).length;
        const dead = await store.unlock(way, given.until + 9);
        const ids = [first.id, later.id], open = (id) => refused(() =>
          dead.open({ chat: s.fromHex("00"), direction: "in", number: 1 }, s.fromHex("00"),
            { [id]: new Uint8Array(81).fill(1) }));
        const opened = await Promise.all(ids.map(open));
        const [changed] = await rows("keys");
        await put("keys", { ...changed, until: 5 });
        const tampered = await refused(() => store.unlock(way, 0));
        await store.erase();
        const gone = await store.state();
        return { ids, early, after, left, opened, tampered, gone, known: dead.prekeyIds(),
          fields: shown.map((row) => Object.keys(row).sort().join(" ")),
          sealed: shown.map((row) => row.sealed instanceof Uint8Array) };""",
        "shift",
        words=WORDS,
        until=UNTIL,
    )
    first, later = told["ids"]
    assert (told["early"], told["after"], told["left"], told["known"]) == ([], [later], 2, [])
    assert first != later
    assert set(told["opened"]) == {"Unopenable"}
    assert told["tampered"] == "Unopenable"
    assert told["gone"] == {"ways": [], "identity": None, "prekeys": []}
    assert set(told["fields"]) == {"id iv kind public sealed until"}
    assert told["sealed"] == [True, True, True]


async def authenticator(page: Page, *, prf: bool) -> tuple[CDPSession, str]:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    able = ["hasResidentKey", "hasUserVerification", "isUserVerified"]
    able += ["automaticPresenceSimulation", *(["hasPrf"] if prf else [])]
    how = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal"}
    options = how | dict.fromkeys(able, True)
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


async def test_a_passkey_opens_the_keys_and_the_words_beside_it_do_too(page: Page) -> None:
    session, key = await authenticator(page, prf=True)
    told = await run(
        page,
        """
        const passkey = k.byPasskey("Maple"), phrase = k.byPhrase(k.makePhrase(given.words));
        const made = await store.make(passkey), prekey = await made.newPrekey(given.until);
        const none = await refused(() => store.unlock(phrase, 0));
        await store.add(passkey, phrase);
        const ids = [];
        for (const way of [passkey, phrase]) ids.push((await store.unlock(way, 0)).prekeyIds());
        const [row] = (await rows("locks")).filter((one) => one.way === "passkey");
        await put("locks", { ...row, params: { ...row.params, salt: new Uint8Array(32) } });
        const salted = await refused(() => store.unlock(passkey, 0));
        await put("locks", row);
        return { id: prekey.id, ids, none, salted, ways: (await store.state()).ways.sort() };""",
        "passkey",
        words=WORDS,
        until=UNTIL,
    )
    assert told["ids"] == [[told["id"]], [told["id"]]]
    assert (told["none"], told["salted"]) == ("Unopenable", "Unopenable")
    assert told["ways"] == ["passkey", "phrase"]
    await session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    await authenticator(page, prf=False)
    unable = await run(page, "return refused(() => store.make(k.byPasskey('Maple')));", "without")
    assert unable == "NoPasskey"
    await session.send("WebAuthn.disable")
