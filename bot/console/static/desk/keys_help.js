// What every key does, on one sheet.

import { ask } from "./dialogs.js";
import { make } from "./dom.js";
import { word } from "./words.js";

const KEYS = [
  ["n", "key_n"], ["j k", "key_jk"], ["Enter", "key_enter"], ["Space", "key_space"], ["Esc", "key_escape"],
  ["1 2 3", "key_numbers"], ["/", "key_slash"], ["g", "key_g"], ["t", "key_t"], ["p", "key_p"], ["w", "key_w"],
  ["b", "key_b"], ["h", "key_h"], ["l", "key_l"], ["?", "key_sheet"],
];

export function keysDialog() {
  const caps = (keys) => keys.split(" ").map((key) => make("kbd", {}, key));
  const rows = KEYS.map(([keys, name]) => [make("dt", {}, caps(keys)), make("dd", {}, word(name))]);
  const off = make("p", { class: "hint" }, word("keys_off_help"));
  const inside = [make("dl", { class: "pairs" }, rows.flat()), off];
  return ask(word("keys"), inside, [["done", word("close")]], { told: true });
}
