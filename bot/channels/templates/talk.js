// The conversation without loading the page anew. It sends the very forms that stand on the page,
// and shows the part that comes back. It keeps nothing, not even what was said before, and adds no
// entry to the browser's history. Without it the same forms work by themselves. Where a human answers
// it lets chat.js seal what is written to them, and sends nothing of it before that has decided.

const PATIENCE = 30000; // milliseconds; slow networks are common
const SLOW = 800; // milliseconds until somebody who cannot see it hears that it goes on
const HEARD = 5000; // milliseconds until what was read out is taken away again

const root = document.documentElement;
const told = document.getElementById("told");
const failed = document.getElementById("failed");
const { wait } = told.dataset;
let running = null; // the question under way
let known = false; // whether an answer was taken here, so that a cookie should come along
let hush = 0;
let chat = null; // chat.js on its way, once a human answers
let loaded = null; // chat.js

root.classList.add("js");

function tell(words) {
  clearTimeout(hush);
  told.textContent = words;
  hush = setTimeout(() => told.replaceChildren(), HEARD);
}

function mark(from) {
  return from.querySelector("input[name=m]")?.value;
}

function stamp(from) {
  return `${mark(from)} ${from.querySelector("section[data-chat]")?.dataset.chat}`;
}

function said() {
  const words = [...document.querySelectorAll("main > .say, main > .note, main > p")];
  return words.map((one) => one.textContent.trim()).join("\n");
}

function show(part, typing, quiet) {
  const held = loaded?.hold(part, quiet); // a chat that goes on stays where it is
  const before = held && said();
  root.lang = part.documentElement.lang;
  root.dir = part.documentElement.dir;
  document.title = part.title;
  for (const old of [...document.body.childNodes]) {
    if (old !== told && old !== failed) old.remove();
  }
  // What is read out stays where it is: a region that is put back in place is not listened to.
  failed.before(...part.body.children);
  goOn();
  if (held) held();
  else start(typing);
  // Cards are long: their headings are there to go through, and only what was said is read out.
  if (said() !== before) tell(said());
}

function start(typing) {
  scrollTo(0, 0);
  const field = document.getElementById("write");
  const heading = document.querySelector("h1");
  if (typing && field) {
    field.focus({ preventScroll: true });
  } else {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

// Where a human answers, chat.js goes on. `over`: an answer came, and nobody does any more.
function goOn() {
  const section = document.querySelector("section[data-chat]");
  if (!chat && !section?.hasAttribute("data-seals")) return;
  const over = !section && Boolean(mark(document) || document.querySelector("[data-gone]"));
  const page = { look: () => ask("/", undefined, true), tell };
  const meet = (it) => (it ? it.arrive(section, page, over) : section?.classList.add("plain"));
  chat ??= import("/chat/chat.js").then((it) => (loaded = it), () => null);
  if (loaded) meet(loaded);
  else chat.then(meet);
}

async function ask(address, sent, quiet) {
  if (running && !running.quiet) return;
  running?.stop.abort();
  const mine = { quiet, stop: new AbortController() };
  running = mine;
  failed.hidden = true;
  const typing = document.activeElement?.id === "write" && matchMedia("(pointer: fine)").matches;
  const slow = quiet ? 0 : setTimeout(tell, SLOW, wait);
  const late = setTimeout(() => mine.stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      method: sent ? "POST" : "GET",
      body: sent,
      headers: { "X-Part": known && sent ? "2" : "1" },
      cache: "no-store",
      signal: mine.stop.signal,
    });
    // A proxy before us may say something of its own, which is no part of this page.
    if (!answer.headers.has("X-Part")) throw new Error();
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    clearTimeout(slow);
    if (!quiet || stamp(part) !== stamp(document)) show(part, typing, quiet);
    known = mark(document) !== undefined && (known || sent !== undefined);
  } catch {
    if (!quiet) {
      failed.textContent = failed.dataset.words; // not before: a browser without styles shows it
      failed.hidden = false;
      failed.scrollIntoView({ block: "end" });
    }
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
    if (running === mine) running = null;
  }
}

function send(form) {
  const sent = new URLSearchParams(new FormData(form));
  if ([...sent].some(([name, value]) => name !== "m" && value.trim())) ask("/", sent, false);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/") return; // goes by itself
  event.preventDefault();
  if (!chat || !form.matches("[data-person]")) send(form);
  else chat.then((it) => it?.take(form) || send(form));
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-part]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  ask(link.getAttribute("href"), undefined, false);
});

// A number picks a choice, but only from within the answer and never while something is written:
// people who speak to their device may say a number by chance.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const here = event.target instanceof Element ? event.target : root;
  if (!/^[1-9]$/.test(event.key) || !here.closest("main") || here.matches("#write, select")) return;
  const button = document.querySelector(`main [aria-keyshortcuts="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.focus();
  button.form.requestSubmit();
});

// Another tab may have gone on in the meantime.
document.addEventListener("visibilitychange", () => {
  const field = document.getElementById("write");
  if (!document.hidden && field && !field.value) ask("/", undefined, true);
});

goOn();
