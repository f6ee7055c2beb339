// Step: the loudspeaker. Only who sits before it can say whether it sounds.

import { result } from "./result.js";
import { label, write } from "../ui/language.js";
import { newMelody } from "./sound.js";

export const speaker = {
  name: "speaker",
  limit: 60_000,
  late: () => result("skipped", "check.speaker.unanswered"),

  async run(check) {
    const melody = newMelody(check.signal);
    const answer = ask(check, melody);
    try {
      await melody.play();
    } catch {
      check.tell("check.speaker.press"); // the browser wants a click first
    }
    return answer;
  },
};

// ask shows the question and resolves with the result of the answer.
function ask(check, melody) {
  return new Promise((resolve) => {
    const buttons = document.createElement("div");
    buttons.className = "row";
    const heard = newButton("check.speaker.yes", () => resolve(result("good", "check.speaker.good")));
    heard.className = "main";
    buttons.append(
      heard,
      newButton("check.speaker.no", () => resolve(result("bad", "check.speaker.bad", {}, { todo: "check.speaker.bad.do" }))),
      newButton("check.speaker.again", () => melody.play()),
      newButton("check.speaker.skip", () => resolve(result("skipped", "check.speaker.skipped"))),
    );
    check.show(buttons);
    heard.focus();
    if (melody.element.setSinkId) offerOutputs(check, melody, buttons);
  }).finally(() => document.getElementById("stop").focus());
}

function newButton(word, act) {
  const button = document.createElement("button");
  button.type = "button";
  write(button, word);
  button.addEventListener("click", act);
  return button;
}

// offerOutputs adds the choice of a loudspeaker, if there is any.
async function offerOutputs(check, melody, after) {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  const outputs = devices.filter(({ kind, label: name }) => kind === "audiooutput" && name);
  if (outputs.length < 2 || check.signal.aborted) return;
  const select = document.createElement("select");
  label(select, "check.speaker.choose");
  for (const { deviceId, label: name } of outputs) select.append(new Option(name, deviceId));
  select.addEventListener("change", async () => {
    await melody.element.setSinkId(select.value).catch(() => {}); // then it sounds where it did
    await melody.play();
  });
  after.after(select);
}
