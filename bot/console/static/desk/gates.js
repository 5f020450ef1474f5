// What stands before the desk: making keys, unlocking them, beginning a shift. One thing at a time, and
// what was chosen last time is chosen already.

import { choices, field, ticked } from "./dialogs.js";
import { button, make, one } from "./dom.js";
import { NoPasskey } from "./keystore.js";
import { Kept, usable } from "./keys.js";
import { unlocked } from "./locking.js";
import { LineLost, Refusal } from "./wire.js";
import { word } from "./words.js";

const LAST = "quietline-desk-shift";
const HOURS = ["2", "4", "6", "8"];
const PROVED = "quietline-desk-proved";
const WISH = "quietline-desk-way"; // what was pressed before the proof, so that nobody presses twice
const PROOF_LASTS = 240000; // milliseconds; the server says five minutes

export class Gates {
  constructor(desk, begin) {
    Object.assign(this, { desk, begin, shown: "" });
    this.element = make("section", { class: "gate", "aria-labelledby": "gate" });
  }

  async start() {
    this.usable = await usable();
    if (this.usable) this.kept = await Kept.look(this.begin).catch(() => undefined);
    this.ready = true;
    this.look();
    const wish = sessionStorage.getItem(WISH);
    sessionStorage.removeItem(WISH);
    if (wish && this.shown === "set_up") this.try(() => this.makeKeys(wish));
  }

  // Which gate is closed, if any.
  look() {
    if (!this.ready) return;
    const { keys, state, work } = this.desk;
    let gate = "";
    if (!this.kept) gate = "unusable";
    else if (this.phrase) gate = "written";
    else if (!keys) gate = this.kept.ways.length > 0 ? "unlock" : "set_up";
    else if (!state.me) gate = "waits";
    else if (!state.me.shift) gate = "shift";
    else if (!keys.serves(state.me.shift)) gate = "elsewhere";
    if (gate === this.shown && gate !== "") return;
    this.shown = gate;
    this.element.hidden = gate === "";
    const was = work.hidden;
    work.hidden = gate !== "";
    if (gate) this.show(gate);
    else {
      this.element.replaceChildren();
      if (was) this.desk.opened();
    }
  }

  locked() {
    this.shown = "unlock";
    this.element.hidden = false;
    this.show("unlock", "locked");
  }

  show(gate, said = gate) {
    this.fault = make("p", { class: "fault", role: "alert" });
    const inside = this[gate]();
    const head = make("h2", { id: "gate", tabindex: -1 }, word(`gate_${said}`));
    this.element.replaceChildren(head, make("p", {}, word(`gate_${said}_why`)), this.fault, ...inside);
    (one("[data-first]", this.element) ?? one("h2", this.element)).focus();
  }

  // What can go wrong is said on the gate, and what was typed stays.
  async try(act) {
    this.fault.textContent = "";
    try {
      await act();
    } catch (error) {
      if (error instanceof LineLost) this.fault.textContent = word("not_now_line");
      else if (error instanceof Refusal) this.fault.textContent = error.said;
      else this.fault.textContent = word(error instanceof NoPasskey ? "passkey_no" : `fault_${this.shown}`);
    }
  }

  unusable() {
    return [];
  }

  waits() {
    return [];
  }

  set_up() {
    const made = (way) => () => this.try(() => this.makeKeys(way));
    const passkeys = "credentials" in navigator && "PublicKeyCredential" in globalThis;
    const passkey = passkeys && button(word("use_passkey"), made("passkey"), { "data-first": true });
    const phrase = button(word("use_phrase"), made("phrase"), { class: passkey ? "quiet" : "", "data-first": !passkey });
    return [make("div", { class: "acts" }, passkey || "", phrase)];
  }

  async makeKeys(way) {
    // Proving comes first: it is another page, and words that were shown before it would be lost.
    const proved = Number(sessionStorage.getItem(PROVED) ?? 0);
    if (Date.now() - proved > PROOF_LASTS) {
      sessionStorage.setItem(PROVED, String(Date.now()));
      sessionStorage.setItem(WISH, way);
      location.assign("/desk/proof");
      return;
    }
    const { keys, words } = await this.kept.make(way);
    this.fresh = keys;
    this.phrase = words;
    if (words) this.look();
    else await this.pass();
  }

  written() {
    const words = this.phrase.split(" ").map((each) => make("li", {}, each));
    return [make("ol", { class: "phrase", translate: "no" }, words), this.only("wrote_it", () => this.pass())];
  }

  async pass() {
    await this.fresh.enrol();
    const keys = this.fresh;
    this.fresh = this.phrase = undefined;
    await unlocked(this.desk, keys);
  }

  unlock() {
    const anew = button(word("make_new"), () => this.try(() => this.anew()), { class: "danger" });
    const lost = make("details", {}, make("summary", {}, word("lost_keys")), make("p", {}, word("lost_keys_help")), anew);
    if (this.kept.ways.includes("passkey")) return [this.only("unlock_passkey", () => this.open()), lost];
    const hidden = { type: "password", spellcheck: "false", autocapitalize: "off", "data-first": true };
    const unlock = make("button", { type: "submit" }, word("unlock"));
    const form = make("form", {}, field("phrase", word("seven_words"), hidden), unlock);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.try(() => this.open(form.elements.phrase.value));
    });
    return [form, lost];
  }

  async open(phrase) {
    const keys = await this.kept.open(phrase);
    await keys.enrol();
    await unlocked(this.desk, keys);
  }

  async anew() {
    await this.kept.erase();
    this.look();
  }

  shift() {
    const last = JSON.parse(localStorage.getItem(LAST) ?? "{}");
    const { languages, skills } = this.begin;
    const named = (list) => list.map((each) => [each.code, each.name]);
    const known = (last.languages ?? []).some((code) => languages.some((each) => each.code === code));
    const spoken = known ? last.languages : [document.documentElement.lang];
    const hours = HOURS.map((count) => [count, word("hours", { count })]);
    const person = { value: last.who ?? "", hint: word("pseudonym_help"), required: true, maxlength: 40 };
    const form = make(
      "form",
      {},
      field("who", word("pseudonym"), { ...person, "data-first": !known }),
      choices("languages", word("languages"), named(languages), { many: true, chosen: spoken }),
      choices("skills", word("skills"), named(skills), { many: true, chosen: last.skills ?? [] }),
      choices("hours", word("how_long"), hours, { chosen: [last.hours ?? "4"] }),
      make("button", { type: "submit", "data-first": known }, word("begin_shift")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.try(() => this.beginShift(Object.fromEntries(new FormData(form))));
    });
    return [form];
  }

  async beginShift(values) {
    const [languages, skills] = [ticked(values, "languages"), ticked(values, "skills")];
    const chosen = { who: values.who.trim(), languages, skills, hours: values.hours };
    if (languages.length === 0) {
      this.fault.textContent = word("no_language");
      return;
    }
    const me = await this.desk.keys.beginShift(chosen);
    localStorage.setItem(LAST, JSON.stringify(chosen));
    this.desk.state.me = me;
    await this.desk.keys.readRoster().catch(() => {});
    this.look();
  }

  elsewhere() {
    return [this.only("go_on_here", () => this.goOn())];
  }

  // The one thing to do here.
  only(name, act) {
    return make("div", { class: "acts" }, button(word(name), () => this.try(act), { "data-first": true }));
  }

  async goOn() {
    this.desk.state.me = await this.desk.keys.goOn(this.desk.state.me.shift);
    this.look();
  }
}
