// The left column: notes that came, chats that a colleague offers, who waits, and my chats. Rows are
// buttons: j and k walk over them, Enter presses. Nothing here blinks, and a row that goes away under
// the keyboard hands it to the next one.

import { all, arrange, button, make, minutes, one, write } from "./dom.js";
import { languageName, word } from "./words.js";

const SIGNS = { 2: ["severity_2", "sign grave"], 1: ["severity_1", "sign soon"], 0: ["", ""] };

export class List {
  constructor(state, does) {
    this.state = state;
    this.does = does;
    this.rows = new Map();
    this.heads = ["notes", "offers", "waiting", "mine"].map((name) => {
      const place = make(name === "waiting" ? "ol" : "ul", { "aria-labelledby": `head-${name}` });
      const section = make("section", { "data-part": name }, make("h2", { id: `head-${name}` }, word(`head_${name}`)), place);
      return { name, place, section };
    });
    this.more = make("p", { class: "soft" });
    this.none = make("p", { class: "soft" }, word("nobody_waits"));
    this.element = make("div", { class: "list" }, this.heads.map((head) => head.section));
    const waiting = this.heads[2].section;
    waiting.append(this.more, this.none);
  }

  // One row: its name and wait on the first line, what is known on the second.
  row(key, press, parts) {
    let row = this.rows.get(key);
    if (!row) {
      row = { item: make("li"), name: make("span"), sign: make("span"), wait: make("span") };
      row.facts = make("span", { class: "facts" });
      const first = make("span", {}, row.name, " ", row.sign);
      row.button = button([first, row.wait, row.facts], () => row.press(), { class: "row", "data-key-row": key });
      row.item.append(row.button);
      this.rows.set(key, row);
    }
    row.press = press;
    row.used = true;
    write(row.name, parts.name);
    write(row.wait, parts.wait ?? "");
    row.wait.className = parts.fresh ? "fresh" : "wait";
    write(row.facts, parts.facts.filter(Boolean).join(" · "));
    const [name, kind] = SIGNS[parts.severity ?? 0];
    write(row.sign, name && word(name));
    row.sign.className = kind;
    if (parts.here) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
    return row;
  }

  draw() {
    const { state, does } = this;
    const focused = document.activeElement?.closest?.("[data-key-row]");
    const before = focused ? this.buttons().indexOf(focused) : -1;
    for (const row of this.rows.values()) row.used = false;
    const parts = { notes: this.notes(), offers: this.offers(), waiting: this.waiting(), mine: this.mine() };
    for (const { name, place, section } of this.heads) {
      arrange(place, parts[name].map((row) => row.item));
      section.hidden = parts[name].length === 0 && (name === "notes" || name === "offers");
    }
    for (const [key, row] of this.rows) if (!row.used) this.rows.delete(key);
    const hidden = state.queue.waiting - state.queue.rows.length;
    write(this.more, hidden > 0 ? word("more_wait", { count: hidden }) : "");
    this.none.hidden = state.queue.waiting > 0;
    if (before >= 0 && !focused.isConnected) this.focusAt(before);
    does.counted?.();
  }

  notes() {
    return this.state.notes.map((note) =>
      this.row(`note ${note.note}`, () => this.does.readNote(note), {
        name: word(note.kind === "help" ? "help_from" : "note_from", { name: note.from }),
        severity: note.kind === "help" ? 2 : 0,
        facts: [note.chat_name],
      }),
    );
  }

  offers() {
    return this.state.offers.map((offer) => {
      const row = this.row(`offer ${offer.chat}`, () => this.does.accept(offer), {
        name: word("offer_from", { name: offer.from }),
        wait: minutes(offer.until - this.state.now()),
        severity: offer.severity,
        facts: [offer.name, offer.language_name, offer.need, word(offer.warm ? "warm" : "cold"), word("enter_takes")],
      });
      row.refuse ??= button(word("refuse"), () => this.does.refuse(offer), { class: "quiet" });
      if (!row.refuse.isConnected) row.item.append(row.refuse);
      return row;
    });
  }

  waiting() {
    const now = this.state.now();
    const offered = (waits) => waits.offered && word("offered_to_you", { time: minutes(waits.offered_until - now) });
    return this.state.queue.rows.map((waits, place) =>
      this.row(`waits ${waits.chat}`, () => this.does.claim(waits), {
        name: `${place + 1} ${waits.language_name || languageName(waits.language)}`,
        wait: minutes(now - waits.asked),
        severity: waits.severity,
        facts: [waits.need, waits.place, waits.kind, ...(waits.skills ?? []), offered(waits)],
      }),
    );
  }

  mine() {
    return [...this.state.talks.values()].map((talk) => {
      const { mine } = talk;
      const signs = { is_parked: mine.state === "parked", is_helper: mine.as === "helper", is_gone: talk.gone };
      const parts = [mine.language_name, ...Object.keys(signs).map((sign) => signs[sign] && word(sign))];
      return this.row(`mine ${talk.id}`, () => this.does.open(talk), {
        name: mine.name,
        wait: talk.unread > 0 ? `● ${word("new", { count: talk.unread })}` : "",
        fresh: true,
        severity: mine.severity,
        facts: parts,
        here: this.state.here === talk,
      });
    });
  }

  buttons() {
    return all("[data-key-row]", this.element);
  }

  focusAt(place) {
    const buttons = this.buttons();
    buttons[Math.max(0, Math.min(place, buttons.length - 1))]?.focus();
  }

  walk(step) {
    const here = this.buttons().indexOf(document.activeElement);
    if (here < 0) this.focusAt(step > 0 ? 0 : Number.MAX_SAFE_INTEGER);
    else this.focusAt(here + step);
  }

  // What needs me first: a call for help or a note, an offer, my oldest unread chat, then who waits.
  next() {
    const unread = [...this.state.talks.values()].filter((talk) => talk.unread > 0);
    unread.sort((a, b) => a.mine.last_in - b.mine.last_in);
    const mine = unread[0] && `[data-key-row="mine ${unread[0].id}"]`;
    const places = ["[data-part=notes] .row", "[data-part=offers] .row", mine, "[data-part=waiting] .row"];
    const found = places.filter(Boolean).map((place) => one(place, this.element)).filter(Boolean);
    // Pressed again, it goes on to the next thing.
    const here = found.indexOf(document.activeElement);
    const to = found[here + 1] ?? found[0];
    if (here >= 0 && to === found[0] && document.activeElement.dataset.keyRow.startsWith("waits")) this.walk(1);
    else to?.focus();
    return to !== undefined;
  }
}
