// The two suites in a browser: keys, HPKE (RFC 9180, base mode, HKDF-SHA256, AES-GCM), signatures, and
// the handling of bytes. It uses the browser's own WebCrypto and nothing else, and does nothing until
// it is called. It knows nothing of chats. Keep in step with suites.py.

export const X25519 = 1;
export const P256 = 2;
export const PUBLIC_BYTES = { 1: 32, 2: 65 };
export const TAG_BYTES = 16;

const KEM_IDS = { 1: 0x20, 2: 0x10 };
const NAMES = { 1: { name: "X25519" }, 2: { name: "ECDH", namedCurve: "P-256" } };
const SIGNERS = { 1: { name: "Ed25519" }, 2: { name: "ECDSA", namedCurve: "P-256" } };
const NONE = new Uint8Array();
const utf8 = new TextEncoder();

// It does not open; one message for every reason, replay too.
export class Unopenable extends Error {
  constructor() {
    super("this does not open");
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

async function signed(suite, open, data, signature) {
  try {
    const how = { ...SIGNERS[suite], hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", open, how, false, ["verify"]);
    return await crypto.subtle.verify(how, key, signature, data);
  } catch {
    return false; // no key, or no such algorithm
  }
}

export async function gcm(act, raw, iv, additionalData, data) {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [act]);
  wipe(raw);
  try {
    return new Uint8Array(await crypto.subtle[act]({ name: "AES-GCM", iv, additionalData }, key, data));
  } catch {
    throw new Unopenable();
  }
}

export async function hkdf(salt, secret, info, length) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * length));
}

// Nothing when it is a public half of that suite that can be sealed to. Throws BadKey.
export async function checkPublic(suite, open) {
  await hpkeSeal(suite, open, NONE, NONE);
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
