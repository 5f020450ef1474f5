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
    chats: (picture) => mine(desk, picture),
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

// Chats and pictures of them are numbered by one count, which rises with every change at the desk: a
// picture says nothing of what was done after it. The first one over a line is taken as it is.
function mine(desk, { chats, stand }) {
  const ids = new Set(chats.map((each) => each.chat));
  const first = desk.line.stand === undefined;
  for (const each of chats) desk.came(each, false, -1);
  for (const talk of desk.state.talks.values()) {
    const told = first || talk.mine.version <= stand;
    if (told && !ids.has(talk.id) && !talk.gone) desk.lost(talk);
  }
  desk.line.stand = stand;
  desk.draw();
}
