// A chat with a human that this page seals by itself. Its keys are made here and are nowhere else:
// when the tab closes, or the person leaves, nobody can open what was said any more. Nothing is sent
// in the clear unless the person has chosen that. What may be shown is decided in believe.js; how it
// looks, in lines.js; it knows the rest of the page only by what talk.js lends.

import { code, newKeys } from "./believe.js";
import { Gone, ask, restless } from "./carry.js";
import { drawTalk, isTyping, readLines, wordsOf } from "./lines.js";
import { Sending, fits } from "./sending.js";
import { meant } from "./steady.js";
import { showing, telling } from "./typing.js";

export { hold } from "./steady.js";

const QUICK = 1000; // milliseconds: an answer to `hear` that brings nothing comes later than that
const QUIET = 5000; // and where it does not, so long is waited
const GOES_ON = ["waiting", "talking"];

let talk = null;
let page = null; // what talk.js lends: look, tell

// A page was shown. `over`: it says that no chat goes on any more.
export function arrive(section, lent, over) {
  page = lent;
  if (over) forget();
  else if (talk && section) talk.arrive(section);
  else if (section) begin(section, readLines(section));
}

// Words for a human. False when the page's own form is to carry them, in the clear to our server.
export function take(form) {
  if (!talk || talk.state === "plain") return false;
  const field = form.elements.t;
  if (field.value.trim() && talk.say(field.value)) field.value = "";
  return true;
}

function begin(section, lines) {
  talk = new Talk(lines);
  talk.arrive(section);
  talk.run();
}

function forget() {
  talk?.sending.giveBack();
  talk?.end();
  talk = null;
}

addEventListener("pagehide", forget);
document.addEventListener("input", ({ target }) => {
  if (target.id === "write") talk?.writes(target.value);
});

class Talk {
  constructor(lines) {
    this.lines = lines;
    this.sending = new Sending(this);
    this.typed = telling();
    this.typing = showing();
    this.state = "begin"; // then sealed | plain | broken | elsewhere
    this.alive = true;
    this.gone = false; // no answer came; it is tried again
    this.long = false; // what is in the field is too long
    this.acked = 0; // the last reply that was on the screen
    this.keys = null;
    this.told = { known: "", known_roster: "", read: 0 };
    this.one = Promise.resolve(); // answers are looked at one after another
    this.rest = restless();
  }

  end() {
    this.alive = false;
    this.rest.end();
    this.keys = null;
    this.typing.end();
    this.lines = [];
    this.sending.unsent = [];
  }

  arrive(section) {
    this.section = section;
    section.parentElement.querySelector(".live")?.remove(); // it is this script that listens
    if (this.state !== "plain") {
      section.querySelector(".lines")?.replaceChildren();
      document.getElementById("write")?.removeAttribute("maxlength"); // it is measured here
    }
    this.draw();
  }

  // Whether the page is there, and not another for a while, such as the numbers for right now.
  get isShown() {
    return this.section.isConnected;
  }

  goesOn({ status }) {
    return GOES_ON.includes(status);
  }

  get isStopped() {
    return !this.alive || this.state === "broken" || this.state === "elsewhere";
  }

  // Listen as long as there is a chat, however often the connection goes.
  async run() {
    let tries = 0;
    while (!this.isStopped) {
      const begun = performance.now();
      let pause = 0;
      try {
        const fresh = this.state === "begin" ? await this.enter() : await this.hear();
        if (!fresh && performance.now() - begun < QUICK) pause = QUIET;
        tries = 0;
        this.back();
      } catch (error) {
        pause = this.missed(error, tries++);
      }
      this.draw();
      this.sending.flush();
      await this.rest(pause);
    }
  }

  async enter() {
    this.keys ??= await newKeys();
    const told = this.keys && (await ask("enter", this.keys.public, this.rest.signal));
    if (told && !this.goesOn(told)) {
      this.renew();
      return false;
    }
    if (!told || !this.keys.holds(told)) {
      this.state = "plain"; // this browser cannot, or the desk does not want it: the page says so
      this.sending.giveBack();
      return true;
    }
    this.keys.begin(told);
    const talked = told.next_in > 1 || told.last_out > 0;
    if (talked && !this.lines.length) this.lines.push({ by: "page", text: "before" });
    await this.settle(told);
    if (!this.isStopped) this.state = "sealed";
    return true;
  }

