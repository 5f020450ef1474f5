// The keys of the desk. One table (see desk.js) says what a key does; this file says when a key counts.

import { typing } from "./dom.js";

const OFF = "quietline-desk-keys-off";
const NATIVE = "a,button,summary,input,select,textarea,[role=option]";

// What was meant, whichever letters the keyboard writes now: with Cyrillic letters turned on, the key
// that says n writes т, and the key that says / writes a full stop.
export function meant(event) {
  if (event.code === "Slash" && (event.key === "." || event.key === ",")) return event.shiftKey ? "?" : "/";
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter && event.key.length === 1 && !/[a-z]/i.test(event.key)) return letter[1].toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

// Somebody who speaks to their computer needs single letters to mean nothing.
export const singleKeys = () => localStorage.getItem(OFF) === null;
export function setSingleKeys(on) {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
}

// `acts`: key → what it does; it gives false when there was nothing to do. `ready`: whether there is
// a desk to work at, or a lock before it.
export function listen(acts, ready) {
  // Heard on the way up, after the part that was typed into and before the console's own keys, of
  // which g leads to other pages.
  document.documentElement.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!ready() || document.querySelector("dialog[open]")) return;
    const key = meant(event);
    const into = typing(event.target);
    if (into && key !== "Escape") return;
    // A button that has the keyboard is pressed by Enter and Space, as everywhere.
    if ((key === "Enter" || key === " ") && event.target.closest(NATIVE)) return;
    if (key.length === 1 && key !== " " && !singleKeys()) return;
    if (acts[key] === undefined || acts[key](event) === false) return;
    event.preventDefault();
  });
}
