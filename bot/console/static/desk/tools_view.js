// The right column: the directory, fixed replies, colleagues, and what this browser may sound like.

import { button, keyMark, make, one } from "./dom.js";
import { textOf } from "./canned.js";
import { setSingleKeys, singleKeys } from "./keyboard.js";
import { readSignals, turn } from "./signals.js";
import { word } from "./words.js";

export class Tools {
  constructor(state, does) {
    Object.assign(this, { state, does });
    this.field = make("input", { type: "search", id: "directory", autocomplete: "off" });
    this.found = make("div", { "aria-live": "polite" });
    const label = make("label", { for: "directory" }, word("directory"), keyMark("g"));
    const find = make("button", { class: "quiet" }, word("find"));
    const row = make("div", { class: "seek" }, this.field, find);
    const form = make("form", { role: "search" }, make("h2", {}, label), row);
    form.addEventListener("submit", (event) => this.search(event));
    form.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.step(event, 0);
    });
    this.replies = make("ul", { class: "results" });
    this.people = make("ul", { class: "results" });
    this.element = make(
      "aside",
      { class: "tools", "aria-label": word("tools") },
      make("section", {}, form, this.found),
      this.fold("replies", this.replies),
      this.fold("colleagues", this.people),
      this.fold("signals", this.switches()),
    );
  }

  fold(name, ...inside) {
    return make("details", { "data-fold": name }, make("summary", {}, word(name)), inside);
  }

  switches() {
    const on = readSignals();
    const one = (name, value, change) => {
      const box = make("input", { type: "checkbox", id: `switch-${name}`, checked: value });
      box.addEventListener("change", async () => {
        box.checked = await change(box.checked);
      });
      return make("div", { class: "switch" }, box, make("label", { for: `switch-${name}` }, word(`switch_${name}`)));
    };
    const keys = (value) => {
      setSingleKeys(value);
      return value;
    };
    return [
      make("p", { class: "soft" }, word("signals_help")),
      one("sound", on.sound, (value) => turn("sound", value)),
      one("notice", on.notice, (value) => turn("notice", value)),
      one("keys", singleKeys(), keys),
      make("p", {}, make("a", { href: "/desk/roster", target: "_blank", rel: "noopener" }, word("roster_page"))),
    ];
  }

  step(event, place) {
    const next = this.found.querySelectorAll("button.row")[place];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  async search(event) {
    event.preventDefault();
    const { language } = this.state.here?.mine ?? { language: document.documentElement.lang };
    const told = await this.does.ask("/desk/search", { text: this.field.value, need: "", language });
    if (told) this.list(told.found, language);
  }

  list(found, language) {
    const rows = found.map((listing, place) => {
      const name = make("span", { lang: language, dir: "auto" }, listing.name);
      const facts = [listing.own !== listing.name && listing.own, listing.state].filter(Boolean).join(" · ");
      const row = button([name, make("span", { class: "facts" }, facts)], () => this.show(listing, found, language), { class: "row" });
      row.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown") this.step(event, place + 1);
        if (event.key === "ArrowUp") place > 0 ? this.step(event, place - 1) : this.field.focus();
      });
      return make("li", {}, row);
    });
    const none = make("p", { class: "soft" }, word("nothing_found"));
    this.found.replaceChildren(rows.length > 0 ? make("ul", { class: "results" }, rows) : none);
  }

  async show(listing, found, language) {
    const told = await this.does.ask("/desk/listing", { listing: listing.listing, language });
    if (!told) return;
    const talk = this.state.here;
    const can = talk && !talk.gone && talk.mine.language === language;
    const send = can && button(word("send_card", { name: talk.mine.name }), () => this.send(talk, told));
    const back = button(word("back"), () => this.list(found, language), { class: "quiet" });
    const text = make("div", { lang: language, dir: told.dir }, told.text);
    const own = told.own !== told.text && make("div", { class: "mine" }, told.own);
    const acts = make("div", { class: "acts" }, send || "", back);
    this.found.replaceChildren(make("div", { class: "both" }, text, own || ""), acts);
    // Read first, then Enter: twice Enter is quick, and nothing goes out unseen.
    (send || back).focus();
  }

  send(talk, told) {
    talk.say(told.text);
    this.found.replaceChildren(make("p", { role: "status" }, word("card_sent", { name: talk.mine.name })));
    this.does.open(talk);
  }

  draw() {
    const language = this.state.here?.mine.language ?? document.documentElement.lang;
    if (this.drawnFor !== language) {
      this.drawnFor = language;
      const mine = document.documentElement.lang;
      this.replies.replaceChildren(
        ...this.state.begin.canned.map((reply) => {
          const said = textOf(reply, language);
          const own = textOf(reply, mine);
          const text = make("span", { class: "facts", lang: language, dir: "auto" }, said);
          const name = make("span", {}, `/${reply.slash} ${reply.name}`);
          const label = [name, text, own === said ? "" : make("span", { class: "facts" }, own)];
          return make("li", {}, button(label, () => this.does.insert(reply), { class: "row" }));
        }),
      );
    }
    const key = JSON.stringify(this.state.colleagues);
    if (this.drawnPeople === key) return;
    this.drawnPeople = key;
    const people = this.state.colleagues.map((who) => {
      const room = who.paused ? word("has_pause") : word("room", { count: who.room });
      const facts = [who.languages.join(" "), room, who.lead && word("is_lead")].filter(Boolean).join(" · ");
      const name = make("span", {}, word("note_to", { name: who.who }));
      const label = [name, make("span", { class: "facts" }, facts)];
      return make("li", {}, button(label, () => this.does.note(who), { class: "row" }));
    });
    this.people.replaceChildren(...(people.length > 0 ? people : [make("li", { class: "soft" }, word("alone"))]));
  }

  wipe() {
    this.found.replaceChildren();
    this.field.value = "";
    this.drawnFor = this.drawnPeople = undefined;
  }
}

export const opens = (name) => {
  one(`[data-fold=${name}]`).open = true;
};
