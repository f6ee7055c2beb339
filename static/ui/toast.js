// Short words about what has just happened, over the page, for a few seconds.

import { write } from "./language.js";

const LASTING = 4000;
let timer;

// toast shows a word in the page's element #toast, which is a live region.
export function toast(word, values) {
  const element = document.getElementById("toast");
  clearTimeout(timer);
  write(element, word, values);
  element.classList.add("shown");
  timer = setTimeout(() => {
    element.classList.remove("shown");
    write(element, "");
  }, LASTING);
}
