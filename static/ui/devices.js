// The choice of camera, microphone and speaker: lists with names, remembered.

import { addWords, onLanguage, say } from "./language.js";
import { keep, recall } from "./memory.js";
import { create } from "./element.js";

const LISTS = { camera: "cameras", microphone: "microphones", speaker: "speakers" };

// canChooseSpeaker: not every browser lets a page play on another speaker.
export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

// chosenDevice is the id of the device that was chosen last; undefined is the browser's choice.
export function chosenDevice(kind) { return recall(`${kind}-device`); }

export function chooseDevice(kind, id) { keep(`${kind}-device`, id); }

// DevicePickers fills three lists, {camera, microphone, speaker: a select each}, and calls
// onPick(kind, id) when the visitor takes another device. inUse(kind) gives the id of the
// camera or microphone in use, which may be another than the chosen one.
export class DevicePickers {
  #engine; #selects; #inUse;

  constructor(engine, selects, { onPick, inUse }) {
    this.#engine = engine;
    this.#selects = selects;
    this.#inUse = inUse;
    for (const [kind, select] of Object.entries(selects)) {
      this.#fill(kind, []);
      select.addEventListener("change", () => {
        chooseDevice(kind, select.value);
        onPick(kind, select.value);
      });
    }
    engine.on("videoDeviceStateChanged", () => this.refresh());
    engine.on("audioDeviceStateChanged", () => this.refresh());
    onLanguage(() => this.refresh());
  }

  // refresh looks at the devices anew. They have names once the visitor allowed one.
  async refresh() {
    const all = await this.#engine.enumDevices().catch(() => ({})); // then the lists stay as if empty
    for (const [kind, list] of Object.entries(LISTS)) this.#fill(kind, all[list] ?? []);
  }

  #fill(kind, devices) {
    const select = this.#selects[kind];
    if (!select) return;
    const known = devices.filter(({ deviceID }) => deviceID);
    const options = known.map(({ deviceID, deviceName }, i) =>
      create("option", { value: deviceID }, deviceName || `${say(`devices.${kind}`)} ${i + 1}`));
    if (!options.length) options.push(create("option", { value: "" }, say(devices.length ? "devices.hidden" : "devices.none")));
    select.replaceChildren(...options);
    select.disabled = !known.length;
    this.#mark(kind);
    if (kind === "speaker") select.closest("label").hidden = !canChooseSpeaker;
  }

  // #mark marks the device in use: the one that is marked already cannot be chosen. Where
  // none is, or nobody knows, as of speakers, it is the chosen one.
  #mark(kind) {
    const select = this.#selects[kind];
    const used = kind === "speaker" ? undefined : this.#inUse(kind);
    const id = [used, chosenDevice(kind)].find((id) => id && [...select.options].some(({ value }) => value === id));
    if (id) select.value = id;
  }
}

addWords({
  en: {
    "devices.all": "Devices", "devices.camera": "Camera", "devices.microphone": "Microphone", "devices.speaker": "Speaker",
    "devices.hidden": "Default", "devices.none": "None found",
  },
  zh: {
    "devices.all": "设备", "devices.camera": "摄像头", "devices.microphone": "麦克风", "devices.speaker": "扬声器",
    "devices.hidden": "默认", "devices.none": "未找到",
  },
});
