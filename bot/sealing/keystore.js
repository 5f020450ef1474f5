// An operator's private keys, in this browser and nowhere else: the identity, and the keys of each shift
// until they are destroyed. It decides when a key may be used. The server gets public halves only.
//
//   IndexedDB "quietline-desk":  locks (see locks.js)   keys: {id, kind, until, public, iv, sealed}
//   sealed = AES-256-GCM(master, both private halves, additional data = everything else in the row)
//
// In memory the halves are CryptoKeys that cannot be read out. `lock` lets go of them; an object that
// was locked opens nothing again. A shift's key is deleted when its time is up, also while locked; what
// the disk keeps of a deleted row is still sealed under the master key.

import { P256, Unopenable, X25519, fromHex, join, openAtDesk, replyData, rewrap, toHex } from "./sealing.js";
import { idOf, prekeyData } from "./roster.js";
import { lock, unlock } from "./locks.js";

export * from "./locks.js";

const HALVES = {
  identity: [{ name: "Ed25519" }, { name: "ECDSA", namedCurve: "P-256" }],
  prekey: [{ name: "X25519" }, { name: "ECDH", namedCurve: "P-256" }],
};
const USES = { identity: ["sign"], prekey: ["deriveBits"] };
const NAMES = { identity: ["ed25519", "p256"], prekey: ["x25519", "p256"] };
const MASTER = { name: "AES-GCM", length: 256 };

// The store of this browser, by the name of its database.
export async function openStore(name = "quietline-desk") {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("locks", { keyPath: "id" });
    asked.result.createObjectStore("keys", { keyPath: "id" });
  };
  return new Store(await answer(asked));
}

class Store {
  #db;

  constructor(db) {
    this.#db = db;
  }

