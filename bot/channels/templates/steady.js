// What a person is writing stays where it is while a chat around it goes on: the field, its words, the
// place on the screen, the focus. It decides nothing about a chat.

const LEAVE = "!leave";
const HELP = "!help_now";

const write = () => document.getElementById("write");
const talks = (from) => from.querySelector("section[data-chat]") && from.getElementById("write");

// Change what stands above the field, and leave the field where it is on the screen.
export function steady(change) {
  const before = write()?.getBoundingClientRect();
  const inView = before && before.top >= 0 && before.bottom <= innerHeight;
  change();
  if (inView) scrollBy(0, write().getBoundingClientRect().top - before.top);
}

// Gives what puts all that back when a part of the page has come, or nothing where it is another kind
// of page. `quiet`: nobody asked for it, so what is typed stays; else it was what was sent.
export function hold(part, quiet) {
  if (part.querySelector("section[data-chat]")) part.querySelector(".live")?.remove(); // we listen
  if (!talks(document) || !talks(part)) return null;
  const field = write();
  const top = field.getBoundingClientRect().top;
  const { value, selectionStart, selectionEnd } = field;
  const active = document.activeElement;
  const pressed = active?.form?.elements.c?.value;
  const sends = active !== field && active?.form === field.form;
  return () => {
    const now = write();
    if (quiet) now.value = value;
    if (active === field) now.focus({ preventScroll: true });
    else if (quiet && sends) now.form.querySelector("[type=submit]").focus({ preventScroll: true });
    else if (quiet && pressed) button(pressed)?.focus({ preventScroll: true });
    else if (!quiet) focusHeading();
    if (active === field && quiet) now.setSelectionRange(selectionStart, selectionEnd);
    scrollBy(0, now.getBoundingClientRect().top - top);
  };
}

// The button that words mean when they are typed alone: our server does not see them to tell.
export function meant(text, section) {
  const alone = text.normalize("NFC").trim().replace(/[.!…]+$/, "").toLowerCase();
  const { exits, helps } = section.dataset;
  if (!alone) return null;
  if (exits.split("\n").includes(alone)) return button(LEAVE);
  return helps.split("\n").includes(alone) ? button(HELP) : null;
}

function button(key) {
  const found = [...document.querySelectorAll("input[name=c]")].find((one) => one.value === key);
  return found?.form.querySelector("[type=submit]");
}

function focusHeading() {
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// Enter sends, as in any chat; on a phone it makes a new line.
document.addEventListener("keydown", (event) => {
  const { target: field, key } = event;
  if (key !== "Enter" || event.shiftKey || event.isComposing || field !== write()) return;
  if (field.type !== "textarea" || !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  if (!event.repeat) field.form.requestSubmit();
});
