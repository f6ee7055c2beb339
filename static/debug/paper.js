// Text to take away: a dialog that shows it, and the clipboard.

import { say, write } from "../ui/language.js";

const $ = (id) => document.getElementById(id);

$("paper-close").addEventListener("click", () => $("paper").close());
$("paper-copy").addEventListener("click", async () => write($("paper-said"), await toClipboard($("paper-text").value) ? "debug.copied" : "debug.notCopied"));

// showText opens the dialog.
export function showText(text, title, hint) {
  write($("paper-title"), title);
  write($("paper-hint"), hint);
  write($("paper-said"), "");
  $("paper-text").value = text;
  $("paper").showModal();
  $("paper-text").setSelectionRange(0, 0);
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
    $("paper-text").select();
    return false;
  }
}
