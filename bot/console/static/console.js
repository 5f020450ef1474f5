// What makes the console quicker where scripts run. Every page does all it does without it.
//   data-row          a row of a table: j and k walk, Enter follows its first link
//   data-key="e"      this key presses it, or goes into it when it is a field
//   data-go="l"       g and then this key goes there

const typing = (place) => place.closest("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
let going = 0;

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
  next.querySelector("a,button,input")?.focus();
}

function press(place) {
  if (typing(place)) place.focus();
  else place.click();
}

function named(attribute, key) {
  // Searched by hand: a key may be any letter, also one that means something in a selector.
  return [...document.querySelectorAll(`[${attribute}]`)].find((place) => place.getAttribute(attribute) === key);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const after = going > 0 && event.timeStamp - going < 4000;
  going = 0;
  let place;
  if (after) place = named("data-go", event.key);
  else if (event.key === "g") going = event.timeStamp;
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "?") location.assign("/help");
  else place = named("data-key", event.key);
  if (place) {
    event.preventDefault();
    press(place);
  }
});

// Passkeys: the button asks the server for a challenge, the device for an answer, and sends the form.

async function options(form) {
  const body = new URLSearchParams({ token: form.elements.token.value });
  const answer = await fetch(form.dataset.begin ?? "/passkey/begin", { method: "POST", body });
  if (!answer.ok) throw new Error("no challenge");
  return answer.json();
}

async function credential(form) {
  const asked = await options(form);
  if (form.dataset.passkey === "add") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
}

async function bring(event) {
  event.preventDefault();
  const form = event.target;
  const place = form.elements.credential ?? form.elements._proof_passkey;
  const fault = form.querySelector(".fault[role=alert]");
  fault.hidden = true;
  try {
    place.value = JSON.stringify((await credential(form)).toJSON());
    form.submit();
  } catch {
    fault.hidden = false;
  }
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", bring);
  }
}

// A page whose session is over goes away. The line is no sign of life; typing is, every few minutes.

function listen() {
  const place = document.body.dataset.live;
  const line = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${place}`);
  let over = false;
  line.addEventListener("message", (event) => {
    over ||= event.data === "over";
    if (over) location.replace("/sign-in");
  });
  line.addEventListener("close", async () => {
    if (over) return; // the page is on its way already
    // Either the line broke, or the session was over before the line stood: then it leads elsewhere.
    const answer = await fetch(place, { redirect: "manual" }).catch(() => undefined);
    if (answer?.type === "opaqueredirect") location.replace("/sign-in");
    else setTimeout(listen, 30000);
  });
}

if (document.body.dataset.live) {
  listen();
  let said = 0;
  document.addEventListener("input", () => {
    if (Date.now() - said < 240000) return;
    said = Date.now();
    fetch("/here").catch(() => {});
  });
}
