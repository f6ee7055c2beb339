// Text to take away: copied, or shown in a dialog.

import { toClipboard } from "../ui/clipboard.js";
import { byId } from "../ui/element.js";
import { say, write } from "../ui/language.js";

byId("paper-close").addEventListener("click", () => byId("paper").close());
byId("paper-copy").addEventListener("click", copyShown);

// showText opens the dialog.
export function showText(text, title, hint) {
  write(byId("paper-title"), title);
  write(byId("paper-hint"), hint);
  write(byId("paper-said"), "");
  byId("paper-text").value = text;
  byId("paper").showModal();
  byId("paper-text").setSelectionRange(0, 0);
}

// copyText copies at once and says so; where the browser does not let it, it shows the text.
export async function copyText(text, title, said) {
  if (!(await toClipboard(text))) return showText(text, title, "debug.notCopied");
  said.textContent = say("debug.copied");
}

async function copyShown() {
  const copied = await toClipboard(byId("paper-text").value);
  if (!copied) byId("paper-text").select();
  write(byId("paper-said"), copied ? "debug.copied" : "debug.notCopied");
}
