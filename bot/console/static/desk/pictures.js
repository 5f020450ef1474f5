// The pictures that come over the line, and what each of them changes here. They are whole, so the
// newest one replaces what was there.

import { lock, readRoster } from "./locking.js";
import { signal } from "./signals.js";

export function heard(desk) {
  const { state } = desk;
  const take = (name, value, picture) => {
    if (picture.now) state.skew = picture.now - Date.now() / 1000;
    state[name] = value;
    desk.draw();
  };
  const more = (name, list, picture) => {
    if (list.length > state[name].length) signal();
    take(name, list, picture);
  };
  return {
    me(picture) {
      take("me", picture, picture);
      desk.gates.look();
    },
    queue(picture) {
      const offered = (queue) => queue.rows.filter((row) => row.offered).length;
      if (offered(picture) > offered(state.queue) || (picture.waiting > 0 && state.queue.waiting === 0)) signal();
      take("queue", picture, picture);
    },
    chats: (picture) => mine(desk, picture.chats),
    offers: (picture) => more("offers", picture.chats, picture),
    notes: (picture) => more("notes", picture.notes, picture),
    colleagues(picture) {
      take("colleagues", picture.colleagues.filter((who) => who.staff !== state.begin.me.staff), picture);
      readRoster(desk);
    },
    lead: (picture) => take("lead", picture, picture),
    typing: ({ chat }) => desk.typing(state.talks.get(chat)),
    // Nobody reads on at a desk whose session is over.
    over: () => lock(desk).then(() => location.replace("/sign-in")),
  };
}

function mine(desk, chats) {
  const ids = new Set(chats.map((each) => each.chat));
  for (const each of chats) desk.came(each, false);
  for (const talk of desk.state.talks.values()) if (!ids.has(talk.id) && !talk.gone) desk.lost(talk);
  desk.draw();
}