  // What is there, without a secret: {ways, identity: {id, ed25519, p256} or null, prekeys}.
  async state() {
    const [locks, rows] = [await this.#all("locks"), await this.#all("keys")];
    const identity = rows.find((row) => row.kind === "identity");
    const prekeys = rows.filter((row) => row.kind === "prekey");
    return {
      ways: [...new Set(locks.map((one) => one.way))],
      identity: identity ? { id: identity.id, ...identity.public } : null,
      prekeys: prekeys.map((row) => ({ id: row.id, until: row.until, ...row.public })),
    };
  }

  // Makes an identity and the first lock around it, and gives the unlocked Keys. Refuses to make a
  // second one over the first: `erase` says so on purpose.
  async make(way) {
    if ((await this.#all("locks")).length > 0) throw new RangeError("there are keys already");
    const master = await crypto.subtle.generateKey(MASTER, true, ["encrypt", "decrypt"]);
    const first = await lock(master, way);
    const row = await sealRow(master, "identity", await newHalves("identity"), 0);
    await this.#write(["locks", "keys"], (locks, keys) => [locks.put(first), keys.put(row)]);
    return this.unlock(way, 0, master);
  }

  // Another lock around the same keys: a second passkey, or the phrase beside it.
  async add(way, other) {
    const master = await unlock(await this.#all("locks"), way, true);
    const made = await lock(master, other);
    await this.#write(["locks"], (locks) => [locks.put(made)]);
  }

  // The Keys, after what is due at `now` (seconds since 1970) was deleted. Throws Unopenable, WeakLock,
  // NoPasskey. `made` is for `make`, which has just asked.
  async unlock(way, now, made = null) {
    await this.destroyDue(now);
    const master = made ?? (await unlock(await this.#all("locks"), way));
    const rows = await this.#all("keys");
    const opened = await Promise.all(rows.map((row) => openRow(master, row)));
    return new Keys(this, await sealed(master), opened);
  }

  // Deletes every shift's key whose time is up (seconds since 1970), and gives their ids.
  async destroyDue(now) {
    const rows = await this.#all("keys");
    const due = rows.filter((row) => row.kind === "prekey" && row.until <= now).map((row) => row.id);
    await this.#write(["keys"], (keys) => due.map((id) => keys.delete(id)));
    return due;
  }

  // Deletes everything: this browser opens nothing again.
  async erase() {
    await this.#write(["locks", "keys"], (...stores) => stores.map((one) => one.clear()));
  }

  async put(row) {
    await this.#write(["keys"], (keys) => [keys.put(row)]);
  }

  #all(name) {
    return answer(this.#db.transaction(name).objectStore(name).getAll());
  }

  async #write(names, act) {
    const options = { durability: "strict" };
    const transaction = this.#db.transaction(names, "readwrite", options);
    act(...names.map((name) => transaction.objectStore(name)));
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  }
}

// The keys, open in memory until `lock`.
class Keys {
  #store;
  #master;
  #rows;

  constructor(store, master, rows) {
    [this.#store, this.#master] = [store, master];
    this.#rows = new Map(rows.map((row) => [row.id, row]));
  }

  // {id hex, ed25519, p256}
  get identity() {
    const { id, public: halves } = this.#identity();
    return { id, ...halves };
  }

  // A new key for a shift, until then (whole seconds since 1970): its public halves, signed.
  async newPrekey(until) {
    const owner = this.#identity();
    const made = await newHalves("prekey");
    const data = prekeyData(fromHex(owner.id), made.public.x25519, made.public.p256, until);
    made.public.signature = await this.#sign(data);
    const row = await sealRow(this.#master, "prekey", made, until);
    await this.#store.put(row);
    this.#rows.set(row.id, await openRow(this.#master, row));
    return { id: row.id, until, ...made.public };
  }

  // Ids in hex of the shifts' keys that are here.
  prekeyIds() {
    return [...this.#rows.values()].filter((row) => row.kind === "prekey").map((row) => row.id);
  }

  // A message's text; `wraps` by key id in hex, whichever of them is ours. Throws Unopenable.
  async open(context, body, wraps, seen = 0) {
    const [wrap, pair] = this.#ours(wraps);
    return openAtDesk(context, body, wrap, pair, seen);
  }

  // The message's key for colleagues.
  async rewrap(context, wraps, receivers) {
    const [wrap, pair] = this.#ours(wraps);
    return rewrap(context, wrap, pair, receivers);
  }

  // The signature under a reply or a note, 128 bytes.
  async sign(context, sealedBytes) {
    return this.#sign(await replyData(context, sealedBytes));
  }

  // Deletes what is due, here and in the store.
  async destroyDue(now) {
    for (const id of await this.#store.destroyDue(now)) this.#rows.delete(id);
  }

  // Lets go of every key. Nothing opens or signs with this object again.
  lock() {
    this.#master = null;
    this.#rows.clear();
  }

  #identity() {
    const found = [...this.#rows.values()].find((row) => row.kind === "identity");
    if (!found) throw new Unopenable();
    return found;
  }

  #ours(wraps) {
    const id = Object.keys(wraps).find((one) => this.#rows.get(one)?.kind === "prekey");
    if (!id) throw new Unopenable();
    const [wrap, row] = [wraps[id], this.#rows.get(id)];
    const suite = wrap[0] === P256 ? P256 : X25519;
    const open = suite === P256 ? row.public.p256 : row.public.x25519;
    return [wrap, { suite, private: row.private[suite - 1], public: open }];
  }

  async #sign(data) {
    const [one, two] = this.#identity().private;
    const first = await crypto.subtle.sign({ name: "Ed25519" }, one, data);
    const second = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, two, data);
    return join(new Uint8Array(first), new Uint8Array(second));
  }
}

async function newHalves(kind) {
  const uses = kind === "identity" ? ["sign", "verify"] : ["deriveBits"];
  const make = (how) => crypto.subtle.generateKey(how, true, uses);
  const pairs = await Promise.all(HALVES[kind].map(make));
  const raw = async (key) => new Uint8Array(await crypto.subtle.exportKey("raw", key));
  const open = await Promise.all(pairs.map((pair) => raw(pair.publicKey)));
  const named = Object.fromEntries(NAMES[kind].map((name, n) => [name, open[n]]));
  return { secret: pairs.map((pair) => pair.privateKey), public: named };
}

async function sealRow(master, kind, { secret, public: open }, until) {
  const id = toHex(await idOf(kind, ...NAMES[kind].map((name) => open[name])));
  const row = { id, kind, until, public: open };
  const export_ = async (key) => new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
  const [one, two] = await Promise.all(secret.map(export_));
  const plain = join([one.length], one, two);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bound(row) };
  const box = new Uint8Array(await crypto.subtle.encrypt(how, master, plain));
  [one, two, plain].forEach((bytes) => bytes.fill(0));
  return { ...row, iv, sealed: box };
}

async function openRow(master, row) {
  const how = { name: "AES-GCM", iv: row.iv, additionalData: bound(row) };
  let plain;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt(how, master, row.sealed));
  } catch {
    throw new Unopenable();
  }
  const halves = [plain.slice(1, 1 + plain[0]), plain.slice(1 + plain[0])];
  const load = (bytes, n) =>
    crypto.subtle.importKey("pkcs8", bytes, HALVES[row.kind][n], false, USES[row.kind]);
  const keys = await Promise.all(halves.map(load));
  [plain, ...halves].forEach((bytes) => bytes.fill(0));
  return { id: row.id, kind: row.kind, until: row.until, public: row.public, private: keys };
}

function bound({ id, kind, until, public: open }) {
  const parts = NAMES[kind].map((name) => toHex(open[name]));
  return new TextEncoder().encode(JSON.stringify(["quietline/key/v1", kind, id, until, ...parts]));
}

// The master key as one that cannot be read out.
async function sealed(master) {
  if (!master.extractable) return master;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", master));
  const key = await crypto.subtle.importKey("raw", raw, MASTER, false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
}


function answer(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
