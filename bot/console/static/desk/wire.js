// What goes between this page and the server: questions by POST, pictures of the desk by the socket.
// It decides nothing. An answer that is no comes as a Refusal, a line that broke as LineLost.

import { one } from "./dom.js";
import { word } from "./words.js";

const PATIENCE = 15000; // milliseconds for an answer
const LONGEST_PAUSE = 15000; // milliseconds between two tries to open the line anew
const TYPING_EVERY = 3000;

export class Refusal extends Error {
  constructor(code, told) {
    super(code);
    this.code = code;
    this.told = told;
    this.said = [told.said, told.mend].filter(Boolean).join(" ") || word("failed");
  }
}

export class LineLost extends Error {}

async function asked(path, how) {
  let answer;
  let told;
  try {
    answer = await fetch(path, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...how });
    told = answer.type === "opaqueredirect" ? {} : await answer.json();
  } catch {
    throw new LineLost();
  }
  if (answer.ok) return told;
  const code = told.refused ?? (answer.type === "opaqueredirect" ? "signed_out" : "");
  // What proves who sits here is another page, and it leads back.
  if (code === "prove") location.assign("/desk/proof");
  if (code === "signed_out") location.replace("/sign-in");
  // The server is there and cannot: the same question again, later, may be answered.
  if (code === "store" || (code === "" && answer.status >= 500)) throw new LineLost();
  throw new Refusal(code, told);
}

export const get = (path) => asked(path, {});

// The same, again and again until the line stands.
export async function patiently(path) {
  for (;;) {
    try {
      return await get(path);
    } catch (error) {
      if (!(error instanceof LineLost)) throw error;
      await new Promise((later) => setTimeout(later, 2000));
    }
  }
}

export const post = (path, body = {}) =>
  asked(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Token": one("#desk").dataset.token },
    body: JSON.stringify(body),
  });

// The socket. `heard[what]` gets each picture; `turned(up)` hears when the line breaks or stands.
export class Line {
  constructor(heard, turned) {
    this.heard = heard;
    this.turned = turned;
    this.tries = 0;
    this.typed = new Map();
    this.open();
    addEventListener("online", () => this.again());
    addEventListener("offline", () => this.socket.close());
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/desk/live`);
    this.socket = socket;
    this.stand = undefined; // the number of the newest picture of my chats that came over it
    socket.addEventListener("message", (event) => {
      if (socket !== this.socket) return;
      const picture = JSON.parse(event.data);
      // It stands once something came over it: a proxy may open what leads nowhere.
      if (this.tries > 0 || !this.stands) {
        this.tries = 0;
        this.stands = true;
        this.turned(true);
      }
      this.heard[picture.what]?.(picture);
    });
    socket.addEventListener("close", () => {
      if (socket !== this.socket) return;
      this.stands = false;
      this.turned(false);
      const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** this.tries);
      this.tries += 1;
      this.waiting = setTimeout(() => this.open(), pause);
    });
  }

  again() {
    if (this.stands) return;
    clearTimeout(this.waiting);
    const old = this.socket;
    this.socket = undefined;
    old.close();
    this.tries = 1;
    this.open();
  }

  typing(chat) {
    if (!this.stands || Date.now() - (this.typed.get(chat) ?? 0) < TYPING_EVERY) return;
    this.typed.set(chat, Date.now());
    this.socket.send(JSON.stringify({ do: "typing", chat }));
  }
}
