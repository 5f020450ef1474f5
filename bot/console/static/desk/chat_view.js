// One chat on the screen: its head, its lines, its field. It decides what a press means, and asks.

import { arrange, button, keyMark, make, one, write } from "./dom.js";
import { Canned } from "./canned.js";
import { clockTime, word } from "./words.js";

const TYPING_SHOWN = 6000; // milliseconds
const NEAR = 40; // pixels from the end: whoever reads further up is not moved

export class Pane {
  // `does`: the acts of the desk for one chat; see desk.js.
  constructor(talk, place, does, begin) {
    this.talk = talk;
    this.does = does;
    this.begin = begin;
    this.drawn = new Map();
    this.head = make("h2", { id: `chat-${place}`, tabindex: -1 });
    this.facts = make("p");
    this.asked = make("p", { class: "asked" });
    this.lines = make("ol", { class: "talk", tabindex: 0, "aria-labelledby": `chat-${place}` });
    this.typing = make("p", { class: "typing", role: "status" });
    const { name, language, dir } = talk.mine;
    const said = { "aria-label": word("write_to", { name }), placeholder: word("write") };
    this.field = make("textarea", { rows: 1, autocomplete: "off", lang: language, dir: dir || "auto", ...said });
    this.warned = make("p", { class: "warned", role: "alert" });
    this.canned = new Canned(this.field, begin.canned, talk.mine.language);
    this.send = make("button", { type: "submit" }, word("send"));
    const form = make("form", { class: "compose" }, this.field, this.send, this.canned.list);
    this.buttons = make("div", { class: "acts" });
    this.element = make(
      "section",
      { class: "chat", "aria-labelledby": `chat-${place}` },
      make("header", {}, this.head, this.facts, this.asked),
      this.lines, this.typing, form, this.warned, this.buttons,
    );
    form.addEventListener("submit", (event) => this.submit(event));
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.defaultPrevented) return;
      if (event.key === "Enter" && !event.shiftKey) this.submit(event);
      // No message begins with a space: in an empty field it reads on, without leaving the field.
      if (event.key === " " && this.field.value === "" && talk.covered) {
        event.preventDefault();
        this.uncover(talk.covered, true);
      }
    });
    this.element.addEventListener("focusin", () => does.here(talk));
    // One selection at a time may be copied; everything at once may not.
    this.element.addEventListener("copy", (event) => this.onlyOne(event));
    this.field.value = talk.draft;
    this.draw();
  }

  submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text || this.talk.gone) return;
    const bytes = new TextEncoder().encode(text).length;
    // Its copy carries a short line of its own.
    const most = this.begin.rules.message_bytes - 16;
    write(this.warned, bytes > most ? word("too_long", { bytes, most }) : "");
    if (bytes > most) return;
    this.field.value = "";
    this.talk.draft = "";
    this.canned.close();
    this.talk.say(text);
  }

  typed() {
    this.talk.draft = this.field.value;
    write(this.warned, "");
    if (this.field.value && !this.field.value.startsWith("/")) this.does.typing(this.talk);
  }

  onlyOne(event) {
    const chosen = document.getSelection();
    if (event.target === this.field || chosen.isCollapsed) return;
    const touched = [...this.lines.children].filter((line) => chosen.containsNode(line, true));
    if (touched.length <= 1) return;
    event.preventDefault();
    write(this.warned, word("copy_one"));
  }

  // What is here is read out as it comes and as it is uncovered; other chats are silent marks.
  show(here) {
    this.element.classList.toggle("here", here);
    this.lines.setAttribute("aria-live", here ? "polite" : "off");
  }

  draw() {
    const { mine } = this.talk;
    write(this.head, mine.name);
    const facts = [mine.language_name, mine.need, mine.place, mine.kind, ...(mine.skills ?? [])];
    if (mine.heavy) facts.push(word("heavy"));
    if (mine.as === "helper") facts.push(word("you_help", { name: mine.owner }));
    else if (mine.helper) facts.push(word("with", { name: mine.helper }));
    write(this.facts, facts.filter(Boolean).join(" · "));
    // Whoever holds the six words is believed by the service, and need not be by an operator.
    const back = mine.back ? word("came_back", { time: clockTime(mine.back) }) : "";
    write(this.asked, [this.state(), back].filter(Boolean).join(" "));
    const near = this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight < NEAR;
    const parts = this.talk.lines.map((line) => this.line(line));
    const fresh = parts.length !== this.lines.children.length;
    arrange(this.lines, parts);
    if (near && fresh) this.lines.scrollTop = this.lines.scrollHeight;
    for (const line of this.drawn.keys()) if (!this.talk.lines.includes(line)) this.drawn.delete(line);
    const typing = Date.now() - this.talk.typing < TYPING_SHOWN;
    write(this.typing, typing ? word("typing") : "");
    if (document.activeElement !== this.field) this.field.value = this.talk.draft;
    this.field.readOnly = Boolean(this.talk.gone);
    this.send.disabled = Boolean(this.talk.gone);
    this.drawButtons();
  }

  state() {
    const { mine, gone } = this.talk;
    if (gone) return word(`gone_${gone}`);
    if (mine.transfer) return word(`transfer_${mine.transfer.step}`, { name: mine.transfer.to });
    if (mine.state === "parked") return word("parked", { time: clockTime(mine.parked_until) });
    return "";
  }

  drawButtons() {
    const acts = this.does.acts(this.talk);
    const key = acts.map((act) => act.name).join(" ");
    if (key === this.acts) return;
    this.acts = key;
    const made = (act) => {
      const values = { class: act.kind ?? "quiet", "aria-keyshortcuts": act.key || undefined };
      return button([word(act.name), act.key && keyMark(act.key)].filter(Boolean), act.do, values);
    };
    this.buttons.replaceChildren(...acts.map(made));
  }

  line(line) {
    const shape = [line.text === undefined, line.state, line.broken, !line.row?.wrap].join();
    const kept = this.drawn.get(line);
    if (kept?.shape === shape) return kept.part;
    const part = kept?.part ?? make("li", { tabindex: -1 });
    const focused = part.contains(document.activeElement);
    this.drawn.set(line, { shape, part });
    if (line.by === "them") this.theirs(part, line);
    else this.ours(part, line);
    if (focused) (one("button", part) ?? part).focus({ preventScroll: true });
    return part;
  }

  theirs(part, line) {
    const { mine } = this.talk;
    part.className = "them";
    part.removeAttribute("lang");
    if (line.text !== undefined) {
      part.lang = mine.language;
      part.dir = "auto";
      part.replaceChildren(line.text);
    } else if (line.broken || !line.row.wrap) {
      part.replaceChildren(word(line.broken ? "broken" : "not_for_you"));
    } else {
      part.className = "them covered";
      const bars = make("span", { class: "bars", "aria-hidden": "true" }, "▓".repeat(12));
      const label = [bars, " ", word("covered", { number: line.number })];
      part.replaceChildren(button(label, (event) => this.uncover(line, event.detail === 0), { class: "cover" }));
    }
  }

  ours(part, line) {
    part.className = `me ${line.state}`;
    part.lang = this.talk.mine.language;
    part.dir = "auto";
    if (line.state === "sealed") {
      part.replaceChildren(word("own_sealed", { name: line.who }));
      return;
    }
    const failed = [word("not_sent"), line.why].filter(Boolean).join(" ");
    const state = { sending: word("sending"), waiting: word("waits_for_line"), failed }[line.state];
    const said = state && make("span", { class: "state", lang: document.documentElement.lang }, state);
    const can = line.state === "failed";
    const again = can && !this.talk.gone && button(word("again"), () => this.talk.pump(), { class: "quiet" });
    const back = can && button(word("take_back"), () => this.takeBack(line), { class: "quiet" });
    part.replaceChildren(...[line.text ?? word("wiped"), said, again, back].filter(Boolean));
  }

  takeBack(line) {
    this.talk.takeBack(line);
    this.field.value = this.talk.draft;
    this.field.focus();
  }

  // By key: when all is read, the keyboard is where the answer is written. A press on a small screen
  // does not open the letters over what is read.
  async uncover(line, byKey) {
    await this.talk.uncover(line);
    const part = this.drawn.get(line)?.part;
    if (byKey && !this.talk.covered) this.field.focus({ preventScroll: true });
    else if (document.activeElement !== this.field) part?.focus({ preventScroll: true });
    part?.scrollIntoView({ block: "nearest" });
  }

  // Space: the next thing to read, and when all is read, the field to answer in.
  next() {
    if (this.talk.covered) this.uncover(this.talk.covered, true);
    else this.field.focus();
  }

  focus() {
    const cover = one("button.cover", this.lines);
    if (cover) cover.focus();
    else this.head.focus();
  }
}
