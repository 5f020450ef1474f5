// A chat that only the person and who answers can read: envelopes, and how replies are checked.
// The survivors' page and the operators' console load this very file. It keeps nothing, asks nobody,
// and does nothing until it is called. Layouts are described in envelope.py and identity.py; keep in
// step with them. What the browser itself computes is in hpke.js; callers need only this file.

import {
  NotTrusted,
  TAG_BYTES,
  PUBLIC_BYTES,
  Unopenable,
  gcm,
  hkdf,
  hpkeOpen,
  hpkeSeal,
  join,
  sha256,
  signedByBoth,
  toHex,
  wipe,
} from "./hpke.js";

export * from "./hpke.js";

export const mostBytes = 4094; // bytes of UTF-8 of the longest text

const SIZES = [256, 1024, 4096];
const DIRECTIONS = { in: 1, out: 2, own: 3, note: 4 };
const TO_DESK = ["in", "note"];
const KEY_BYTES = 32;
const NONE = new Uint8Array();
const utf8 = new TextEncoder();

// The text is longer than the largest size; `most` bytes fit. Nothing was sealed.
export class TooLong extends Error {
  constructor() {
    super(`the text is longer than ${mostBytes} bytes`);
    this.most = mostBytes;
  }
}

// The text, sealed once, its key wrapped to each receiver {key, suite, public}. Directions in, note.
// Gives {body, wraps}; wraps by the key's id in hex. Throws TooLong, BadKey.
export async function sealForDesk(context, text, receivers) {
  check(context, true);
  if (receivers.length === 0) throw new RangeError("there is nobody to seal to");
  const where = encode(context);
  const padded = pad(text);
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const parts = await bodyParts(key, where);
  const box = await gcm("encrypt", parts.key, parts.nonce, where, padded);
  const wraps = await wrapAll(where, key, receivers);
  wipe(padded, key);
  return { body: join([1], parts.commitment, box), wraps };
}

// The text again, with the pair of the wrap's suite. Throws Unopenable, also unless number > seen.
export async function openAtDesk(context, body, wrap, pair, seen = 0) {
  check(context, true);
  checkNew(context, seen);
  const where = encode(context);
  const key = await unwrap(where, wrap, pair);
  const parts = await bodyParts(key, where);
  wipe(key);
  const head = join([1], parts.commitment);
  if (!same(head, body.slice(0, 33)) || !SIZES.includes(body.length - 33 - TAG_BYTES)) {
    throw new Unopenable();
  }
  return unpad(await gcm("decrypt", parts.key, parts.nonce, where, body.slice(33)));
}

// The same message's key for other receivers: a transfer, the end of a shift. Gives wraps.
export async function rewrap(context, wrap, pair, receivers) {
  check(context, true);
  const where = encode(context);
  const key = await unwrap(where, wrap, pair);
  const wraps = await wrapAll(where, key, receivers);
  wipe(key);
  return wraps;
}

// The text, sealed to one key. Directions out, own. Throws TooLong, BadKey.
export async function sealForPerson(context, text, suite, open) {
  check(context, false);
  const padded = pad(text);
  const sealed = await hpkeSeal(suite, open, join(encode(context), [suite]), padded);
  wipe(padded);
  return join([suite], sealed);
}

// The text again. Throws Unopenable, also unless number > seen.
export async function openForPerson(context, sealed, pair, seen = 0) {
  check(context, false);
  checkNew(context, seen);
  if (sealed[0] !== pair.suite) throw new Unopenable();
  return unpad(await hpkeOpen(pair, join(encode(context), [pair.suite]), sealed.slice(1)));
}

// Nothing when that identity {ed25519, p256} signed these bytes for that place; else NotTrusted.
// `suite` is this page's: with 2 the browser cannot check Ed25519, and P-256 alone is checked.
export async function checkReply(context, sealed, signature, identity, suite) {
  const data = await replyData(context, sealed);
  if (!(await signedByBoth(identity, data, signature, suite))) throw new NotTrusted("signature");
}

// What is signed for a reply: "quietline/reply/v1" ‖ context ‖ SHA-256(sealed).
export async function replyData(context, sealed) {
  return join(utf8.encode("quietline/reply/v1"), encode(context), await sha256(sealed));
}

export function encode({ chat, direction, number }) {
  const kind = DIRECTIONS[direction];
  if (!kind || chat.length > 255 || !Number.isSafeInteger(number) || number < 1) {
    throw new RangeError("a number, a direction or an id is out of range");
  }
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(number));
  return join(utf8.encode("quietline/chat/v1"), [0, chat.length], chat, [kind], count);
}

export function pad(text) {
  const plain = utf8.encode(text);
  const size = SIZES.find((one) => plain.length <= one - 2);
  if (!size) throw new TooLong();
  const padded = new Uint8Array(size);
  padded.set([plain.length >> 8, plain.length & 255]);
  padded.set(plain, 2);
  wipe(plain);
  return padded;
}

export function unpad(padded) {
  const end = 2 + (padded[0] << 8) + padded[1];
  const fits = SIZES.includes(padded.length) && end <= padded.length;
  if (!fits || padded.slice(end).some((byte) => byte !== 0)) throw new Unopenable();
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(padded.slice(2, end));
  } catch {
    throw new Unopenable();
  } finally {
    wipe(padded);
  }
}

function check(context, toDesk) {
  // A wrap and a reply are both HPKE: their directions keep the one from passing for the other.
  if (TO_DESK.includes(context.direction) !== toDesk) throw new RangeError("not this direction");
}

function checkNew(context, seen) {
  if (!(context.number > seen)) throw new Unopenable();
}

function same(one, other) {
  if (one.length !== other.length) return false;
  return one.reduce((sum, byte, n) => sum | (byte ^ other[n]), 0) === 0;
}

async function wrapAll(where, key, receivers) {
  const one = async (to) => {
    const sealed = await hpkeSeal(to.suite, to.public, join(where, [to.suite]), key);
    return [toHex(to.key), join([to.suite], sealed)];
  };
  return Object.fromEntries(await Promise.all(receivers.map(one)));
}

async function unwrap(where, wrap, pair) {
  const length = 1 + PUBLIC_BYTES[pair.suite] + KEY_BYTES + TAG_BYTES;
  if (wrap[0] !== pair.suite || wrap.length !== length) throw new Unopenable();
  return hpkeOpen(pair, join(where, [pair.suite]), wrap.slice(1));
}

async function bodyParts(key, where) {
  const material = await hkdf(NONE, key, join(utf8.encode("quietline/body/v1"), where), 76);
  return split(material, 32);
}

function split(material, keyBytes) {
  const [key, nonce] = [material.slice(0, keyBytes), material.slice(keyBytes, keyBytes + 12)];
  return { key, nonce, commitment: material.slice(keyBytes + 12) };
}

