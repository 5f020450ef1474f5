// One chat of mine: what came, what was written, and what is still on its way. No part of the page is
// touched here. A message of the person is text only between being asked for and being covered again.

import { LineLost, post } from "./wire.js";

const AT_ONCE = 100; // messages in one answer
const MOST_LOOKS = 6; // times that a page looks whether a colleague wrapped what is closed here
const LOOKED_MS = 300; // what is uncovered in one go is said at once
const MOST_MISSED = 100; // messages that nobody here could read, of one chat
const MOST_TRIES = 5; // times that a message is sealed anew because something else came first

export class Talk {
  // `keys` opens and seals (see keys.js); `changed(talk)` draws.
  constructor(mine, keys, changed) {
    Object.assign(this, { mine, keys, changed, lines: [], outbox: [], draft: "", known: 0, own: 0, lost: [], gone: "" });
    this.read = mine.read ?? 0;
    this.typing = 0;
    this.asked = mine.person.public; // the person's key for which it was last asked what they did not see
  }

  get id() {
    return this.mine.chat;
  }

  get unread() {
    return Math.max(0, this.mine.number_in - this.read);
  }

  get unsent() {
    return this.outbox.length > 0 || this.draft.trim() !== "";
  }

  update(mine) {
    const before = this.mine;
    if (mine.version < before.version) return {}; // an answer that a picture overtook, or the reverse
    this.mine = mine;
    this.read = Math.max(this.read, mine.read ?? 0);
    // Not compared with before: the question may have been lost with the line.
    const back = mine.person.public !== this.asked;
    // What was closed may have been sealed again: by a colleague's page, or by the person's.
    const anew = mine.version !== before.version && this.closed("them") > 0;
    if (back || anew) this.load(true);
    else if (mine.number_in > this.known || mine.number_out > this.own) this.load();
    return { came: mine.number_in > before.number_in, helper: mine.helper && mine.helper !== before.helper };
  }

  // Fetches what is new on both sides. Questions that overlap become one more question.
  load(anyway = false) {
    this.loading = (this.loading ?? Promise.resolve()).then(() => this.fetch(anyway)).catch(() => {});
    return this.loading;
  }

  async fetch(anyway) {
    const { ids } = this.keys;
    if (ids.length === 0) return; // locked since it was loaded: unlocking asks
    const closed = this.closed("them") || this.closed("me");
    let after = (this.closed("them") || this.known + 1) - 1;
    let own = (this.closed("me") || this.own + 1) - 1;
    const key = this.mine.person.public;
    for (let more = true; more; ) {
      const done = after >= this.mine.number_in && own >= this.mine.number_out;
      if (this.gone || (!anyway && done)) return;
      // What comes while this is under way is asked for by the next question.
      const { number_in: theirs, number_out: ours } = this.mine;
      const told = await post("/desk/messages", { chat: this.id, after, after_own: own, keys: ids });
      for (const row of told.messages) this.came(row);
      for (const row of told.own ?? []) await this.mineCame(row);
      this.lost = told.unread ?? [];
      more = Boolean(told.more) || (told.own ?? []).length >= AT_ONCE;
      [after, own] = [told.messages.at(-1)?.number ?? after, told.own?.at(-1)?.number ?? own];
      if (!more) {
        // What nobody kept cannot be asked for again.
        this.known = Math.max(this.known, theirs);
        this.own = Math.max(this.own, ours);
      }
    }
    this.asked = key;
    this.inOrder();
    this.sayAgain();
    this.changed(this);
    if (this.mine.person.public !== key) this.load(true);
    // A colleague's page may be about to wrap the keys of what is closed here.
    if (this.closed("them") || (closed && this.closed("me"))) this.later();
  }

  later() {
    this.tries = (this.tries ?? 0) + 1;
    if (this.tries <= MOST_LOOKS) setTimeout(() => this.load(true), 500 * 2 ** this.tries);
  }

  // The first message of a side that no key here opens; 0 when there is none.
  closed(by) {
    const shut = (line) => line.by === by && (by === "them" ? !line.row.wrap : line.state === "sealed");
    return this.lines.find(shut)?.number ?? 0;
  }

  // Read in order, each number once: a message that is sent round again is not shown again.
  came(row) {
    const there = this.lines.find((line) => line.by === "them" && line.number === row.number);
    if (there && !there.row.wrap) there.row = row;
    if (there || row.number <= this.known) return;
    this.known = row.number;
    this.typing = 0;
    this.lines.push({ by: "them", number: row.number, row, seen: row.number });
  }

  async mineCame(row) {
    const there = this.lines.find((line) => line.by === "me" && line.number === row.number);
    if (there ? there.state !== "sealed" : row.number <= this.own) return;
    this.own = Math.max(this.own, row.number);
    const first = this.outbox[0];
    // It had arrived, only the answer was lost.
    if (first?.made?.number === row.number && first.made.copy.body === row.body) return;
    const line = there ?? { by: "me", number: row.number, seen: this.known };
    Object.assign(line, { who: row.who ?? "", state: "sent" });
    try {
      const opened = await this.keys.open(this.id, "out", row);
      const cut = opened.indexOf("\n");
      line.seen = Number(opened.slice(0, cut)) || 0;
      line.text = opened.slice(cut + 1);
    } catch {
      line.state = "sealed";
    }
    if (!there) this.lines.push(line);
  }

