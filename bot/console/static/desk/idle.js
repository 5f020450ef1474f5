// Notices that nobody is at the desk. It wipes nothing itself: it says when.

export const LOCK_AFTER = 15 * 60000; // milliseconds without a key, a press or a scroll
const HALF_WAY = 9 * 60000; // the session itself ends after 15 minutes: see below
const LOOK = 5000;

// Timers sleep in a hidden window and stop with the machine; the clock on the wall does not. So the
// time is looked at often, and at once when the window is looked at again.
// `open`: whether there is something to lock.
export function watch(lock, open) {
  let last = Date.now();
  let told = Date.now();
  const here = () => {
    if (Date.now() - last >= LOCK_AFTER) look();
    last = Date.now();
    if (last - told > 60000) stay();
  };
  function stay() {
    told = Date.now();
    // Reading and walking with keys is work too. Half-way through a silence it is said once more, so
    // that the lock comes before the end of the session, and the chats are still there behind it.
    fetch("/here").catch(() => {});
  }
  function look() {
    const quiet = Date.now() - last;
    if (quiet >= LOCK_AFTER) lock();
    else if (quiet >= HALF_WAY && told < last + HALF_WAY && open()) stay();
  }
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "input"]) {
    addEventListener(kind, here, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  setInterval(look, LOOK);
}
