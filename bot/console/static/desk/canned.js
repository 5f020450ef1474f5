// Fixed replies, put in at the cursor. A slash begins, letters narrow, Enter puts it in; nothing is
// sent by it. Both languages are shown: the chat's, which is put in, and the operator's.

import { arrange, make } from "./dom.js";
import { word } from "./words.js";

const MOST = 5;
const SLASH = /(^|\s)\/([^\s/]*)$/;

let lists = 0;

export const textOf = (reply, language) => reply.texts[language] ?? reply.texts.en ?? "";

// The replies that are meant by what was typed after the slash, best first.
export function narrowed(canned, typed) {
  const wanted = typed.toLocaleLowerCase();
  const rank = (reply) => {
    if (reply.slash.startsWith(wanted)) return 0;
    if (reply.name.toLocaleLowerCase().startsWith(wanted)) return 1;
    return reply.name.toLocaleLowerCase().includes(wanted) ? 2 : 3;
  };
  const ranked = canned.map((reply) => [rank(reply), reply]).filter(([place]) => place < 3);
  return ranked.sort((a, b) => a[0] - b[0]).map(([, reply]) => reply);
}

export class Canned {
  constructor(field, canned, language) {
    lists += 1;
    Object.assign(this, { field, canned, language, found: [], at: 0, name: `canned-${lists}` });
    const said = { role: "listbox", "aria-label": word("replies") };
    this.list = make("ul", { class: "canned", id: this.name, hidden: true, ...said });
    field.setAttribute("aria-controls", this.name);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.look());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.pressed(event));
  }

  // As if somebody had typed the slash.
  open() {
    const { field } = this;
    field.focus();
    const before = field.value.slice(0, field.selectionStart);
    if (!SLASH.test(before)) this.put(before, before && !/\s$/.test(before) ? " /" : "/");
    this.look();
  }

  look() {
    const typed = SLASH.exec(this.field.value.slice(0, this.field.selectionStart));
    this.found = typed ? narrowed(this.canned, typed[2]).slice(0, MOST) : [];
    this.at = 0;
    if (this.found.length === 0) this.close();
    else this.draw();
  }

  draw() {
    const mine = document.documentElement.lang;
    const options = this.found.map((reply, place) => {
      const said = textOf(reply, this.language);
      const own = textOf(reply, mine);
      return make(
        "li",
        {
          role: "option",
          id: `${this.name}-${place}`,
          "aria-selected": String(place === this.at),
          onpointerdown: (event) => this.chosen(event, reply),
        },
        make("b", {}, `/${reply.slash}`),
        make("span", { lang: this.language, dir: "auto" }, said),
        own === said ? undefined : make("span", { class: "mine" }, own),
      );
    });
    arrange(this.list, options);
    this.list.hidden = false;
    this.field.setAttribute("aria-activedescendant", `${this.name}-${this.at}`);
  }

  chosen(event, reply) {
    event.preventDefault();
    this.insert(reply);
  }

  close() {
    this.found = [];
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (this.found.length === 0 || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.insert(this.found[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  insert(reply) {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const typed = SLASH.exec(before);
    this.put(typed ? before.slice(0, typed.index + typed[1].length) : before, textOf(reply, this.language));
    this.close();
  }

  // Puts words between what stands before the cursor and what stands behind it.
  put(before, words) {
    const { field } = this;
    const after = field.value.slice(field.selectionEnd);
    field.value = before + words + after;
    field.setSelectionRange(before.length + words.length, before.length + words.length);
    field.focus();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}
