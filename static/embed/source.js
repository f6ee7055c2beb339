// The source of an example: read from the very file that runs, shown with this server's
// address in it, and copied.

import { toClipboard } from "../ui/clipboard.js";
import { write } from "../ui/language.js";
import { colour } from "./colours.js";

// base is the folder of this page on its server.
const base = new URL(".", location.href).href;
const socket = location.origin.replace(/^http/, "ws") + "/ws";

// showSource shows the source of a panel's example, and lets its button copy it.
export async function showSource(panel) {
  const [code, status] = [panel.querySelector("pre code"), panel.querySelector("[role=status]")];
  const button = panel.querySelector(".copy");
  button.addEventListener("click", () => copy(code, status));
  try {
    const response = await fetch(`embed/${panel.dataset.variant}.html`);
    if (!response.ok) throw new Error(response.statusText);
    code.replaceChildren(...colour(fillIn(await response.text())));
  } catch {
    button.disabled = true;
    write(status, "embed.notRead");
  }
}

// fillIn makes the page one that works anywhere: what lies beside it is on this server.
function fillIn(text) {
  return text.replaceAll('"../', `"${base}`).replace('ZegoExpressEngine(1, "")', `ZegoExpressEngine(1, "${socket}")`);
}

// showInstall shows the command that installs the package from this server.
export function showInstall(place) {
  const code = place.querySelector("code");
  code.textContent = `npm install ${base}expressrtc.tgz`;
  const status = place.parentElement.querySelector("[role=status]");
  place.querySelector("button").addEventListener("click", () => copy(code, status));
}

// copy puts a text into the clipboard, or where that is refused selects it.
async function copy(code, status) {
  write(status, "");
  if (await toClipboard(code.textContent)) return write(status, "embed.copied");
  getSelection().selectAllChildren(code);
  write(status, "embed.selected");
}
