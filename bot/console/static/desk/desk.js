// The operators' desk: puts its parts together, and carries the pictures that come to what shows them.
// It keeps everything in this page's memory, and nothing of a chat anywhere else.

import { Acts } from "./acts.js";
import { Bar, Told } from "./bar.js";
import { Pane } from "./chat_view.js";
import { all, arrange, make, one } from "./dom.js";
import { Gates } from "./gates.js";
import { heard } from "./pictures.js";
import { watch } from "./idle.js";
import { listen } from "./keyboard.js";
import { keysDialog } from "./keys_help.js";
import { Lead } from "./lead_view.js";
import { List } from "./list_view.js";
import { Talk } from "./talk.js";
import { signal } from "./signals.js";
import { Tools, opens } from "./tools_view.js";
import { Line, LineLost, get, post } from "./wire.js";
import { word } from "./words.js";

const TICK = 5000; // milliseconds between two looks at how long people wait
const GONE_SHOWN = 30000; // milliseconds that a chat which is not mine any more stays, when nothing is unsent

class Desk {
  constructor(root, begin) {
    this.state = { begin, me: undefined, queue: { waiting: 0, longest: [], rows: [] }, talks: new Map(), offers: [], notes: [], colleagues: [], lead: undefined, here: undefined, skew: 0, now: () => Date.now() / 1000 + this.state.skew };
    this.root = root;
    this.panes = new Map();
    this.places = 0;
    this.acts = new Acts(this);
    this.told = new Told(() => this.line.again());
    this.bar = new Bar(this.state, { rest: () => this.rest(), help: () => this.acts.help(), endShift: () => this.acts.endShift(), keys: keysDialog });
    this.list = new List(this.state, this);
    this.tools = new Tools(this.state, this);
    this.lead = begin.me.lead ? new Lead(this.state, this.acts) : undefined;
    this.chats = make("div", { class: "chats" });
    this.empty = make("p", { class: "soft" }, word("no_chats"));
    this.work = make("div", { hidden: true }, this.bar.element, this.bar.care, this.lead?.element, make("div", { class: "columns" }, this.list.element, make("div", {}, this.empty, this.chats), this.tools.element));
    this.gates = new Gates(this, begin);
    root.append(this.told.place, this.gates.element, this.work);
  }

  start() {
    this.line = new Line(heard(this), (up) => this.turned(up));
    this.gates.start();
    watch(() => this.lock());
    setInterval(() => this.tick(), TICK);
    this.root.addEventListener("over", () => this.gates.look());
    const chat = (key) => () => this.acts.press(key);
    const at = (place) => () => this.open([...this.state.talks.values()][place]);
    listen(
      {
        n: () => this.list.next(), j: () => this.list.walk(1), k: () => this.list.walk(-1),
        "/": () => this.pane()?.canned.open() ?? opens("replies"), g: () => this.tools.field.focus(), l: () => this.openLead(),
        t: chat("t"), w: chat("w"), p: chat("p"), b: () => this.rest(), h: () => this.acts.help(), "?": keysDialog,
        1: at(0), 2: at(1), 3: at(2), 4: at(3),
        " ": () => this.pane()?.next() ?? false, Enter: () => this.pane()?.field.focus() ?? false, Escape: () => this.coverAll(),
      },
      () => !this.work.hidden,
    );
  }

  turned(up) {
    const pressed = this.told.place.contains(document.activeElement);
    this.told.line(up);
    if (pressed) this.pane()?.field.focus();
    if (!up || !this.keys) return;
    // What was written meanwhile goes out, and what came is asked for.
    for (const talk of this.state.talks.values()) {
      talk.load();
      talk.pump();
    }
  }

  // A chat is mine: it was claimed, accepted, joined, or is in the picture that came.
  came(mine, go = true) {
    let talk = this.state.talks.get(mine.chat);
    if (talk && !talk.gone) {
      const { came, helper } = talk.update(mine);
      if (came) signal();
      if (helper && this.keys && mine.as === "owner") this.keys.passOn(talk, this.keysOf({ who: mine.helper })).catch(() => {});
    } else {
      talk = new Talk(mine, this.keyring, (changed) => this.drawTalk(changed));
      this.state.talks.set(mine.chat, talk);
      if (this.keys) talk.load();
    }
    this.state.here ??= talk;
    this.draw();
    if (go) talk.load().then(() => this.open(talk));
    return talk;
  }

  // What Talk asks for keys, also when they are locked away and come back.
  get keyring() {
    const desk = this;
    const held = (name) => async (...given) => {
      const keys = desk.keys ?? desk.leaving;
      if (!keys) throw new LineLost();
      return keys[name](...given);
    };
    return { open: held("open"), reply: held("reply"), hide: held("hide"), unhide: held("unhide"), get locked() { return !desk.keys; } };
  }

  lost(talk) {
    talk.end("away");
    setTimeout(() => talk.unsent || this.gone(talk), GONE_SHOWN);
  }

  gone(talk) {
    if (this.state.talks.get(talk.id) !== talk) return;
    talk.gone = "away";
    this.state.talks.delete(talk.id);
    this.panes.delete(talk);
    if (this.state.here === talk) this.state.here = [...this.state.talks.values()][0];
    this.draw();
    if (!this.work.hidden && document.activeElement === document.body) this.state.here ? this.open(this.state.here) : this.list.focusAt(0);
  }

