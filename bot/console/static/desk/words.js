// What the desk says, in the language of the page: the template of the page holds every sentence.

import { all, one } from "./dom.js";

const said = new Map();

// The words for a name; %(name)s in them stands for a value.
export function word(name, values = {}) {
  if (said.size === 0) {
    for (const place of all("[data-word]", one("#words").content)) said.set(place.dataset.word, place.textContent.trim());
  }
  const found = said.get(name);
  // A code that nobody gave words to yet is said as it is: better than a page that breaks off.
  if (found === undefined) return name;
  return found.replace(/%\((\w+)\)s/g, (whole, key) => String(values[key] ?? whole));
}

const spoken = () => document.documentElement.lang || "en";

export function languageName(code) {
  try {
    return new Intl.DisplayNames([spoken()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function clockTime(seconds) {
  return new Intl.DateTimeFormat(spoken(), { hour: "2-digit", minute: "2-digit" }).format(seconds * 1000);
}
