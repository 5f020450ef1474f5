// What stands above the desk: the figures, care for who works here, and a bar when the line is broken.
// It says what changed to who listens at most every twenty seconds, in one sentence.

import { button, keyMark, make, minutes, one, write } from "./dom.js";
import { clockTime, languageName, word } from "./words.js";

const SAY_EVERY = 20000; // milliseconds
const SOON = 45 * 60; // seconds before a pause is due that it is said

export class Bar {
  constructor(state, does) {
    Object.assign(this, { state, does, said: "", saidAt: 0 });
    this.waiting = make("p", { class: "figures" });
    this.mine = make("p", { class: "figures" });
    this.rest = button("", () => does.rest(), { class: "quiet", "aria-keyshortcuts": "b" });
    const help = button([word("need_help"), keyMark("h")], () => does.help(), { class: "quiet", "aria-keyshortcuts": "h" });
    const over = button(word("end_shift"), () => does.endShift(), { class: "quiet" });
    const keys = button([word("keys"), keyMark("?")], () => does.keys(), { class: "quiet", "aria-keyshortcuts": "?" });
    this.care = make("div", { class: "care", role: "status", hidden: true });
    const buttons = make("div", { class: "buttons" }, this.rest, help, keys, over);
    this.element = make("div", { class: "bar" }, this.waiting, this.mine, buttons);
  }

  draw() {
    const { me, queue, begin } = this.state;
    if (!me?.shift) return;
    const now = this.state.now();
    const longest = queue.longest.map((each) =>
      word("longest_of", { language: each.name ?? languageName(each.language), time: minutes(now - each.asked) }),
    );
    write(this.waiting, [word("waiting_now", { count: queue.waiting }), ...longest].join(" · "));
    const due = me.pause_due - now < SOON && !me.paused;
    const heavy = me.heavy > 0 && word("heavy_now", { count: me.heavy });
    const open = word("you_have", { open: me.open, most: me.most_open });
    const mine = [open, heavy, due && this.due(me.pause_due - now)];
    write(this.mine, mine.filter(Boolean).join(" · "));
    const name = me.paused ? "come_back" : "break";
    if (this.restShows !== name) {
      this.restShows = name;
      this.rest.replaceChildren(word(name), keyMark("b"));
      this.rest.className = me.paused ? "" : "quiet";
    }
    this.drawCare(me, now, begin);
    this.say(queue);
  }

  due(seconds) {
    return seconds <= 0 ? word("pause_due") : word("pause_in", { minutes: Math.ceil(seconds / 60) });
  }

  drawCare(me, now) {
    const left = (me.enforced_until ?? 0) - now;
    let said = "";
    if (left > 0) said = word("enforced", { minutes: Math.ceil(left / 60), time: clockTime(me.enforced_until) });
    else if (me.paused) said = word("in_break");
    else if (me.rest_asked) said = word("rest_asked");
    else if (me.pause_due <= now) said = word("pause_due_help");
    this.care.hidden = said === "";
    write(this.care, said);
    this.rest.disabled = left > 0;
  }

  // A queue that moves all night is not shouted: one quiet sentence, when something is different.
  say(queue) {
    const unread = [...this.state.talks.values()].reduce((all, talk) => all + talk.unread, 0);
    const said = word("heard", { waiting: queue.waiting, unread });
    document.title = `${unread > 0 ? "● " : ""}${word("title")}`;
    if (said === this.said || Date.now() - this.saidAt < SAY_EVERY) return;
    const first = this.said === "";
    this.said = said;
    this.saidAt = Date.now();
    if (!first) write(one("#heard"), said);
  }
}

// The bar that stays while the line is broken, and short words about what was just done.
export class Told {
  constructor(again) {
    this.place = make("div", { class: "line", role: "status", hidden: true });
    this.again = again;
    this.lost = undefined;
  }

  line(up) {
    if (up) {
      const was = this.lost;
      this.lost = undefined;
      if (was) this.say(word("line_back"));
      return;
    }
    this.lost ??= Date.now() / 1000;
    const again = button(word("try_now"), this.again, { class: "quiet" });
    this.show([word("line_lost", { time: clockTime(this.lost) }), again], "line bad");
  }

  say(words, kind = "") {
    // While the line is broken that is what counts; but a no to what was just asked is said with it.
    if (this.lost) this.line(false);
    if (this.lost && kind) this.place.prepend(make("p", {}, words));
    if (this.lost) return;
    this.show([words], `line ${kind}`);
    clearTimeout(this.hush);
    this.hush = setTimeout(() => this.quiet(), kind === "bad" ? 15000 : 6000);
  }

  quiet() {
    if (!this.lost) this.place.hidden = true;
  }

  show(parts, kind) {
    clearTimeout(this.hush);
    this.place.className = kind;
    this.place.hidden = false;
    this.place.replaceChildren(...parts);
  }
}
