// A sound and a notification: neutral, off until somebody turns them on, and never a word of a chat.

import { word } from "./words.js";

const SELDOM = 10000; // milliseconds between two signals
const PLACE = "quietline-desk-signals";

const chosen = { sound: false, notice: false };
let voice;
let last = 0;

export function readSignals() {
  const kept = (localStorage.getItem(PLACE) ?? "").split(" ");
  chosen.sound = kept.includes("sound");
  chosen.notice = kept.includes("notice") && globalThis.Notification?.permission === "granted";
  return { ...chosen };
}

// Gives what is on now: a browser may say no to notifications.
export async function turn(name, on) {
  chosen[name] = on;
  if (name === "sound" && on) hum();
  if (name === "notice" && on) chosen.notice = (await globalThis.Notification?.requestPermission()) === "granted";
  localStorage.setItem(PLACE, Object.keys(chosen).filter((one) => chosen[one]).join(" "));
  return chosen[name];
}

export function signal() {
  if (Date.now() - last < SELDOM) return;
  last = Date.now();
  if (chosen.sound) hum();
  // Whoever looks at the desk sees it there.
  if (chosen.notice && document.hidden) new Notification(word("notice"), { tag: "quietline", silent: true });
}

// Two soft tones, a quarter of a second: made here, there is no file.
function hum() {
  voice ??= new AudioContext();
  const start = voice.currentTime;
  for (const [place, pitch] of [[0, 392], [0.12, 494]]) {
    const tone = new OscillatorNode(voice, { frequency: pitch });
    const loud = new GainNode(voice, { gain: 0 });
    loud.gain.linearRampToValueAtTime(0.05, start + place + 0.02);
    loud.gain.linearRampToValueAtTime(0, start + place + 0.12);
    tone.connect(loud).connect(voice.destination);
    tone.start(start + place);
    tone.stop(start + place + 0.13);
  }
}
