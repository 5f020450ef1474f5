// The operators' desk: puts its parts together. Everything is in this page's memory, nothing of a chat elsewhere.

import { Acts } from "./acts.js";
import { Bar, Told } from "./bar.js";
import { Pane } from "./chat_view.js";
import { arrange, make, one, typing } from "./dom.js";
import { Gates } from "./gates.js";
import { heard } from "./pictures.js";
import { watch } from "./idle.js";
import { listen } from "./keyboard.js";
import { keyring, lock, readRoster } from "./locking.js";
import { keysDialog } from "./keys_help.js";
import { Lead } from "./lead_view.js";
import { List } from "./list_view.js";
import { Talk } from "./talk.js";
import { signal } from "./signals.js";
import { Tools, opens } from "./tools_view.js";
import { Line, LineLost, patiently, post } from "./wire.js";
import { word } from "./words.js";

const TICK = 5000; // milliseconds between two looks at how long people wait
const GONE_SHOWN = 30000; // milliseconds that a chat of somebody else stays, when nothing is unsent

class Desk {
  constructor(root, begin) {
    this.state = {
      begin,
      me: undefined,
      queue: { waiting: 0, longest: [], rows: [] },
      talks: new Map(),
      offers: [],
      notes: [],
      colleagues: [],
      lead: undefined,
      here: undefined,
      skew: 0,
      now: () => Date.now() / 1000 + this.state.skew,
    };
    this.root = root;
    this.panes = new Map();
    this.places = 0;
    this.acts = new Acts(this);
    this.told = new Told(() => this.line.again());
    this.bar = new Bar(this.state, {
      rest: () => this.rest(),
      help: () => this.acts.help(),
      endShift: () => this.acts.endShift(),
      keys: keysDialog,
    });
    this.list = new List(this.state, this);
    this.tools = new Tools(this.state, this);
    this.lead = begin.me.lead ? new Lead(this.state, this.acts) : undefined;
    this.chats = make("div", { class: "chats" });
    this.empty = make("p", { class: "soft" }, word("no_chats"));
    const columns = [this.list.element, make("div", {}, this.empty, this.chats), this.tools.element];
    const above = [this.bar.element, this.bar.care, this.lead?.element];
    this.work = make("div", { hidden: true }, above, make("div", { class: "columns" }, columns));
    this.gates = new Gates(this, begin);
    root.append(this.told.place, this.gates.element, this.work);
  }

  start() {
    this.line = new Line(heard(this), (up) => this.turned(up));
    this.gates.start();
    watch(() => lock(this), () => this.keys !== undefined);
    setInterval(() => this.tick(), TICK);
    this.root.addEventListener("over", () => this.gates.look());
    const chat = (key) => () => this.acts.press(key);
    const at = (place) => () => this.open([...this.state.talks.values()][place]);
    listen(
      {
        n: () => this.list.next(),
        j: () => this.list.walk(1),
        k: () => this.list.walk(-1),
        "/": () => this.pane()?.canned.open() ?? opens("replies"),
        g: () => this.tools.field.focus(),
        l: () => this.openLead(),
        t: chat("t"),
        w: chat("w"),
        p: chat("p"),
        b: () => this.rest(),
        h: () => this.acts.help(),
        "?": keysDialog,
        1: at(0),
        2: at(1),
        3: at(2),
        4: at(3),
        " ": () => this.pane()?.next() ?? false,
        Enter: () => this.pane()?.field.focus() ?? false,
        Escape: () => this.coverAll(),
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

  // A chat is mine: claimed, accepted, joined, or in the picture. `go`: to it, if nobody types by then.
  came(mine, go = true, stand = this.line.stand) {
    let talk = this.state.talks.get(mine.chat);
    // A picture that is as new as this answer came before it: it holds the chat, or that is gone again.
    if (mine.version <= stand && (!talk || talk.gone)) return talk;
    if (talk && !talk.gone) {
      const { came, helper } = talk.update(mine);
      if (came) signal();
      if (helper && this.keys && mine.as === "owner") this.wrapFor(talk, mine.helper);
    } else {
      talk = new Talk(mine, keyring(this), (changed) => this.drawTalk(changed));
      this.state.talks.set(mine.chat, talk);
      if (this.keys) talk.load();
    }
    this.state.here ??= talk;
    this.draw();
    if (go) talk.load().then(() => typing(document.activeElement) || this.open(talk));
    return talk;
  }

  // Whoever came into a chat reads what was written before, once its owner's page wrapped it for them.
  async wrapFor(talk, who) {
    await readRoster(this);
    await this.keys?.passOn(talk, this.keysOf({ who })).catch(() => {});
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
    if (this.work.hidden) return;
    this.drawNow();
    // What had the keyboard may have gone with it.
    if (document.activeElement !== document.body) return;
    if (!this.open(this.state.here)) this.list.focusAt(0);
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
    pane?.field.focus();
    pane?.canned.insert(reply);
  }

  async claim(waits) {
    // A second press while the first is on its way claims nothing.
    if (this.claiming === waits.chat) return;
    this.claiming = waits.chat;
    const told = await this.ask("/desk/claim", { chat: waits.chat });
    this.claiming = undefined;
    // Mine or somebody else's: it waits no more, though the picture that says so is on its way.
    if (told || this.no === "no_such_chat") {
      const { queue } = this.state;
      const rows = queue.rows.filter((row) => row.chat !== waits.chat);
      this.state.queue = { ...queue, rows, waiting: queue.waiting - queue.rows.length + rows.length };
      this.draw();
    }
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
    this.no = "";
    try {
      return await post(path, body);
    } catch (error) {
      this.no = error.code ?? "";
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
    const speak = this.state.colleagues.filter((each) => !language || each.languages.includes(language));
    return this.keys.receivers.filter((key) => speak.some((each) => each.who === key.who));
  }

  // The gates are open: the keyboard goes to what is most likely wanted.
  opened() {
    this.drawNow();
    if (!this.open(this.state.here)) this.list.focusAt(0);
  }

  tick() {
    if (!this.work.hidden) this.draw();
    readRoster(this);
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
      const does = {
        here: (each) => this.here(each),
        acts: (each) => this.acts.of(each),
        typing: (each) => this.line.typing(each.id),
      };
      pane = new Pane(talk, this.places, does, this.state.begin);
      this.panes.set(talk, pane);
    } else pane.draw();
    pane.show(talk === this.state.here);
    if (alone) this.draw();
  }
}

new Desk(one("#desk"), await patiently("/desk/begin")).start();