  typing(talk) {
    if (!talk) return;
    talk.typing = Date.now();
    this.drawTalk(talk);
    setTimeout(() => this.drawTalk(talk), 6100);
  }

  pane(talk = this.state.here) {
    return this.panes.get(talk);
  }

  open(talk) {
    if (!talk) return false;
    this.here(talk);
    if (!this.work.hidden) this.drawNow();
    this.pane(talk)?.focus();
    return true;
  }

  here(talk) {
    if (this.state.here === talk) return;
    this.state.here = talk;
    this.draw();
  }

  coverAll() {
    document.activeElement?.blur?.();
    for (const talk of this.state.talks.values()) talk.cover();
    this.pane()?.head.focus();
  }

  openLead() {
    if (!this.lead) return false;
    this.lead.element.open = !this.lead.element.open;
    one("summary", this.lead.element).focus();
    return true;
  }

  insert(reply) {
    const pane = this.pane();
    if (!pane) return;
    pane.field.focus();
    pane.canned.insert(reply);
  }

  async claim(waits) {
    const told = await this.ask("/desk/claim", { chat: waits.chat });
    if (told) this.came(told.chat);
  }

  async accept(offer) {
    const told = await this.ask("/desk/transfer/accept", { chat: offer.chat });
    if (told) this.came(told.chat);
  }

  refuse = (offer) => this.ask("/desk/transfer/refuse", { chat: offer.chat });
  note = (who) => this.acts.note(who);
  readNote = (note) => this.acts.readNote(note);

  async rest() {
    const told = await this.ask(this.state.me.paused ? "/desk/resume" : "/desk/pause");
    if (told?.me) this.state.me = told.me;
    this.draw();
  }

  // Asks the server; a no is said in its words, and gives nothing.
  async ask(path, body) {
    try {
      return await post(path, body);
    } catch (error) {
      if (error instanceof LineLost) this.told.say(word("not_now_line"), "bad");
      else if (error.said) this.told.say(error.said, "bad");
      else throw error;
      return undefined;
    }
  }

  tell(words, kind) {
    this.told.say(words, kind);
  }

  // The keys that a colleague reads with, by the roster that the organisation signed.
  keysOf(who) {
    return this.keys.receivers.filter((key) => key.who === who.who);
  }

  others(language) {
    const who = this.state.colleagues.filter((each) => !language || each.languages.includes(language)).map((each) => each.who);
    return this.keys.receivers.filter((key) => who.includes(key.who));
  }

  // Fifteen minutes without a hand: no text and no key stays, the chats do.
  async lock() {
    if (!this.keys) return;
    const keys = (this.leaving = this.keys);
    this.keys = undefined;
    this.work.hidden = true;
    for (const open of all("dialog")) open.close();
    this.chats.replaceChildren();
    this.panes.clear();
    this.tools.wipe();
    this.gates.locked();
    // What is not sent yet is sealed first, with the keys that go last.
    await Promise.all([...this.state.talks.values()].map((talk) => talk.wipe().catch(() => {})));
    this.leaving = undefined;
    keys.forget();
  }

  async unlocked(keys) {
    this.keys = keys;
    await this.roster();
    await Promise.all([...this.state.talks.values()].map((talk) => talk.unlock().catch(() => {})));
    this.gates.look();
  }

  // The gates are open: the keyboard goes to what is most likely wanted.
  opened() {
    this.drawNow();
    if (!this.open(this.state.here)) this.list.focusAt(0);
  }

  // Who comes and goes changes whom a note or a transfer can be sealed to.
  async roster() {
    const now = JSON.stringify(this.state.colleagues.map((who) => who.who));
    if (!this.keys || now === this.rosterOf) return;
    try {
      await this.keys.readRoster();
      this.rosterOf = now;
    } catch (error) {
      if (!(error instanceof LineLost)) this.tell(word("roster_wrong"), "bad");
    }
  }

  tick() {
    if (!this.work.hidden) this.draw();
    this.roster();
  }

  draw() {
    if (this.drawing) return;
    this.drawing = setTimeout(() => {
      this.drawing = undefined;
      if (!this.work.hidden) this.drawNow();
    }, 16);
  }

  drawNow() {
    for (const part of [this.bar, this.list, this.lead, this.tools]) part?.draw();
    const talks = [...this.state.talks.values()];
    for (const talk of talks) this.drawTalk(talk, false);
    arrange(this.chats, talks.map((talk) => this.panes.get(talk).element));
    this.empty.hidden = talks.length > 0;
  }

  drawTalk(talk, alone = true) {
    if (this.work.hidden || this.state.talks.get(talk.id) !== talk) return;
    let pane = this.panes.get(talk);
    if (!pane) {
      this.places += 1;
      pane = new Pane(talk, this.places, { here: (each) => this.here(each), acts: (each) => this.acts.of(each), typing: (each) => this.line.typing(each.id) }, this.state.begin);
      this.panes.set(talk, pane);
    } else pane.draw();
    pane.show(talk === this.state.here);
    if (alone) this.draw();
  }
}

async function begun() {
  for (;;) {
    try {
      return await get("/desk/begin");
    } catch (error) {
      if (!(error instanceof LineLost)) throw error;
      await new Promise((later) => setTimeout(later, 2000));
    }
  }
}

new Desk(one("#desk"), await begun()).start();
