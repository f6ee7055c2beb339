// The page debug: its panels, each of which is one user, and what concerns all of them.

import { byId } from "../ui/element.js";
import "./words.js";
import { onLanguage, start, translate, write } from "../ui/language.js";
import { Panel } from "./panel.js";
import { quickCall } from "./quickcall.js";

const panels = [];

start();
addPanel();
route();
byId("second").addEventListener("click", toggleSecond);
byId("quick").addEventListener("click", quick);
onLanguage(() => { for (const panel of panels) panel.translate(); });
if (typeof ZegoExpressEngine === "undefined") fail("debug.noSDK");

function addPanel() {
  const panel = new Panel(panels.length + 1, panels[0]);
  panels.push(panel);
  byId("benches").append(panel.root);
  translate(panel.root);
  panel.translate();
  byId("benches").classList.toggle("two", panels.length === 2);
  return panel;
}

// route gives every frame to the panel whose socket it is. A socket without a mark is
// one of the engine made last: its server was left to the SDK.
function route() {
  globalThis.debugWire.report = (frame) => {
    const panel = panels.find(({ number }) => number === frame.panel)
      ?? panels.toSorted((a, b) => b.made - a.made)[0];
    panel.showFrame(frame);
  };
}

function toggleSecond() {
  if (panels.length === 1) {
    addPanel().focus();
  } else {
    const panel = panels.pop();
    panel.close();
    byId("benches").classList.remove("two");
  }
  write(byId("second"), panels.length === 1 ? "debug.add" : "debug.remove");
}

async function quick() {
  byId("quick").disabled = true;
  if (panels.length === 1) toggleSecond();
  try {
    await quickCall(panels, (word, values) => tell(word, values));
    tell("debug.quickDone", {}, "good");
  } catch (error) {
    fail("debug.quickFailed", { text: error.message });
  }
  byId("quick").disabled = false;
}

function tell(word, values, look = "") {
  byId("progress").className = `notice ${look}`;
  write(byId("progress"), word, values);
}

function fail(word, values) { tell(word, values, "bad"); }
