// What a lead sees above the desk: how long people wait, who carries how much, who needs a pause.
// Chats are names, needs and times here; their words only after joining, with a reason.

import { button, keyMark, make, minutes } from "./dom.js";
import { clockTime, languageName, word } from "./words.js";

const table = (name, heads, rows) =>
  make(
    "div",
    { class: "scroll", role: "region", "aria-label": word(name), tabindex: 0 },
    make(
      "table",
      {},
      make("caption", { class: "hidden" }, word(name)),
      make("thead", {}, make("tr", {}, heads.map((head) => (head ? make("th", { scope: "col" }, word(head)) : make("td"))))),
      make("tbody", {}, rows.map((cells) => make("tr", {}, cells.map((cell) => make("td", {}, cell))))),
    ),
  );

export class Lead {
  constructor(state, acts) {
    Object.assign(this, { state, acts });
    this.inside = make("div");
    const head = make("summary", {}, word("lead_view"), keyMark("l"));
    this.element = make("details", { class: "lead", "data-fold": "lead" }, head, this.inside);
    this.element.addEventListener("toggle", () => this.draw());
  }

  // Drawn while it is open, and never under a hand: a button that is about to be pressed stays.
  draw() {
    const { lead } = this.state;
    if (!lead || !this.element.open) return;
    const busy = this.inside.contains(document.activeElement);
    if (busy && Date.now() - (this.at ?? 0) < 5000) return;
    this.at = Date.now();
    const place = busy ? document.activeElement.dataset.act : undefined;
    this.inside.replaceChildren(this.waits(lead), this.staff(lead), this.chats(lead), this.surges(lead));
    if (place) this.inside.querySelector(`[data-act="${place}"]`)?.focus();
  }

  waits(lead) {
    const now = this.state.now();
    const known = new Map((lead.waits ?? []).map((one) => [one.language, one]));
    const said = (minutesOf) => (minutesOf ? word("minutes", { count: minutesOf }) : "–");
    const rows = lead.longest.map((one) => {
      const past = known.get(one.language) ?? {};
      const name = one.name ?? languageName(one.language);
      return [name, String(one.waiting), minutes(now - one.asked), said(past.p50), said(past.p90)];
    });
    return table("lead_waits", ["language", "waiting", "longest", "half", "nearly_all"], rows);
  }

  staff(lead) {
    const rows = lead.staff.map((one) => {
      const now = one.paused ? word("has_pause") : one.connected ? word("is_there") : word("line_gone");
      const values = { class: "quiet", "data-act": `rest ${one.staff}` };
      const rest = one.needs_pause && button(word("ask_rest"), () => this.acts.rest(one), values);
      const sign = one.needs_pause ? make("span", { class: "mark warn" }, word("needs_pause")) : "";
      return [one.who, one.languages.join(" "), `${one.open} / ${one.heavy}`, now, [sign, " ", rest || ""]];
    });
    return table("lead_staff", ["who", "languages", "open_heavy", "now", ""], rows.map(flat));
  }

  chats(lead) {
    const now = this.state.now();
    const rows = lead.chats.map((one) => {
      const { chat, name } = one;
      const act = (said, path) => {
        const values = { class: "quiet", "data-act": `${said} ${chat}`, "aria-label": `${word(said)}: ${name}` };
        return button(word(said), () => this.acts.come(path, chat, name), values);
      };
      const state = one.state === "waiting" ? "" : one.owner + (one.helper ? ` + ${one.helper}` : "");
      const can = one.owner && !this.state.talks.has(chat);
      const acts = can ? [act("join", "/desk/join"), " ", act("take_over", "/desk/take-over")] : "";
      const sign = one.severity ? word(`severity_${one.severity}`) : "";
      return [name, one.language, one.need ?? "", sign, state, minutes(now - one.since), acts];
    });
    return table("lead_chats", ["chat", "language", "need", "severity", "who", "since_then", ""], rows.map(flat));
  }

  surges(lead) {
    const place = make("p");
    if (!this.state.begin.surge_messages) return place;
    for (const { name, message, until } of lead.surges ?? []) {
      place.append(word("surge_now", { queue: name, message, time: clockTime(until) }), " ");
    }
    place.append(button(word("surge"), () => this.acts.surge(), { class: "quiet", "data-act": "surge" }));
    return place;
  }
}

const flat = (cells) => cells.map((cell) => (Array.isArray(cell) ? make("span", {}, cell) : cell));
