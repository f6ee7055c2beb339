// Text to take away: a dialog that shows it, and the clipboard.

import { byId } from "../ui/element.js";
import { say, write } from "../ui/language.js";

byId("paper-close").addEventListener("click", () => byId("paper").close());
byId("paper-copy").addEventListener("click", async () => write(byId("paper-said"), await toClipboard(byId("paper-text").value) ? "debug.copied" : "debug.notCopied"));

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

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    byId("paper-text").select();
    return false;
  }
}
