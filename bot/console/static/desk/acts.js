// What can be done with a chat, and the questions before it. Whatever the person is told of, or cannot
// be taken back, asks once; nothing else asks. Codes only: no dialog here has a field for what a person said.

import { ask, choices, field } from "./dialogs.js";
import { make, one } from "./dom.js";
import { word } from "./words.js";

const SHORT = { "data-first": true, maxlength: 1000 };
const named = (list) => list.map((each) => [each.code, each.name]);

export class Acts {
  // `desk`: state, keys, ask(path, body) → the answer or nothing, tell(words), gone(talk).
  constructor(desk) {
    this.desk = desk;
  }

  of(talk) {
    const act = (name, key, run, kind) => ({ name, key, do: () => run.call(this, talk), kind });
    const { mine } = talk;
    if (talk.gone) return [act("put_away", "", () => this.desk.gone(talk))];
    if (mine.as === "helper") return [act("leave", "w", () => this.leave(talk))];
    if (mine.transfer?.step === "joined") return [act("leave", "w", () => this.leave(talk))];
    if (mine.transfer) return [act("end", "w", this.end)];
    const acts = mine.state === "parked" ? [act("unpark", "p", this.unpark)] : [act("park", "p", this.park)];
    acts.unshift(act("transfer", "t", this.transfer));
    if (!mine.heavy) acts.push(act("mark_heavy", "", this.heavy));
    acts.push(act("release", "", this.release), act("end", "w", this.end));
    return acts;
  }

  // The act that a key stands for, in the chat that is worked in.
  press(key) {
    const talk = this.desk.state.here;
    const found = talk && this.of(talk).find((act) => act.key === key);
    found?.do();
    return Boolean(found);
  }

  unpark = (talk) => this.desk.ask("/desk/unpark", { chat: talk.id });
  heavy = (talk) => this.desk.ask("/desk/heavy", { chat: talk.id });
  leave = (talk) => this.away(talk, "/desk/leave", {});

  async park(talk) {
    if (await this.sure("park", talk, word("park"))) await this.desk.ask("/desk/park", { chat: talk.id });
  }

  // After an act of mine the chat goes from the screen at once; nothing has to be put away.
  async away(talk, path, body) {
    if (!(await this.sent(talk))) return;
    const told = await this.desk.ask(path, { chat: talk.id, ...body });
    if (told) this.desk.gone(talk);
  }

  // Nothing typed is lost by an act: what did not go yet is said first.
  async sent(talk) {
    if (!talk.unsent) return true;
    return this.sure("unsent", talk, word("go_on"));
  }

  async sure(name, talk, yes) {
    const head = word(`${name}_head`, { name: talk.mine.name });
    return (await ask(head, make("p", {}, word(`${name}_help`)), [["yes", yes]])) !== undefined;
  }

  async release(talk) {
    if (!(await this.sure("release", talk, word("release")))) return;
    await this.desk.keys.passOn(talk, this.desk.others(talk.mine.language));
    await this.away(talk, "/desk/release", {});
  }

  async transfer(talk) {
    const { colleagues, begin } = this.desk.state;
    const free = colleagues.filter((who) => !who.paused && who.room > 0);
    const facts = (who) => `${who.languages.join(" ")}; ${word("room", { count: who.room })}`;
    const to = [...free.map((who) => [who.staff, `${who.who} (${facts(who)})`]), ...named(begin.queues)];
    const inside = [
      make("p", {}, word("transfer_help")),
      choices("to", word("transfer_to"), to),
      choices("warm", word("how"), [["warm", word("warm")], ["cold", word("cold")]], { chosen: ["warm"] }),
    ];
    const told = await ask(word("transfer_head", { name: talk.mine.name }), inside, [["yes", word("ask_person")]]);
    if (!told) return;
    if (!told.values.to) {
      this.desk.tell(word("nobody_chosen"), "bad");
      return;
    }
    const who = colleagues.find((each) => each.staff === told.values.to);
    // Before anything is said: a colleague who takes it can read what was written before.
    const readers = who ? this.desk.keysOf(who) : this.desk.others(told.values.to.split(":")[1]);
    await this.desk.keys.passOn(talk, readers);
    await this.desk.ask("/desk/transfer", { chat: talk.id, to: told.values.to, warm: told.values.warm === "warm" });
  }

  async end(talk) {
    const { needs, outcomes, referrals } = this.desk.state.begin.wrap_up;
    const inside = [
      make("p", { class: "hint" }, word("wrap_up_help")),
      choices("need", word("wrap_need"), named(needs)),
      choices("outcome", word("wrap_outcome"), named(outcomes)),
      choices("referral", word("wrap_referral"), named(referrals)),
    ];
    const told = await ask(word("end_head", { name: talk.mine.name }), inside, [["end", word("end")]]);
    if (told) await this.away(talk, "/desk/close", told.values);
  }

