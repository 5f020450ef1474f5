// What a person says in a sealed chat, on its way to the desk: in order, each again as it was until
// there is an answer. What nobody could read is sealed again for who is there now. It decides nothing
// about who that is, and gives back what was never taken.

import { ask } from "./carry.js";
import { mostBytes } from "./sealing.js";

const SOON = 1000; // milliseconds until what was refused is tried again
const QUIET = 5000; // and until it is, where the chat does not go on

export const fits = (text) => new TextEncoder().encode(text).length <= mostBytes;

export class Sending {
  // `talk` holds the keys and the lines, and takes in what an answer tells.
  constructor(talk) {
    this.talk = talk;
    this.unsent = []; // own lines that the desk has not taken yet, the oldest first
    this.due = []; // numbers of lines that nobody could read
  }

  say(text) {
    const line = { by: "me", text, state: "sending" };
    this.talk.lines.push(line);
    this.unsent.push(line);
  }

  get next() {
    const { talk, due, unsent } = this;
    const ready = talk.state === "sealed" && talk.alive && talk.keys.receivers.length;
    if (!ready || due.length + unsent.length === 0) return null;
    // What was said first is read first.
    return due.length ? () => this.again(due[0]) : () => this.send(unsent[0]);
  }

  // Send what waits. Asked again while that goes on, it does nothing.
  async flush() {
    if (this.busy) return;
    this.busy = true;
    const { talk } = this;
    let tries = 0;
    for (let act = this.next; act; act = this.next) {
      try {
        await act();
        tries = 0;
        talk.back();
      } catch (error) {
        const pause = talk.missed(error, tries++);
        talk.draw();
        await talk.rest(pause);
      }
    }
    this.busy = false;
    talk.draw();
  }

  async send(line) {
    const { talk } = this;
    line.sealed ??= await talk.keys.seal(line.text);
    const told = await ask("say", line.sealed, talk.rest.signal);
    if (!talk.alive) return;
    if (!talk.goesOn(told)) {
      talk.renew();
      await talk.rest(QUIET);
      return;
    }
    talk.keys.next = told.next_in;
    if (told.refused) {
      if (told.refused === "size") throw new Error(told.refused); // it never would be taken
      line.sealed = null; // it was not taken: sealed anew for who is there now
      await talk.settle(told);
      await talk.rest(SOON);
      return;
    }
    line.number = line.sealed.number;
    line.sealed = null;
    line.state = "sent";
    this.unsent.shift();
    talk.draw();
  }

  // The same words under the same number. Where they are refused somebody can read them by now, or
  // somebody else is there, which the next answer tells.
  async again(number) {
    const { talk } = this;
    const line = talk.lines.find((one) => one.by === "me" && one.number === number);
    if (line) await ask("again", await talk.keys.seal(line.text, number), talk.rest.signal);
    this.due = this.due.filter((one) => one !== number); // there may be others by now
  }

  // What was not sent goes back to where it was typed.
  giveBack() {
    const field = document.getElementById("write");
    const { talk, unsent } = this;
    const texts = unsent.map((one) => one.text);
    for (const one of unsent) one.node?.remove();
    talk.lines = talk.lines.filter((one) => !unsent.includes(one));
    this.unsent = [];
    if (field && texts.length) field.value = [...texts, field.value].filter(Boolean).join("\n");
  }
}
