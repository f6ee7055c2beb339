// Step: sharing the screen. Trying it needs the browser's own dialog, so that is a button
// of its own and nothing waits for it.

import { result } from "./result.js";
import { write } from "../ui/language.js";

export const screen = {
  name: "screen",
  limit: 10_000,

  async run(check) {
    if (!navigator.mediaDevices?.getDisplayMedia) return result("note", "check.screen.cannot");
    return { ...result("good", "check.screen.can"), tool: newTrial(check) };
  },
};

function newTrial(check) {
  const button = document.createElement("button");
  button.type = "button";
  write(button, "check.screen.try");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const found = await trial();
    button.disabled = false;
    check.revise({ ...found, tool: button });
    button.focus();
  });
  return button;
}

// trial shares for a moment.
async function trial() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
  } catch ({ name }) {
    const word = name === "NotAllowedError" ? "check.screen.refused" : "check.screen.failed";
    return result("warning", word, { name }, { todo: `${word}.do` });
  }
  const { width, height } = stream.getVideoTracks()[0].getSettings();
  for (const track of stream.getTracks()) track.stop();
  return result("good", "check.screen.works", { width, height });
}
