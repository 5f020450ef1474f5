// A chat that only the person and who answers can read: suites, HPKE (RFC 9180, base mode), envelopes.
// The survivors' page and the operators' console load this very file. It uses the browser's own
// WebCrypto and nothing else, keeps nothing, asks nobody, and does nothing until it is called.
// Layouts are described in envelope.py and identity.py; keep in step with them.

export const X25519 = 1;
export const P256 = 2;
export const mostBytes = 4094; // bytes of UTF-8 of the longest text

const SIZES = [256, 1024, 4096];
const DIRECTIONS = { in: 1, out: 2, own: 3, note: 4 };
const TO_DESK = ["in", "note"];
const PUBLIC_BYTES = { 1: 32, 2: 65 };
const KEM_IDS = { 1: 0x20, 2: 0x10 };
const NAMES = { 1: { name: "X25519" }, 2: { name: "ECDH", namedCurve: "P-256" } };
const SIGNERS = { 1: { name: "Ed25519" }, 2: { name: "ECDSA", namedCurve: "P-256" } };
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const NONE = new Uint8Array();
const utf8 = new TextEncoder();

// It does not open; one message for every reason, replay too.
export class Unopenable extends Error {
  constructor() {
    super("this does not open");
  }
}

// The text is longer than the largest size; `most` bytes fit. Nothing was sealed.
export class TooLong extends Error {
  constructor() {
    super(`the text is longer than ${mostBytes} bytes`);
    this.most = mostBytes;
  }
}

// A public half that is none.
export class BadKey extends Error {
  constructor() {
    super("this is no public key of that suite");
  }
}

// A signature, a date or a roster does not hold. `code` is one of shape, signature, expired, stale,
// older, unknown.
export class NotTrusted extends Error {
  constructor(code) {
    super(`not trusted: ${code}`);
    this.code = code;
  }
}

// The suite to use in this browser: 1, or 2 where X25519 or Ed25519 is missing; 0 where nothing works.
export async function bestSuite() {
  for (const suite of [X25519, P256]) {
    try {
      await generate(suite);
      await crypto.subtle.generateKey(SIGNERS[suite], false, ["sign", "verify"]);
      return suite;
    } catch {
      continue; // not in this browser
    }
  }
  return 0;
}

