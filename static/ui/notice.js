// Words about a problem, in a live region of the page, until the reader closes them.

import { addWords, label, write } from "./language.js";
import { create } from "./element.js";
import { icon } from "./icon.js";

// notice shows a word in a region with role="alert"; without one it clears the region.
export function notice(region, word, values) {
  if (!word) return region.replaceChildren();
  const text = create("p");
  write(text, word, values);
  const close = create("button", { type: "button", className: "quiet" }, icon("close"));
  label(close, "notice.close");
  close.addEventListener("click", () => region.replaceChildren());
  region.replaceChildren(create("div", { className: "notice bad" }, text, close));
}

addWords({ en: { "notice.close": "Close this message" }, zh: { "notice.close": "关闭提示" } });
