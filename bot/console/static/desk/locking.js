// When keys come into the page and when they leave it; and whom they seal to. Fifteen minutes without a
// hand: no text and no key stays, the chats do.

import { all } from "./dom.js";
import { LineLost } from "./wire.js";
import { word } from "./words.js";

export async function lock(desk) {
  if (!desk.keys) return;
  const keys = (desk.leaving = desk.keys);
  desk.keys = undefined;
  desk.work.hidden = true;
  for (const open of all("dialog")) open.close();
  desk.chats.replaceChildren();
  desk.panes.clear();
  desk.tools.wipe();
  desk.gates.locked();
  // What is not sent yet is sealed first, with the keys that go last.
  await Promise.all([...desk.state.talks.values()].map((talk) => talk.wipe().catch(() => {})));
  desk.leaving = undefined;
  keys.forget();
}

export async function unlocked(desk, keys) {
  desk.keys = keys;
  desk.rosterOf = undefined;
  await readRoster(desk);
  await Promise.all([...desk.state.talks.values()].map((talk) => talk.unlock().catch(() => {})));
  desk.gates.look();
}

// Who comes and goes changes whom a note or a transfer can be sealed to.
export async function readRoster(desk) {
  const now = JSON.stringify(desk.state.colleagues.map((who) => who.who));
  if (!desk.keys || now === desk.rosterOf) return;
  try {
    await desk.keys.readRoster();
    desk.rosterOf = now;
  } catch (error) {
    if (!(error instanceof LineLost)) desk.tell(word("roster_wrong"), "bad");
  }
}

// What a chat asks of keys, also when they are locked away and come back.
export function keyring(desk) {
  const held = (name) => async (...given) => {
    const keys = desk.keys ?? desk.leaving;
    if (!keys) throw new LineLost();
    return keys[name](...given);
  };
  const names = ["open", "reply", "hide", "unhide"];
  const made = Object.fromEntries(names.map((name) => [name, held(name)]));
  return Object.defineProperties(made, {
    locked: { get: () => !desk.keys },
    ids: { get: () => (desk.keys ?? desk.leaving)?.ids ?? [] },
  });
}