  async note(who, talk = this.desk.state.here) {
    const about = talk && word("about", { name: talk.mine.name });
    const text_ = field("text", about ?? word("note"), { lines: 4, ...SHORT });
    const inside = [make("p", { class: "hint" }, word("note_help")), text_];
    const told = await ask(word("note_to", { name: who.who }), inside, [["send", word("send")]]);
    const text = told?.values.text.trim();
    if (!text) return;
    await this.leaveNote("/desk/note", { to: who.staff }, talk, text, this.desk.keysOf(who));
  }

  async help() {
    const talk = this.desk.state.here;
    const inside = [make("p", {}, word("help_help")), field("text", word("help_text"), { lines: 3, ...SHORT })];
    const told = await ask(word("need_help"), inside, [["send", word("call_lead")]]);
    if (!told) return;
    const leads = this.desk.state.colleagues.filter((who) => who.lead);
    const readers = leads.flatMap((who) => this.desk.keysOf(who));
    const sent = await this.leaveNote("/desk/help", {}, talk, told.values.text.trim(), readers);
    if (sent) this.desk.tell(word("help_called"));
  }

  async leaveNote(path, more, talk, text, readers) {
    const chat = talk?.id ?? "";
    const none = { body: "", wraps: {} };
    const sealed = text && readers.length > 0 ? await this.desk.keys.note(chat, text, readers) : none;
    const sent = await this.desk.ask(path, { ...more, chat, ...sealed });
    if (sent) this.desk.tell(word("note_sent"));
    return sent;
  }

  async readNote(note) {
    let text = word("help_no_words");
    if (note.body) text = await this.desk.keys.openNote(note).catch(() => word("not_for_you"));
    const ends = [["done", word("note_done")]];
    const known = this.desk.state.talks.get(note.chat);
    const lead = note.kind === "help" && note.chat && !known && this.desk.state.begin.me.lead;
    if (lead) ends.push(["join", word("join"), "quiet"]);
    const head = word(note.kind === "help" ? "help_from" : "note_from", { name: note.from });
    const about = note.chat_name && make("p", { class: "hint" }, word("about", { name: note.chat_name }));
    const inside = [about || "", make("p", { class: "both", dir: "auto" }, text)];
    const told = await ask(head, inside, ends);
    if (!told) return;
    await this.desk.ask("/desk/note/read", { note: note.note });
    if (told.end === "join") await this.come("/desk/join", note.chat, note.chat_name);
  }

  // A lead comes into a chat, or takes it: with a reason, which is written down.
  async come(path, chat, name) {
    const reasons = named(this.desk.state.begin.reasons);
    const over = path === "/desk/take-over";
    const inside = [make("p", {}, word("reason_help")), choices("reason", word("reason"), reasons)];
    const head = word(over ? "take_over_head" : "join_head", { name });
    const told = await ask(head, inside, [["yes", word(over ? "take_over" : "join")]]);
    if (!told) return;
    if (!told.values.reason) {
      this.desk.tell(word("reason_missing"), "bad");
      return;
    }
    const answer = await this.desk.ask(path, { chat, reason: told.values.reason });
    if (answer) this.desk.came(answer.chat);
  }

  async rest(who) {
    const told = await this.desk.ask("/desk/rest", { staff: who.staff });
    if (told) this.desk.tell(word("rest_told", { name: who.who }));
  }

  async surge() {
    const { begin } = this.desk.state;
    const messages = named(begin.surge_messages);
    const modes = ["pause", "divert", "off"].map((mode) => [mode, word(`surge_${mode}`)]);
    const inside = [
      make("p", {}, word("surge_help")),
      choices("queue", word("queue"), named(begin.queues)),
      choices("mode", word("surge_mode"), modes, { chosen: ["pause"] }),
      choices("message", word("surge_message"), messages, { chosen: [messages[0]?.[0]] }),
      field("minutes", word("surge_minutes"), { type: "number", min: 10, max: 720, value: 60 }),
    ];
    const told = await ask(word("surge"), inside, [["yes", word("surge_do")]]);
    if (!told?.values.queue) return;
    await this.desk.ask("/desk/surge", { ...told.values, minutes: Number(told.values.minutes) || 60 });
  }

  async endShift() {
    const { talks } = this.desk.state;
    const many = [...talks.values()].filter((talk) => !talk.gone && talk.mine.as !== "helper").length;
    const words = [make("p", {}, many > 0 ? word("end_shift_chats", { count: many }) : word("end_shift_none"))];
    const told = await ask(word("end_shift"), words, [["yes", word("end_shift")]]);
    if (!told) return;
    for (const talk of talks.values()) {
      if (talk.gone || talk.mine.as === "helper") continue;
      await this.desk.keys.passOn(talk, this.desk.others(talk.mine.language));
    }
    const answer = await this.desk.ask("/desk/shift/end", {});
    if (!answer) return;
    for (const talk of [...talks.values()]) this.desk.gone(talk);
    // Asked, never kept: what is answered here goes nowhere, so there is nothing to fill in.
    const lines = [...(answer.prompts ?? []).map((code) => `debrief_${code}`), "debrief_nothing"];
    const inside = lines.map((name) => make("p", {}, word(name)));
    if (inside.length > 1) await ask(word("debrief"), inside, [["done", word("debrief_done")]], { told: true });
    one("#desk").dispatchEvent(new Event("over"));
  }
}
