// What of a sealed chat is believed, and what is sealed: this page's keys, who may answer, replies.
// Whatever does not fit throws, and nothing of it is given out. It shows nothing and asks nobody.

import { fingerprint, readRoster } from "./roster.js";
import {
  NotTrusted,
  bestSuite,
  checkReply,
  fromBase64,
  generate,
  openForPerson,
  sealForDesk,
  toBase64,
  toHex,
} from "./sealing.js";

let organisation = ""; // its code as this page saw it first; another is refused as long as it lives
let serial = 0; // the highest of a roster: one from before that is refused

const hex = (text) => toHex(fromBase64(text));

// The code of the organisation's keys, to be compared with print.
export const code = () => organisation;

// Keys of this page's own, which cannot be read out. Nothing where the browser can make none.
export async function newKeys() {
  const suite = await bestSuite();
  return suite ? new Keys(await generate(suite)) : null;
}

class Keys {
  constructor(pair) {
    this.pair = pair;
    this.staff = new Map(); // everyone who was on a roster, by id
    this.receivers = [];
  }

  get public() {
    return { suite: this.pair.suite, public: toBase64(this.pair.public) };
  }

  // The chat is theirs from now on: what came before was sealed to other keys.
  begin(told) {
    this.chat = fromBase64(told.chat);
    this.after = told.last_out;
    this.next = told.next_in;
  }

  // Whether replies are sealed to these keys still.
  holds(told) {
    return told.mode === "device" && hex(told.public) === toHex(this.pair.public);
  }

  // Take an answer in. `show` is given each new reply in it, opened: {who, text}.
  async take(told, show) {
    if (hex(told.chat) !== toHex(this.chat)) throw new NotTrusted("shape");
    if (told.roster !== undefined) await this.believe(told);
    this.receivers = told.receivers.map((id) => this.receiver(hex(id)));
    for (const reply of told.replies) {
      if (reply.number > this.after) show(await this.open(reply));
    }
  }

  // Under which pseudonyms those are known who can read what is written now.
  get names() {
    return [...new Set(this.receivers.map((one) => one.who))].join(", ");
  }

  // Whether somebody of that pseudonym was on a roster.
  knows(who) {
    return [...this.staff.values()].some((one) => one.who === who);
  }

  // A message as it goes out. It stays as it is until the desk has answered.
  async seal(text, number = this.next) {
    const context = { chat: this.chat, direction: "in", number };
    const { body, wraps } = await sealForDesk(context, text, this.receivers);
    const packed = Object.entries(wraps).map(([id, wrap]) => [id, toBase64(wrap)]);
    return { number: context.number, body: toBase64(body), wraps: Object.fromEntries(packed) };
  }

  async believe(told) {
    const { ed25519, p256 } = told.organisation;
    const keys = { ed25519: fromBase64(ed25519), p256: fromBase64(p256) };
    const seen = await fingerprint(keys);
    if (organisation && organisation !== seen) throw new NotTrusted("unknown");
    const about = { now: Date.now() / 1000, suite: this.pair.suite, after: serial };
    const roster = await readRoster(fromBase64(told.roster), fromBase64(told.signature), keys, about);
    organisation = seen;
    serial = Math.max(serial, roster.serial);
    this.roster = roster;
    // Who has gone off duty since may still have a reply on its way.
    for (const one of roster.entries) this.staff.set(toHex(one.id), one);
  }

  receiver(id) {
    const { suite } = this.pair;
    for (const { who, prekeys } of this.roster.entries) {
      const key = prekeys.find((one) => toHex(one.id) === id);
      if (key) return { key: key.id, suite, public: suite === 1 ? key.x25519 : key.p256, who };
    }
    throw new NotTrusted("unknown");
  }

  async open({ number, sealed, signature, signer }) {
    if (number !== this.after + 1) throw new NotTrusted("shape");
    const by = this.staff.get(hex(signer));
    if (!by) throw new NotTrusted("unknown");
    const context = { chat: this.chat, direction: "out", number };
    const bytes = fromBase64(sealed);
    await checkReply(context, bytes, fromBase64(signature), by, this.pair.suite);
    const text = await openForPerson(context, bytes, this.pair, this.after);
    this.after = number;
    return { who: by.who, text };
  }
}
