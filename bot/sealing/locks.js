// What opens an operator's keys on their own device: a passkey, or a phrase of seven words. It decides
// how strong a lock must be and refuses a weaker one. It stores nothing and tells the server nothing.
//
//   a lock     {id, way, params, iv, wrapped}: the master key (AES-256-GCM), wrapped by AES-256-GCM
//   passkey    wrapping key = HKDF-SHA-256(PRF output, salt, "quietline/passkey/v1")
//   phrase     wrapping key = PBKDF2-SHA-256(words joined by one space, salt, at least 600,000 rounds)
//   bound in   way and params, as additional data: whoever changes a parameter opens nothing

import { Unopenable, fromHex, toHex } from "./hpke.js";

export const PHRASE_WORDS = 7; // of 2,048: 77 bits
export const ROUNDS = 600_000;

const MOST_ROUNDS = 10_000_000; // more would only keep the operator waiting
const GCM = { name: "AES-GCM", length: 256 };
const utf8 = new TextEncoder();

// A lock that is weaker than it must be, or is none.
export class WeakLock extends Error {
  constructor() {
    super("this lock is weaker than it must be");
  }
}

// No passkey can be used: the browser or the key has no PRF, or the person said no.
export class NoPasskey extends Error {
  constructor() {
    super("no passkey can be used here");
  }
}

// Seven words of the list, each drawn evenly. The list is phrase_words.txt, split into words.
export function makePhrase(words) {
  if (new Set(words).size < 2048) throw new WeakLock();
  return Array.from({ length: PHRASE_WORDS }, () => words[below(words.length)]).join(" ");
}

// A way to lock: by that phrase. Typed in any case, with any space or commas between.
export const byPhrase = (phrase) => ({ way: "phrase", phrase });

// A way to lock: by a passkey of this site; `name` is shown by the browser when it is made.
export const byPasskey = (name = "") => ({ way: "passkey", name });

// A new lock around the master key (which must be extractable), opened in that way.
export async function lock(master, way) {
  const { params, key } = await newKey(way);
  const made = { id: params.credential ?? way.way, way: way.way, params };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bound(made) };
  return { ...made, iv, wrapped: new Uint8Array(await crypto.subtle.wrapKey("raw", master, key, how)) };
}

// The master key of the first of these locks that opens in that way. Throws Unopenable, WeakLock,
// NoPasskey. It can be read out only when `extractable`, which is for adding another lock.
export async function unlock(locks, way, extractable = false) {
  const fitting = locks.filter((one) => one.way === way.way);
  if (fitting.length === 0) throw new Unopenable();
  fitting.forEach(checkStrength);
  const [found, key] = way.way === "phrase" ? await phraseOpens(fitting, way) : await askPasskey(fitting);
  const how = { name: "AES-GCM", iv: found.iv, additionalData: bound(found) };
  try {
    const uses = ["encrypt", "decrypt"];
    return await crypto.subtle.unwrapKey("raw", found.wrapped, key, how, GCM, extractable, uses);
  } catch {
    throw new Unopenable();
  }
}

function checkStrength({ way, params }) {
  const { kdf, rounds, salt } = params;
  const derived = way === "passkey" ? kdf === "HKDF-SHA-256" : kdf === "PBKDF2-SHA-256";
  const enough = way === "passkey" || (rounds >= ROUNDS && rounds <= MOST_ROUNDS);
  if (!derived || !enough || !(salt?.length >= 16)) throw new WeakLock();
}

function bound({ way, params }) {
  const { kdf, rounds = 0, salt, credential = "" } = params;
  return utf8.encode(JSON.stringify(["quietline/lock/v1", way, kdf, rounds, toHex(salt), credential]));
}

async function newKey(way) {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  if (way.way === "phrase") {
    if (normal(way.phrase).split(" ").length < PHRASE_WORDS) throw new WeakLock();
    const params = { kdf: "PBKDF2-SHA-256", rounds: ROUNDS, salt };
    return { params, key: await phraseKey(params, way.phrase) };
  }
  const credential = toHex(await makePasskey(way.name));
  const params = { kdf: "HKDF-SHA-256", salt, credential };
  const [, key] = await askPasskey([{ params }]);
  return { params, key };
}

const normal = (phrase) => phrase.toLowerCase().split(/[\s,;.]+/).filter(Boolean).join(" ");

async function phraseOpens([only], way) {
  return [only, await phraseKey(only.params, way.phrase)];
}

async function phraseKey({ rounds, salt }, phrase) {
  const words = utf8.encode(normal(phrase));
  const secret = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  words.fill(0);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, secret, GCM, false, ["wrapKey", "unwrapKey"]);
}

// A passkey of this browser's own, for the keys alone: the server never hears of it.
async function makePasskey(name) {
  const publicKey = {
    rp: { name: "Quietline desk" },
    user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { userVerification: "required", residentKey: "discouraged" },
    extensions: { prf: {} },
  };
  try {
    const made = await navigator.credentials.create({ publicKey });
    if (made.getClientExtensionResults().prf?.enabled === false) throw new NoPasskey();
    return new Uint8Array(made.rawId);
  } catch {
    throw new NoPasskey();
  }
}

// The lock whose passkey the person used, and its key.
async function askPasskey(locks) {
  const ids = locks.map(({ params }) => params.credential);
  const salts = locks.map(({ params }) => ({ first: params.salt }));
  const publicKey = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    allowCredentials: ids.map((id) => ({ type: "public-key", id: fromHex(id) })),
    userVerification: "required",
    extensions: { prf: { evalByCredential: byBase64url(ids, salts) } },
  };
  let used;
  try {
    used = await navigator.credentials.get({ publicKey });
  } catch {
    throw new NoPasskey();
  }
  const secret = used.getClientExtensionResults().prf?.results?.first;
  if (!secret) throw new NoPasskey();
  const found = locks[ids.indexOf(toHex(new Uint8Array(used.rawId)))];
  const bytes = new Uint8Array(secret);
  const input = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  bytes.fill(0);
  const info = utf8.encode("quietline/passkey/v1");
  const how = { name: "HKDF", hash: "SHA-256", salt: found.params.salt, info };
  return [found, await crypto.subtle.deriveKey(how, input, GCM, false, ["wrapKey", "unwrapKey"])];
}


function byBase64url(ids, values) {
  const name = (id) => btoa(String.fromCharCode(...fromHex(id)));
  const url = (text) => text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  return Object.fromEntries(ids.map((id, n) => [url(name(id)), values[n]]));
}

// A whole number below `count`, each as likely: numbers from an uneven end are drawn again.
function below(count) {
  const most = Math.floor(2 ** 32 / count) * count;
  const [drawn] = crypto.getRandomValues(new Uint32Array(1));
  return drawn < most ? drawn % count : below(count);
}
