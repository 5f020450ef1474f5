// Questions that stand before the desk until they are answered, and the parts of their forms.

import { button, make, one } from "./dom.js";
import { word } from "./words.js";

let asked = 0;

// Gives the end that was chosen and what was filled in, or nothing when it was left with Escape.
// `ends`: [value, label, kind]; the first one is what Enter means. No letter means anything here: who
// types on without looking ends no chat by it. `told`: there is nothing to decide, so no way to leave it.
export function ask(title, inside, ends, { told = false } = {}) {
  return new Promise((answer) => {
    const form = make("form", { method: "dialog" }, inside);
    // The one before may not be gone yet when the next one opens.
    const id = `asked-${(asked += 1)}`;
    const dialog = make("dialog", { "aria-labelledby": id }, make("h2", { id }, title), form);
    let chosen;
    const end = (value) => {
      chosen = { end: value, values: Object.fromEntries(new FormData(form)) };
      dialog.close();
    };
    const buttons = ends.map(([value, label, kind], place) => {
      if (place === 0) return make("button", { type: "submit", class: kind }, label);
      return button(label, () => end(value), { class: kind ?? "quiet" });
    });
    const none = button(word("not_now"), () => dialog.close(), { class: "quiet" });
    form.append(make("div", { class: "ends" }, buttons, told ? [] : none));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end(ends[0][0]);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(chosen);
    });
    one("#desk").append(dialog);
    dialog.showModal();
    one("[data-first]", dialog)?.focus();
  });
}

// One line or several, with its label.
export function field(name, label, values = {}) {
  const { lines, hint, ...more } = values;
  const id = `ask-${name}`;
  const described = { "aria-describedby": hint && `${id}-hint` };
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, label),
    hint ? make("p", { class: "hint", id: `${id}-hint` }, hint) : undefined,
    make(lines ? "textarea" : "input", { id, name, rows: lines, autocomplete: "off", ...more, ...described }),
  );
}

// One of several, or several of them. `options`: [value, label].
export function choices(name, label, options, values = {}) {
  const { many, chosen = [] } = values;
  return make(
    "fieldset",
    {},
    make("legend", {}, label),
    make(
      "div",
      { class: "options" },
      options.map(([value, said]) => {
        const kind = many ? { type: "checkbox", name: `${name}:${value}` } : { type: "radio", name };
        return make("label", {}, make("input", { ...kind, value, checked: chosen.includes(value) }), said);
      }),
    ),
  );
}

export const ticked = (values, name) =>
  Object.keys(values).filter((one) => one.startsWith(`${name}:`)).map((one) => one.slice(name.length + 1));
