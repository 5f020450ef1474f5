// Whom to believe: the roster of who may answer now, signed by the organisation, and its fingerprint.
// It refuses a roster whole when anything in it is wrong. Layouts are described in roster.py and
// identity.py; keep in step with them.

import { NotTrusted, checkPublic, fromBase64, join, sha256, signedByBoth, toHex } from "./sealing.js";

const ROSTER_SECONDS = 24 * 3600;
const AHEAD_SECONDS = 24 * 3600;
const APART = 120000; // milliseconds, as serials are: each replica signs for itself, and keeps it for a while
const PREKEY_SECONDS = 80 * 3600;
const utf8 = new TextEncoder();

// A roster that this organisation {ed25519, p256} signed, of today, of a serial that is not more than
// APART below `after`, the highest that was seen. `now` is seconds since 1970, `suite` this page's.
// Throws NotTrusted.
export async function readRoster(data, signature, keys, { now, suite, after = 0 }) {
  const whole = join(utf8.encode("quietline/roster/v1"), data);
  if (!(await signedByBoth(keys, whole, signature, suite))) throw new NotTrusted("signature");
  const read = parse(data);
  if (!(now - ROSTER_SECONDS < read.issued && read.issued <= now + AHEAD_SECONDS)) {
    throw new NotTrusted("stale");
  }
  if (read.serial < after - APART) throw new NotTrusted("older");
  const about = { keys, now, suite, issued: read.issued };
  const entries = await Promise.all(read.staff.map((one) => entry(one, about)));
  const ids = entries.flatMap((one) => [one.id, ...one.prekeys.map((key) => key.id)].map(toHex));
  if (new Set(ids).size !== ids.length) throw new NotTrusted("shape");
  return new Roster(read.issued, read.serial, entries);
}

// A roster that was checked.
class Roster {
  constructor(issued, serial, entries) {
    Object.assign(this, { issued, serial, entries });
    Object.freeze(this);
  }

  // Everyone's live keys of that suite, as sealForDesk wants them.
  receivers(suite, now) {
    const live = this.entries.flatMap((one) => one.prekeys).filter((key) => key.until > now);
    return live.map((key) => ({ key: key.id, suite, public: suite === 1 ? key.x25519 : key.p256 }));
  }

  // Who has that id: {id, ed25519, p256, who, until}. Throws NotTrusted when nobody has.
  signer(id) {
    const found = this.entries.find((one) => toHex(one.id) === toHex(id));
    if (!found) throw new NotTrusted("unknown");
    return found;
  }
}

// Eight groups of five digits, to compare with print: digits are read in every script.
export async function fingerprint({ ed25519, p256 }) {
  const data = join(utf8.encode("quietline/organisation/v1"), ed25519, p256);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", data));
  const group = (n) => digest.slice(5 * n, 5 * n + 5).reduce((sum, byte) => sum * 256 + byte, 0);
  const groups = Array.from({ length: 8 }, (_, n) => String(group(n) % 100000).padStart(5, "0"));
  return groups.join(" ");
}

// The 8 bytes that an identity or a prekey is known by; `kind` is "identity" or "prekey".
export async function idOf(kind, one, other) {
  return (await sha256(join(utf8.encode(`quietline/${kind}/v1`), one, other))).slice(0, 8);
}

// What an identity signs for a prekey.
export function prekeyData(identity, x25519, p256, until) {
  return join(utf8.encode("quietline/prekey/v1"), identity, x25519, p256, seconds(until));
}

function seconds(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

async function entry({ certificate, prekeys }, { keys, now, suite, issued }) {
  const { ed25519, p256, who, until, signature } = certificate;
  const label = utf8.encode("quietline/certificate/v1");
  const data = join(label, ed25519, p256, seconds(until), utf8.encode(who));
  if (!(await signedByBoth(keys, data, signature, suite))) throw new NotTrusted("signature");
  if (until <= now) throw new NotTrusted("expired");
  const id = await idOf("identity", ed25519, p256);
  for (const key of prekeys) {
    const said = prekeyData(id, key.x25519, key.p256, key.until);
    if (!(await signedByBoth(certificate, said, key.signature, suite))) {
      throw new NotTrusted("signature");
    }
    if (key.until <= now) throw new NotTrusted("expired");
    if (key.until > issued + PREKEY_SECONDS) throw new NotTrusted("shape");
    await checkPublic(suite, suite === 1 ? key.x25519 : key.p256).catch(() => {
      throw new NotTrusted("shape");
    });
    key.id = await idOf("prekey", key.x25519, key.p256);
  }
  return { id, ed25519, p256, who, until, prekeys };
}

// The parts of a roster, strictly: what is missing, of another type or size, or more, is refused.
function parse(data) {
  try {
    const read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
    exactly(read, { v: whole, issued: whole, serial: whole, staff: list });
    if (read.v !== 1) throw new TypeError();
    const staff = read.staff.map((one) => {
      exactly(one, { certificate: Boolean, prekeys: list });
      const signer = { signer: words, signature: words };
      exactly(one.certificate, { ed25519: words, p256: words, who: words, until: whole, ...signer });
      const prekeys = one.prekeys.map((key) => {
        exactly(key, { x25519: words, p256: words, until: whole, signature: words });
        return { until: key.until, ...raw(key, { x25519: 32, p256: 65, signature: 128 }) };
      });
      const { who, until } = one.certificate;
      const halves = raw(one.certificate, { ed25519: 32, p256: 65, signature: 128 });
      return { certificate: { who, until, ...halves }, prekeys };
    });
    return { issued: read.issued, serial: read.serial, staff };
  } catch {
    throw new NotTrusted("shape");
  }
}

const whole = (value) => Number.isSafeInteger(value) && value >= 0;
const words = (value) => typeof value === "string";
const list = (value) => Array.isArray(value);

function exactly(object, fields) {
  const names = Object.keys(fields);
  const fits = names.every((name) => Object.hasOwn(object, name) && fields[name](object[name]));
  if (!fits || Object.keys(object).length !== names.length) throw new TypeError();
}

function raw(object, sizes) {
  const read = ([name, size]) => {
    const bytes = fromBase64(object[name]);
    if (bytes.length !== size) throw new TypeError();
    return [name, bytes];
  };
  return Object.fromEntries(Object.entries(sizes).map(read));
}
