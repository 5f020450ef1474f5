// That somebody is writing, both ways: a sign and never a word of it. It is not tried again, and
// nobody waits for it.

import { steady } from "./steady.js";

const APART = 3000; // milliseconds between two signs that this person is writing
const SHOWN = 6000; // milliseconds that the other side's sign is seen

// Tell the other side. Gives a function that is to be asked at every key.
export function telling() {
  let last = -APART;
  return (signal) => {
    if (performance.now() - last < APART) return;
    last = performance.now();
    const headers = { "X-Part": "1", "Content-Type": "application/json" };
    const sent = { method: "POST", body: "{}", headers, cache: "no-store", signal };
    fetch("/talk/typing", sent).catch(() => {});
  };
}

// Show what the other side told. Nobody hears it read out: it would be in the way of listening, and
// the message itself is.
export function showing() {
  let clock = 0;
  const put = (words) => {
    const line = document.getElementById("typing");
    if (line && line.textContent !== words) steady(() => (line.textContent = words));
  };
  const end = () => {
    clearTimeout(clock);
    put("");
  };
  const show = (words) => {
    clearTimeout(clock);
    put(words);
    clock = setTimeout(end, SHOWN);
  };
  return { show, end };
}
