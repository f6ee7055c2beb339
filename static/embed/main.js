// The page embed: starts its parts.

import "./words.js";
import { start } from "../ui/language.js";
import { joinTabs } from "./tabs.js";
import { showInstall, showSource } from "./source.js";
import { prepareStage } from "./stage.js";

joinTabs(document.querySelector("[role=tablist]"));
for (const panel of document.querySelectorAll(".variant")) {
  prepareStage(panel);
  showSource(panel);
}
showInstall(document.querySelector(".command"));
start();
