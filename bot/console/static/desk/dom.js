// Makes parts of the page out of words. What comes from a chat or from the server only ever becomes
// text: nothing here, or in any file beside it, reads markup.

export const one = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// make("button", { type: "button", "data-id": id, onclick: act }, "Claim")
export function make(tag, values = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((part) => part !== undefined && part !== null && part !== false));
  return made;
}

export const button = (label, act, values = {}) => make("button", { type: "button", onclick: act, ...values }, label);

// The key that presses a button, for the eye; `aria-keyshortcuts` says it to who listens.
export const keyMark = (key) => make("kbd", { "aria-hidden": "true" }, key);

// Puts the parts in a place in that order, and leaves alone what stands there already: the keyboard
// stays where it is, and nothing is read out twice.
export function arrange(place, parts) {
  for (const old of [...place.children]) if (!parts.includes(old)) old.remove();
  let before = place.firstElementChild;
  for (const part of parts) {
    if (part === before) before = before.nextElementSibling;
    else place.insertBefore(part, before);
  }
}

// Writes only what is new, so that a screen reader hears no unchanged line again.
export function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

export const typing = (place) =>
  Boolean(place?.closest?.("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]"));

export function minutes(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = String(whole % 60).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  if (hours === 0) return `${Math.floor(whole / 60)}:${rest}`;
  return `${hours}:${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}:${rest}`;
}
