// How good a stream comes through: bars always, the figures on request.

import { create } from "../ui/element.js";
import { label, write } from "../ui/language.js";

const GRADES = ["excellent", "good", "middle", "poor", "dead"]; // the SDK's 0 to 4; -1 is unknown

export class Quality {
  constructor() {
    this.bars = create("span", { className: "bars", role: "img", hidden: true }, ...Array.from({ length: 4 }, () => create("i")));
    this.figures = create("dl", { className: "figures" });
  }

  // show takes what publishQualityUpdate and playQualityUpdate tell.
  show(stats) {
    const { video, audio } = stats;
    const grade = Math.max(video.muteState === "1" ? -1 : video.videoQuality, audio.audioQuality);
    this.bars.hidden = !(grade in GRADES);
    if (grade in GRADES) {
      this.bars.dataset.grade = grade;
      label(this.bars, `quality.${GRADES[grade]}`);
    }
    this.figures.replaceChildren(...figures(stats).flatMap(([word, value]) => [term(word), create("dd", {}, value)]));
  }

  clear() {
    this.bars.hidden = true;
    this.figures.replaceChildren();
  }
}

function term(word) {
  const element = create("dt");
  write(element, `quality.${word}`);
  return element;
}

// figures are [word, text] each; what is not known is left out.
function figures({ video, audio, currentRoundTripTime: trip, peerToPeerDelay: delay }) {
  const list = [];
  if (video.frameWidth && video.muteState !== "1") {
    list.push(["size", `${video.frameWidth} × ${video.frameHeight}`], ["rate", `${Math.round(video.videoFPS)} fps`]);
  }
  list.push(["bitrate", `${Math.round(video.videoBitrate + audio.audioBitrate)} kbit/s`]);
  if (trip !== undefined) list.push(["trip", `${Math.round(trip * 1000)} ms`]);
  if (delay !== undefined) list.push(["delay", `${Math.round(delay)} ms`]);
  list.push(["loss", `${(100 * Math.max(video.videoPacketsLostRate, audio.audioPacketsLostRate)).toFixed(1)} %`]);
  const codecs = [video.muteState !== "1" && video.googCodecName, audio.googCodecName || audio.audioCodec].filter(Boolean);
  if (codecs.length) list.push(["codec", codecs.join(", ")]);
  return list;
}
