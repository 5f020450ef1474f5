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
  const rows = KEYS.map(([key, name]) => [make("dt", {}, key.split(" ").map((one) => make("kbd", {}, one))), make("dd", {}, word(name))]);
  const off = make("p", { class: "hint" }, word("keys_off_help"));
  return ask(word("keys"), [make("dl", { class: "pairs" }, rows.flat()), off], [["done", word("close")]]);
}