  // The person came back with another key and never saw these: they are sealed to it and said again.
  sayAgain() {
    if (this.mine.as === "helper") return;
    for (const line of this.lines) {
      const ours = line.by === "me" && line.state === "sent" && line.text !== undefined;
      if (!ours || !this.lost.includes(line.number)) continue;
      Object.assign(line, { instead: line.number, made: undefined, state: "sending" });
      this.outbox.push(line);
    }
    this.lost = [];
    this.pump();
  }

  inOrder() {
    const side = (line) => (line.by === "them" ? 0 : 1);
    const last = (line) => line.number || Number.MAX_SAFE_INTEGER;
    this.lines.sort((a, b) => a.seen - b.seen || side(a) - side(b) || last(a) - last(b));
  }

  async uncover(line) {
    try {
      line.text = await this.keys.open(this.id, "in", line.row);
    } catch {
      line.broken = true;
    }
    line.looked = !line.broken;
    this.read = Math.max(this.read, line.number);
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.sayRead(), LOOKED_MS);
    this.changed(this);
  }

  // Up to where the person's words were on this screen, and which before it nobody here has seen: who
  // wrote those may seal them again.
  sayRead() {
    if (this.gone) return;
    const { heard = 0, missed = [] } = this.mine;
    const unseen = (line) => !line.looked && (line.number > heard || missed.includes(line.number));
    const before = this.lines.filter((line) => line.by === "them" && line.number <= this.read);
    const missing = before.filter(unseen).map((line) => line.number);
    const said = { chat: this.id, number: this.read, missed: missing.slice(-MOST_MISSED) };
    post("/desk/read", said).catch(() => {});
  }

  cover() {
    for (const line of this.lines) if (line.by === "them") delete line.text;
    this.changed(this);
  }

  get covered() {
    return this.lines.find((line) => line.by === "them" && line.text === undefined && !line.broken && line.row.wrap);
  }

  say(text) {
    const line = { by: "me", number: 0, text, seen: this.known, state: "sending" };
    this.lines.push(line);
    this.outbox.push(line);
    this.changed(this);
    return this.pump();
  }

  // One at a time and in order. What did not get through stays first, and goes again as it was: the
  // same number and the same bytes have no second effect.
  async pump() {
    if (this.sending || this.keys.locked || this.gone) return;
    this.sending = true;
    try {
      while (this.outbox.length > 0 && !this.gone) {
        const line = this.outbox[0];
        line.state = "sending";
        await this.deliver(line);
        line.state = "sent";
        this.outbox.shift();
        this.inOrder();
        this.changed(this);
      }
    } catch (error) {
      for (const line of this.outbox) line.state = "waiting";
      if (!(error instanceof LineLost) && this.outbox.length > 0) {
        this.outbox[0].state = "failed";
        this.outbox[0].why = error.said ?? "";
      }
    } finally {
      this.sending = false;
      this.changed(this);
    }
  }

  async deliver(line) {
    for (let tries = 1; ; tries += 1) {
      line.made ??= await this.keys.reply(this.mine, this.next(), `${line.seen}\n${line.text}`, line.text);
      const { number } = line.made;
      try {
        await post("/desk/reply", { chat: this.id, ...line.made, instead: line.instead ?? 0 });
        line.number = number;
        this.own = Math.max(this.own, number);
        return;
      } catch (error) {
        const anew = error.code === "number" || error.code === "person_changed";
        if (!anew || tries >= MOST_TRIES) throw error;
        // Somebody else wrote first, or the person's page has another key now.
        if (error.code === "number") this.taken = error.told.next - 1;
        else this.mine = { ...this.mine, person: error.told.person ?? this.mine.person };
        line.made = undefined;
      }
    }
  }

  next() {
    return Math.max(this.taken ?? 0, this.own, this.mine.number_out) + 1;
  }

  // Takes a message that did not go back into the field.
  takeBack(line) {
    this.outbox = this.outbox.filter((one) => one !== line);
    this.lines = this.lines.filter((one) => one !== line);
    this.draft = [line.text, this.draft].filter(Boolean).join("\n");
    this.changed(this);
  }

  // It is not mine any more: what the person wrote leaves this machine, what I had not sent stays.
  end(why) {
    this.gone = why;
    this.lines = this.lines.filter((line) => line.by === "me" && this.outbox.includes(line));
    for (const line of this.outbox) line.state = "failed";
    this.changed(this);
  }

  // What must outlast the lock, sealed to the operator's own keys; nothing else is left of the chat.
  async wipe() {
    for (const line of this.outbox) line.hidden = await this.keys.hide(this.id, line.text);
    if (this.draft) this.hidden = await this.keys.hide(this.id, this.draft);
    for (const line of this.lines) delete line.text;
    Object.assign(this, { lines: [], known: 0, own: 0, draft: "" });
  }

  async unlock() {
    this.lines = [...this.outbox];
    for (const line of this.outbox) line.text = await this.keys.unhide(this.id, line.hidden);
    if (this.hidden) this.draft = await this.keys.unhide(this.id, this.hidden);
    this.hidden = undefined;
    await this.load();
    this.pump();
  }
}
