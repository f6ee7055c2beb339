// Keys: one letter does what a button does, unless something is being typed.

import { byId } from "../ui/element.js";
import { keep, recall } from "../ui/memory.js";

const BUTTONS = { m: "microphone", v: "camera", s: "screen", c: "chat", p: "people" };

// listenToKeys presses the buttons while isActive() says so. The settings have a box to
// switch that off: a letter may be spoken by dictation, or hit by chance.
export function listenToKeys(isActive) {
  const box = byId("shortcuts");
  box.checked = recall("shortcuts") !== "off";
  box.addEventListener("change", () => keep("shortcuts", box.checked ? "" : "off"));
  document.addEventListener("keydown", (event) => {
    const button = byId(BUTTONS[event.key.toLowerCase()]);
    if (!button || button.hidden || !box.checked || !isActive() || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    button.click();
  });
}

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable], dialog") !== null;
}
