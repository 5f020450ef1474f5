// What of a sealed chat stands on the page: lines, who can read them, what went wrong. It shows what
// it is given, as text and never as markup, and decides nothing.

import { steady } from "./steady.js";

const name = (who) => `\u2068${who}\u2069`; // a name may run the other way
const named = (words, who) => words.replace("{who}", name(who));

// The words that the page hands over, in its language.
export const wordsOf = (section) => JSON.parse(section.dataset.words);

// That somebody is writing, in words.
export const isTyping = (section, who) => named(wordsOf(section).typing, who);

// What stands there already: a talk that the server sealed so far.
export function readLines(section) {
  const lines = [...section.querySelectorAll(".lines li")];
  return lines.map((li) => ({
    by: li.className,
    who: li.querySelector(".by").textContent,
    text: li.querySelector(".said").textContent,
  }));
}

// Draw a whole talk: {state, lines, names, waits, read, reader, code, gone, long, again, plain}. What stands
// there is only brought up to date. Gives what is said of what went wrong.
export function drawTalk(section, talk) {
  const words = wordsOf(section);
  section.classList.toggle("plain", talk.state === "plain");
  section.classList.toggle("sealed", talk.state !== "plain");
  if (talk.state === "plain") return "";
  const trouble = troubleOf(talk, words);
  steady(() => {
    drawLines(section, talk, words);
    box(section, "typing", "fine");
    drawSeal(section, readsOf(talk, words), talk.state === "sealed" ? talk.code : "", words);
    drawTrouble(section, trouble, words);
  });
  return trouble.says;
}

function drawLines(section, talk, words) {
  let list = section.querySelector(".lines");
  if (!list && talk.lines.length) {
    list = make("ol", "lines");
    section.querySelector("h2").after(list);
  }
  const last = talk.lines.filter((one) => one.state === "sent").at(-1);
  for (const line of talk.lines) {
    line.node ??= blank(line);
    const [by, said, state] = line.node.children;
    put(by, line.by === "me" ? words.me : (line.who ?? ""));
    put(said, line.by === "page" ? words[line.text] : line.text);
    put(state, line.state === "sent" && line !== last ? "" : stateOf(line, talk, words));
    if (line.node.parentNode !== list) list.append(line.node);
  }
}

function stateOf(line, talk, words) {
  if (!line.state) return "";
  if (line.state === "sent") {
    return talk.reader && line.number <= talk.read ? named(words.read, talk.reader) : words.sent;
  }
  return talk.state === "sealed" && !talk.names ? words.nobody : words.sending;
}

// Who can read what is written here, said only once it is known.
function readsOf(talk, words) {
  if (talk.state === "begin") return words.begin;
  if (talk.state !== "sealed") return "";
  return talk.waits || !talk.names ? words.sealed_waiting : named(words.sealed, talk.names);
}

function troubleOf({ state, gone, long, again, plain }, words) {
  if (state === "broken") {
    const buttons = [[words.again, again], [words.plain, plain, words.plain_says]];
    return { says: words.broken, number: true, buttons };
  }
  if (state === "elsewhere") return { says: words.elsewhere, buttons: [[words.here, again]] };
  if (long) return { says: words.long };
  return gone ? { says: words.gone, number: true } : { says: "" };
}

// Who can read, and by what that can be checked.
function drawSeal(section, says, code, words) {
  const seal = box(section, "seal", "fine");
  if (isShown(seal, `${says} ${code}`)) return;
  seal.replaceChildren(text("p", says));
  if (!code) return;
  const more = make("details");
  const check = text("p", words.code.replace("{code}", `\u2066${code}\u2069`));
  more.append(text("summary", words.check), check);
  seal.append(more);
}

// What went wrong and what can be done; a button may have words before it.
function drawTrouble(section, { says, number = false, buttons = [] }, words) {
  const trouble = box(section, "trouble", "note");
  if (isShown(trouble, says)) return;
  trouble.hidden = !says;
  trouble.replaceChildren(text("p", says));
  if (number) {
    const link = text("a", words.now);
    link.href = `/now/${document.documentElement.lang}`;
    link.dataset.part = "";
    trouble.append(within("p", link));
  }
  for (const [label, act, before = ""] of buttons) {
    const button = make("input");
    Object.assign(button, { type: "button", value: label });
    button.addEventListener("click", act);
    trouble.append(text("p", before), within("p", button));
  }
}

function isShown(node, key) {
  const shown = node.dataset.shown === key;
  node.dataset.shown = key;
  return shown;
}

function blank(line) {
  const node = make("li", line.by);
  const said = make("p", "said");
  said.dir = "auto";
  node.append(make("p", "by"), said, make("p", "fine"));
  return node;
}

function box(section, id, kind) {
  const found = section.querySelector(`#${id}`) ?? make("div", kind);
  found.id = id;
  if (!found.isConnected) section.append(found);
  return found;
}

function put(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function text(tag, words) {
  const node = make(tag);
  node.textContent = words;
  return node;
}

function within(tag, inside) {
  const node = make(tag);
  node.append(inside);
  return node;
}

function make(tag, kind = "") {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  return node;
}