  async hear() {
    const { known, known_roster: roster } = this.told;
    const after = this.keys?.after ?? 0;
    if (this.isShown) this.acked = after;
    const query = new URLSearchParams({ after, acked: this.acked, known, roster });
    const told = await ask(`hear?${query}`, null, this.rest.signal);
    await this.settle(told);
    if (told.typing && this.keys?.names) this.typing.show(isTyping(this.section, this.keys.names));
    return told.typing || told.known !== known || told.replies.length > 0;
  }

  settle(told) {
    const next = () => this.isStopped || this.look(told);
    this.one = this.one.then(next, next);
    return this.one;
  }

  // Take an answer in, once it holds.
  async look(told) {
    if (this.state === "plain" || !this.goesOn(told)) {
      // The last words may come together with the end.
      if (told.status === "over" && this.state === "sealed" && this.keys.holds(told)) await this.show(told);
      if (told.known !== this.told.known) this.renew();
      this.told = { ...this.told, known: told.known };
      return;
    }
    if (!this.keys.holds(told)) {
      this.stop("elsewhere"); // another tab has the chat, sealed or not: the person decides
      return;
    }
    await this.show(told);
    if (!this.alive) return;
    this.told = told;
    this.sending.due = [...told.again];
    const { state, who, news } = this.section.dataset;
    if (state !== told.status || who !== told.who || news !== String(told.news)) this.renew();
  }

  // Open what was written, and say it.
  show(told) {
    const before = this.lines.length;
    return this.keys.take(told, (one) => this.lines.push({ by: "them", ...one })).finally(() => {
      const opened = this.lines.slice(before).map(({ who, text }) => `${who}: ${text}`);
      if (opened.length) this.typing.end();
      if (opened.length && this.isShown) page.tell(opened.join("\n"));
    });
  }

  // The bot's part of the page is anew.
  renew() {
    if (this.isShown) page.look();
  }

  back() {
    if (this.gone && this.isShown) page.tell(wordsOf(this.section).back);
    this.gone = false;
  }

  // Something did not come. Gives the milliseconds until it is tried again.
  missed(error, tries) {
    if (!this.alive) return 0;
    if (!(error instanceof Gone)) {
      this.stop("broken");
      return 0;
    }
    this.gone = tries > 0; // once is a blink
    return error.pause(tries);
  }

  // Something is being typed.
  writes(text) {
    if (this.state === "sealed" && this.told.status === "talking" && text.trim()) {
      this.typed(this.rest.signal);
    }
  }

  // Something typed for whoever answers. Gives whether it was taken out of the field.
  say(text) {
    const form = meant(text, this.section)?.form;
    if (form) {
      form.requestSubmit();
      return true;
    }
    this.long = !fits(text);
    const taken = !this.long && !this.isStopped;
    if (taken) this.sending.say(text);
    this.draw(!taken);
    this.sending.flush();
    return taken;
  }

  // Nothing more is said or shown until the person has chosen how to go on.
  stop(state) {
    this.state = state;
    this.sending.giveBack();
    this.draw();
  }

  // The same chat with new keys, as after loading the page anew.
  again() {
    const { lines, section, state } = this;
    if (state === "broken") lines.push({ by: "page", text: "hidden" });
    this.end();
    begin(section, lines);
    document.getElementById("write")?.focus();
  }

  plain() {
    const go = () => {
      this.state = "plain";
      this.told = { known: "", known_roster: "", read: 0 };
      this.run();
    };
    ask("plain", {}, this.rest.signal).then(go, () => page.tell(wordsOf(this.section).gone));
  }

  draw(loud = false) {
    const { section, state, keys, told } = this;
    if (!this.alive || !this.isShown) return;
    const names = state === "sealed" ? keys.names : "";
    const says = drawTalk(section, {
      ...{ state, names, lines: this.lines, gone: this.gone, long: this.long },
      ...{ waits: told.status === "waiting", code: code() },
      ...{ read: told.read, reader: keys?.knows(told.reader) ? told.reader : "" },
      ...{ again: () => this.again(), plain: () => this.plain() },
    });
    if (says && (loud || says !== this.says)) page.tell(says);
    this.says = says;
  }
}
