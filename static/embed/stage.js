// Where an example runs: in a frame that is there from Start to Stop, so that no camera
// is asked for before somebody wants it.

import { label, write } from "../ui/language.js";

// room is that of this visit: strangers on the same page do not meet.
const room = new URLSearchParams(location.search).get("room") ?? "try-" + Math.random().toString(36).slice(2, 8);

// prepareStage lets the buttons of a panel start and stop its example.
export function prepareStage(panel) {
  const { variant } = panel.dataset;
  const address = `embed/${variant}.html?room=${encodeURIComponent(room)}`;
  const [start, stop] = [panel.querySelector(".start"), panel.querySelector(".stop")];
  panel.querySelector(".window").href = address;
  start.addEventListener("click", () => {
    panel.querySelector(".stage").append(newFrame(variant, address));
    show(panel, true);
    stop.focus();
  });
  stop.addEventListener("click", () => {
    panel.querySelector("iframe").remove(); // its page leaves the room, and the camera goes out
    show(panel, false);
    start.focus();
  });
}

function newFrame(variant, address) {
  const frame = document.createElement("iframe");
  frame.src = address;
  label(frame, `embed.${variant}Running`);
  return frame;
}

// show makes the panel and its tab say whether the example runs.
function show(panel, isRunning) {
  for (const element of panel.querySelectorAll(".stage > :not(iframe)")) element.hidden = isRunning;
  panel.querySelector(".stop").disabled = !isRunning;
  const tab = document.getElementById(panel.getAttribute("aria-labelledby"));
  tab.querySelector(".running")?.remove();
  if (isRunning) tab.append(newMark());
}

function newMark() {
  const mark = document.createElement("span");
  mark.className = "running";
  write(mark, "embed.running");
  return mark;
}
