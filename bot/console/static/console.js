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
  const after = event.timeStamp - going < 1500;
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