// A new pair {suite, private: CryptoKey, public: Uint8Array}. The private half cannot be read out.
export async function generate(suite, extractable = false) {
  const pair = await crypto.subtle.generateKey(NAMES[suite], extractable, ["deriveBits"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { suite, private: pair.privateKey, public: raw };
}

// A pair of raw halves, as Python makes them.
export async function importPair(suite, secret, open) {
  const jwk = { d: base64url(secret), ext: true, key_ops: ["deriveBits"] };
  if (suite === X25519) {
    Object.assign(jwk, { kty: "OKP", crv: "X25519", x: base64url(open) });
  } else {
    const [x, y] = [base64url(open.slice(1, 33)), base64url(open.slice(33))];
    Object.assign(jwk, { kty: "EC", crv: "P-256", x, y });
  }
  const key = await crypto.subtle.importKey("jwk", jwk, NAMES[suite], false, ["deriveBits"]);
  return { suite, private: key, public: open };
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

// Whether Ed25519 ‖ ECDSA P-256 signatures over data hold; a page of suite 2 asks only the second.
export async function signedByBoth(keys, data, signature, suite) {
  if (signature.length !== 128) return false;
  if (!(await signed(P256, keys.p256, data, signature.slice(64)))) return false;
  return suite === P256 || signed(X25519, keys.ed25519, data, signature.slice(0, 64));
}

// HPKE in one go: encapsulated key ‖ ciphertext. `given` {aad, ephemeral, keyBytes} is for the
// published vectors, which fix what is random here and also have AES-128.
export async function hpkeSeal(suite, open, info, plaintext, given = {}) {
  const receiver = await importPublic(suite, open);
  const own = given.ephemeral ?? (await generate(suite));
  let shared;
  try {
    shared = await agree(suite, own.private, receiver, own.public, open);
  } catch {
    throw new BadKey(); // a key of small order gives everyone the same secret
  }
  const parts = await schedule(suite, shared, info, given.keyBytes);
  const box = await gcm("encrypt", parts.key, parts.nonce, given.aad ?? NONE, plaintext);
  return join(own.public, box);
}

// What hpkeSeal was given. Throws Unopenable, the same for every reason.
export async function hpkeOpen(pair, info, sealed, given = {}) {
  const at = PUBLIC_BYTES[pair.suite];
  const enc = sealed.slice(0, at);
  let shared;
  try {
    shared = await agree(pair.suite, pair.private, await importPublic(pair.suite, enc), enc, pair.public);
  } catch {
    throw new Unopenable();
  }
  const parts = await schedule(pair.suite, shared, info, given.keyBytes);
  return gcm("decrypt", parts.key, parts.nonce, given.aad ?? NONE, sealed.slice(at));
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

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

// Overwrites bytes that are no longer needed; what the browser copied is out of reach.
export function wipe(...parts) {
  for (const part of parts) part.fill(0);
}

export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
export const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

const base64url = (bytes) => toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

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

async function signed(suite, open, data, signature) {
  try {
    const how = { ...SIGNERS[suite], hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", open, how, false, ["verify"]);
    return await crypto.subtle.verify(how, key, signature, data);
  } catch {
    return false; // no key, or no such algorithm
  }
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

async function gcm(act, raw, iv, additionalData, data) {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [act]);
  wipe(raw);
  try {
    return new Uint8Array(await crypto.subtle[act]({ name: "AES-GCM", iv, additionalData }, key, data));
  } catch {
    throw new Unopenable();
  }
}

async function hkdf(salt, secret, info, length) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * length));
}

async function importPublic(suite, open) {
  if (open.length !== PUBLIC_BYTES[suite]) throw new BadKey();
  try {
    return await crypto.subtle.importKey("raw", open, NAMES[suite], false, []);
  } catch {
    throw new BadKey();
  }
}

// RFC 9180, 4.1: the secret that both sides of a DHKEM reach.
async function agree(suite, secret, other, enc, receiver) {
  const name = join(utf8.encode("KEM"), [0, KEM_IDS[suite]]);
  const how = { ...NAMES[suite], public: other };
  const point = new Uint8Array(await crypto.subtle.deriveBits(how, secret, 256));
  const input = join(utf8.encode("HPKE-v1"), name, utf8.encode("eae_prk"), point);
  wipe(point);
  const info = labelled(name, "shared_secret", join(enc, receiver), 32);
  return hkdf(NONE, input, info, 32).finally(() => wipe(input));
}

// RFC 9180, 5.1: key and nonce of one message, base mode; HKDF-SHA256 and AES-GCM.
async function schedule(suite, shared, info, keyBytes = 32) {
  const name = join(utf8.encode("HPKE"), [0, KEM_IDS[suite], 0, 1, 0, keyBytes === 32 ? 2 : 1]);
  const none = await extract(name, "psk_id_hash", NONE);
  const context = join([0], none, await extract(name, "info_hash", info));
  const input = join(utf8.encode("HPKE-v1"), name, utf8.encode("secret"));
  const key = await hkdf(shared, input, labelled(name, "key", context, keyBytes), keyBytes);
  const nonce = await hkdf(shared, input, labelled(name, "base_nonce", context, 12), 12);
  wipe(shared);
  return { key, nonce };
}

async function extract(name, label, data) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new Uint8Array(32), how, false, ["sign"]);
  const input = join(utf8.encode("HPKE-v1"), name, utf8.encode(label), data);
  return new Uint8Array(await crypto.subtle.sign(how, key, input));
}

function labelled(name, label, info, length) {
  return join([0, length], utf8.encode("HPKE-v1"), name, utf8.encode(label), info);
}
