// Step: the codecs that this browser sends and receives.

import { enumerate, fact, result, term } from "./result.js";
import { within } from "./wait.js";

const VIDEO = ["H264", "VP8", "VP9", "AV1", "H265"];
const AUDIO = ["opus"];
const NAMES = { H264: "H.264", H265: "H.265", opus: "Opus" };
const ENCODING = 8000; // ms

export const codecs = {
  name: "codecs",
  limit: 30_000,

  async run(check) {
    if (!globalThis.RTCPeerConnection) return result("bad", "check.browser.old", {}, { todo: "check.browser.old.do" });
    const sent = await codecsOf(globalThis.RTCRtpSender);
    const received = await codecsOf(globalThis.RTCRtpReceiver);
    const encoded = await encodes(check, sent.has("H264") ? "H264" : "VP8");
    const facts = [fact("check.codecs.send", { names: names(sent) }), fact("check.codecs.receive", { names: names(received) })];
    const both = (name) => sent.has(name) && received.has(name);
    const missing = ["H264", "VP8", "opus"].filter((name) => !both(name));
    const values = { names: names(sent), missing: enumerate(missing.map((name) => NAMES[name] ?? name)) };
    const answer = (state, word, todo) => result(state, word, values, { todo, facts });
    if (!both("opus") || !both("H264") && !both("VP8")) return answer("bad", "check.codecs.bad", "check.browser.old.do");
    if (encoded === false) return answer("warning", "check.codecs.broken", "check.codecs.broken.do");
    if (missing.length > 0) return answer("warning", "check.codecs.some", "check.codecs.some.do");
    return answer("good", "check.codecs.good");
  },
};

// codecsOf is a Set of names. Browsers without a list of them name them in an offer.
async function codecsOf(side) {
  const known = [...VIDEO, ...AUDIO];
  if (!side?.getCapabilities) return offered(known);
  const types = ["video", "audio"].flatMap((kind) => side.getCapabilities(kind)?.codecs ?? []).map(({ mimeType }) => mimeType.split("/")[1]);
  return new Set(known.filter((name) => types.includes(name)));
}

async function offered(known) {
  const connection = new RTCPeerConnection();
  try {
    connection.addTransceiver("video");
    connection.addTransceiver("audio");
    const { sdp } = await connection.createOffer();
    return new Set(known.filter((name) => sdp.includes(` ${name}/`)));
  } finally {
    connection.close();
  }
}

function names(set) {
  return set.size > 0 ? enumerate([...set].map((name) => NAMES[name] ?? name)) : term("check.none");
}

// encodes lets the SDK really send with a codec; undefined if it cannot tell.
async function encodes(check, codec) {
  try {
    return (await within(ENCODING, check.signal, check.found.engine.checkSystemRequirements(codec, 1))).result;
  } catch {
    return undefined;
  }
}
