// The keys of who sits here, while they are unlocked: opens what came, seals and signs what goes, and
// wraps a chat's messages for colleagues. Ids are hex here as on the wire; bytes travel as base64.
// How keys are kept and locked is keystore.js's; this file never sees a phrase it does not pass on.

import { byPasskey, byPhrase, makePhrase, openStore } from "./keystore.js";
import { fingerprint, readRoster } from "./roster.js";
import { bestSuite, fromBase64, fromHex, join, sealForDesk, sealForPerson, toBase64, toHex } from "./sealing.js";
import { LineLost, Refusal, get, post } from "./wire.js";

const PINNED = "quietline-desk-organisation";
const AFTER_SHIFT = 72 * 3600; // seconds that a prekey is kept after its shift
const LONGEST = 79 * 3600; // and at most altogether: one that lasts longer than 80 hours is refused
const PIECE = 1000; // characters of a draft that are sealed at once
const MOST_ROWS = 100; // of one side in one answer
const AT_ONCE = 50; // messages wrapped in one question
const letters = new TextEncoder();
const now = () => Date.now() / 1000;

// Where a message belongs. The copy of an answer and a hidden draft have ids of their own length, so
// that neither passes for a note.
const here = {
  in: (chat, number) => ({ chat: fromHex(chat), direction: "in", number }),
  out: (chat, number) => ({ chat: fromHex(chat), direction: "out", number }),
  copy: (chat, number) => ({ chat: join(fromHex(chat), letters.encode("copy")), direction: "note", number }),
  kept: (chat, number) => ({ chat: join(fromHex(chat), letters.encode("kept")), direction: "note", number }),
  note: (chat) => ({ chat: chat ? fromHex(chat) : new Uint8Array(16), direction: "note", number: 1 }),
};

const wired = ({ body, wraps }) => ({ body: toBase64(body), wraps: coded(wraps) });
const coded = (wraps) => Object.fromEntries(Object.entries(wraps).map(([key, wrap]) => [key, toBase64(wrap)]));
const wrapsOf = (row) => ({ [row.key]: fromBase64(row.wrap) });

export class Keys {
  constructor(opened, begin, prekeys) {
    Object.assign(this, { opened, begin, receivers: [], serial: 0 });
    const newest = prekeys.sort((a, b) => b.until - a.until)[0];
    if (newest) this.own = [receiver(newest)];
  }

  // What is asked for is wrapped for these: another browser of the same operator has others.
  get ids() {
    return this.opened.prekeyIds();
  }

  open(chat, side, row) {
    const context = side === "in" ? here.in(chat, row.number) : here.copy(chat, row.number);
    return this.opened.open(context, fromBase64(row.body), wrapsOf(row));
  }

  async reply(mine, number, copied, text) {
    const context = here.out(mine.chat, number);
    const sealed = await sealForPerson(context, text, mine.person.suite, fromBase64(mine.person.public));
    const signature = await this.opened.sign(context, sealed);
    // Whoever else is in this chat reads what was answered.
    const other = mine.as === "helper" ? mine.owner : mine.helper;
    const readers = [...this.own, ...this.receivers.filter((key) => other && key.who === other)];
    const copy = await sealForDesk(here.copy(mine.chat, number), copied, readers);
    return {
      number,
      sealed: toBase64(sealed),
      signature: toBase64(signature),
      signer: this.opened.identity.id,
      public: mine.person.public,
      copy: wired(copy),
    };
  }

  // A draft, so that only unlocking brings it back.
  async hide(chat, text) {
    const pieces = text.match(new RegExp(`[^]{1,${PIECE}}`, "gu")) ?? [];
    return Promise.all(pieces.map((piece, place) => sealForDesk(here.kept(chat, place + 1), piece, this.own)));
  }

  async unhide(chat, pieces) {
    const one = ({ body, wraps }, place) => this.opened.open(here.kept(chat, place + 1), body, wraps);
    return (await Promise.all(pieces.map(one))).join("");
  }

  async note(chat, text, readers) {
    return wired(await sealForDesk(here.note(chat), text, readers));
  }

  openNote(note) {
    return this.opened.open(here.note(note.chat), fromBase64(note.body), wrapsOf(note));
  }

  // Makes every message of a chat readable to others too, before they get it.
  async passOn(talk, readers) {
    if (readers.length === 0) return;
    const again = async (row, context) => {
      const wraps = await this.opened.rewrap(context, wrapsOf(row), readers);
      return { number: row.number, wraps: coded(wraps) };
    };
    const all = (rows, where) =>
      Promise.all(rows.filter((row) => row.wrap).map((row) => again(row, where(talk.id, row.number))));
    const asked = { chat: talk.id, after: 0, after_own: 0, keys: this.ids };
    for (let more = true; more; ) {
      const told = await post("/desk/messages", asked);
      const [theirs, ours] = [told.messages, told.own ?? []];
      const [wraps, own] = [await all(theirs, here.in), await all(ours, here.copy)];
      while (wraps.length > 0 || own.length > 0) {
        await post("/desk/rewrap", { chat: talk.id, wraps: wraps.splice(0, AT_ONCE), own: own.splice(0, AT_ONCE) });
      }
      asked.after = theirs.at(-1)?.number ?? asked.after;
      asked.after_own = ours.at(-1)?.number ?? asked.after_own;
      more = Boolean(told.more) || ours.length >= MOST_ROWS;
    }
  }

