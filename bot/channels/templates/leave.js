// Leaving at once: by the link, or by pressing Esc three times. It decides how a page goes away and
// nothing else, and needs no answer from anybody: what is shown goes first, then this visit is
// replaced by another site, and the erasing is sent on its way without being waited for. It cannot
// and does not say that the browser's history is hidden.

const PRESSES = 3;
const WITHIN = 3000; // milliseconds from one press to the next: hands may shake

const { away } = document.querySelector(".exit").dataset;
let presses = 0;
let last = 0;

function leave() {
  document.body.replaceChildren();
  try {
    // Goes on after the page has gone, and where there is no network it fails in silence.
    if (!navigator.sendBeacon("/exit")) throw new Error();
  } catch {
    fetch("/exit", { method: "POST", keepalive: true }).catch(() => {});
  }
  location.replace(away);
}

function clicked(event) {
  if (event.target instanceof Element && event.target.closest(".exit")) {
    event.preventDefault();
    leave();
  }
}

document.addEventListener("click", clicked, true);
document.addEventListener("auxclick", clicked, true); // not into a new tab: this one would stay

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.repeat) {
      presses = event.repeat ? presses : 0;
      return;
    }
    presses = event.timeStamp - last < WITHIN ? presses + 1 : 1;
    last = event.timeStamp;
    if (presses === PRESSES) leave();
  },
  true,
);

// A browser may keep a page that was left, to show it again at once: then it keeps an empty one.
addEventListener("pagehide", () => document.body.replaceChildren());
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