  // Who is on duty, believed only when the organisation signed it whose keys were here from the start.
  async readRoster() {
    const told = await get("/desk/roster.json");
    const keys = { ed25519: fromBase64(told.organisation.ed25519), p256: fromBase64(told.organisation.p256) };
    const print = await fingerprint(keys);
    const pinned = localStorage.getItem(PINNED);
    if (pinned !== null && pinned !== print) throw new Refusal("roster_changed", {});
    const about = { now: now(), suite: 1, after: this.serial };
    const roster = await readRoster(fromBase64(told.roster), fromBase64(told.signature), keys, about);
    localStorage.setItem(PINNED, print);
    this.serial = Math.max(this.serial, roster.serial);
    const live = (one) => one.prekeys.filter((key) => key.until > now());
    const reader = (who) => (key) => ({ who, key: key.id, suite: 1, public: key.x25519 });
    this.receivers = roster.entries.flatMap((one) => live(one).map(reader(one.who)));
  }

  // The server has to know who signs here before the first answer is signed.
  async enrol() {
    const { id, ed25519, p256 } = this.opened.identity;
    if (this.begin.devices.some((device) => device.id === id)) return;
    await post("/desk/keys/enrol", { ed25519: toBase64(ed25519), p256: toBase64(p256) });
    this.begin.devices.push({ id });
  }

  async beginShift({ who, languages, skills, hours }) {
    const prekey = await this.newPrekey(now() + Number(hours) * 3600);
    return (await post("/desk/shift/begin", { who, languages, skills, hours: Number(hours), prekey })).me;
  }

  // The shift was begun in another browser: what comes from now on opens here too.
  async goOn(shift) {
    const prekey = await this.newPrekey(shift.until ?? now());
    return (await post("/desk/keys/prekey", { prekey })).me;
  }

  async newPrekey(end) {
    const until = Math.floor(Math.min(end + AFTER_SHIFT, now() + LONGEST));
    const made = await this.opened.newPrekey(until);
    this.own = [receiver(made)];
    const [x25519, p256, signature] = [made.x25519, made.p256, made.signature].map(toBase64);
    return { x25519, p256, until, identity: this.opened.identity.id, signature };
  }

  // Whether that shift reads with the keys of this browser.
  serves(shift) {
    const mine = this.opened.prekeyIds().filter((id) => shift.keys.includes(id));
    return mine.includes(this.own && toHex(this.own[0].key));
  }

  forget() {
    this.opened.lock();
    this.receivers = [];
  }
}

const receiver = (prekey) => ({ key: fromHex(prekey.id), suite: 1, public: prekey.x25519 });

// The keys of this browser while nobody has unlocked them. Each member of staff has their own.
export class Kept {
  constructor(begin, store) {
    Object.assign(this, { begin, store });
  }

  static async look(begin) {
    const kept = new Kept(begin, await openStore(`quietline-desk-${begin.me.staff}`));
    await kept.destroyDue();
    setInterval(() => kept.destroyDue(), 600000);
    kept.ways = (await kept.store.state()).ways;
    return kept;
  }

  // A shift's key is gone when its time is up, whether or not somebody is here.
  async destroyDue() {
    await this.store.destroyDue(now());
  }

  // Gives the keys, and the words when that is how they are locked.
  async make(way) {
    const words = way === "phrase" ? makePhrase(await phraseWords()) : "";
    const opened = await this.store.make(way === "phrase" ? byPhrase(words) : byPasskey(this.begin.me.name));
    this.ways = [way];
    return { keys: new Keys(opened, this.begin, []), words };
  }

  async open(phrase) {
    const opened = await this.store.unlock(phrase === undefined ? byPasskey() : byPhrase(phrase));
    return new Keys(opened, this.begin, (await this.store.state()).prekeys);
  }

  async erase() {
    await this.store.erase();
    // Whoever starts anew also looks anew at whose signature is believed: compare it with the print.
    localStorage.removeItem(PINNED);
    this.ways = [];
  }
}

async function phraseWords() {
  const answer = await fetch("/static/desk/phrase_words.txt").catch(() => undefined);
  if (!answer?.ok) throw new LineLost();
  return (await answer.text()).trim().split(/\s+/);
}

export async function usable() {
  return globalThis.isSecureContext && "indexedDB" in globalThis && (await bestSuite()) === 1;
}
