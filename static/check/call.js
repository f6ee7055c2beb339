// Step: a whole call, from this page to itself, measured. Over the server's relay if there
// is one, for then the figures tell of the network, too.

import { fact, median, result, term } from "./result.js";
import { way } from "./connections.js";
import { startCall } from "./loopback.js";
import { newSource } from "./synthetic.js";
import { lateness, newVideo } from "./picture.js";
import { ANSWER, say } from "./server.js";
import { pause, within } from "./wait.js";

const MEASURE = 10_000; // ms
const SETTLE = 3; // measurements, one a second, until a call has its pace
const CONNECT = 12_000; // ms until a call plays

// From here on it is noticed.
const LOSS = 0.03, TRIP = 400, RATE = 8, BREAKS = 0.2;

export const call = {
  name: "call",
  limit: 50_000,

  async run(check) {
    if (!check.found.home) return result("skipped", check.found.uninvited ? "check.call.uninvited" : "check.call.noServer");
    const over = new AbortController();
    check.signal.addEventListener("abort", () => over.abort());
    try {
      return await measured(check, await connect(check, over));
    } catch (error) {
      return result("bad", "check.call.failed", { text: error?.extendedData || error?.message || "" }, { todo: "check.call.failed.do" });
    } finally {
      over.abort();
    }
  },
};

// connect makes the call play, by a relay if one works, and straight otherwise.
async function connect(check, over) {
  const source = newSource(check.found, over.signal);
  if (check.found.relay) {
    const relayed = new AbortController();
    over.signal.addEventListener("abort", () => relayed.abort());
    try {
      return await playing(check, source, true, relayed.signal);
    } catch {
      relayed.abort();
    }
  }
  return playing(check, source, false, over.signal);
}

async function playing(check, source, relayOnly, signal) {
  const begun = performance.now();
  const started = await startCall(check, source, relayOnly, signal);
  const stream = await within(CONNECT, check.signal, started.playing);
  return { ...started, stream, source, setup: performance.now() - begun, signal };
}

// measured watches the call for a while and judges it.
async function measured(check, begun) {
  const video = newVideo(begun.stream);
  check.tell("check.call.measure");
  check.show(video);
  const late = lateness(video, begun.signal);
  const samples = await sample(check, begun);
  samples.lost ||= !await isThere(check);
  const figures = sum(samples);
  figures.setup = begun.setup;
  figures.late = late();
  figures.way = await way(begun.connections[0]);
  return judge(figures, check.found);
}

// sample collects what the SDK tells of both ends each second.
async function sample(check, { publisher, player, streamID, signal }) {
  const played = [], published = [];
  let lost = false;
  const onPlay = (id, stats) => {
    if (id === streamID) played.push(stats);
    tellFigures(check, stats);
  };
  const onPublish = (id, stats) => id === streamID && published.push(stats);
  player.on("roomStateChanged", (_, reason) => { lost ||= reason === "RECONNECTING"; });
  player.on("playQualityUpdate", onPlay);
  publisher.on("publishQualityUpdate", onPublish);
  for (const begun = performance.now(); performance.now() - begun < MEASURE && !signal.aborted; await pause(200, signal)) {
    check.progress((performance.now() - begun) / MEASURE);
  }
  return { played, published, lost };
}

// isThere asks the server: a connection that has just broken is not told of yet.
function isThere({ found: { home }, signal }) {
  return within(ANSWER, signal, say(home.engine, home.room)).then(() => true, () => false);
}

function tellFigures(check, { video }) {
  check.tell("check.call.live", {
    width: video.frameWidth, height: video.frameHeight, rate: Math.round(video.videoFPS), bitrate: Math.round(video.videoBitrate),
  });
}

// sum makes one figure each of the measurements of a call that has its pace.
function sum({ played, published, lost }) {
  const settled = played.length > SETTLE ? played.slice(SETTLE) : played;
  const last = played[played.length - 1];
  const middle = (all, pick) => median(all.map(pick));
  return {
    width: last?.video.frameWidth ?? 0, height: last?.video.frameHeight ?? 0,
    rate: middle(settled, ({ video }) => video.videoTransferFPS) ?? 0,
    bitrate: middle(settled, ({ video }) => video.videoBitrate) ?? 0,
    sound: middle(settled, ({ audio }) => audio.audioBitrate) ?? 0,
    packets: middle(settled, ({ audio }) => audio.audioFPS) ?? 0,
    trip: middle(settled, ({ currentRoundTripTime }) => currentRoundTripTime * 1000),
    delay: middle(settled, ({ peerToPeerDelay }) => peerToPeerDelay),
    loss: last?.peerToPeerPacketLostRate ?? 0,
    breaks: breaksOf(settled.map(({ video }) => video.videoCumulativeBreakTime)),
    codec: last?.video.googCodecName ?? "",
    limit: published[published.length - 1]?.qualityLimitationReason,
    lost,
  };
}

// breaksOf is for which share of the time the picture stood, from ms in all, told each second.
function breaksOf(times) {
  return times.length > 1 ? (times[times.length - 1] - times[0]) / (times.length - 1) / 1000 : 0;
}

function judge(figures, found) {
  const facts = factsOf(figures);
  const { width, height, rate, loss, trip } = figures;
  const values = { width, height, rate: Math.round(rate), percent: percent(loss), time: Math.round(trip) };
  const answer = (state, word, todo) => result(state, word, values, { todo, facts });
  if (!width || rate === 0) return answer("bad", "check.call.noPicture", "check.call.failed.do");
  if (!figures.packets) return answer("bad", "check.call.noSound", "check.call.failed.do");
  if (figures.lost) return answer("warning", "check.call.lostServer", "check.server.away.do");
  if (loss > LOSS) return answer("warning", "check.call.loss", "check.call.network.do");
  if (trip > TRIP) return answer("warning", "check.call.trip", "check.call.network.do");
  const least = Math.min(RATE, (found.size?.rate ?? RATE) / 2);
  if (rate < least || figures.breaks > BREAKS) return answer("warning", "check.call.slow", "check.call.slow.do");
  return answer("good", found.camera ? "check.call.good" : "check.call.synthetic");
}

const percent = (share) => (share * 100).toFixed(1);

function factsOf({ width, height, rate, bitrate, sound, packets, trip, delay, late, loss, codec, setup, limit, way: path }) {
  const facts = [
    fact("check.call.setup", { time: Math.round(setup) }),
    fact("check.call.picture", { width, height, rate: Math.round(rate), bitrate: Math.round(bitrate), codec }),
    fact("check.call.sound", { bitrate: Math.round(sound), packets: Math.round(packets) }),
    fact("check.call.lost", { percent: percent(loss) }),
  ];
  if (trip !== undefined) facts.push(fact("check.call.roundTrip", { time: Math.round(trip) }));
  if (delay !== undefined) facts.push(fact("check.call.delay", { time: Math.round(delay) }));
  if (late !== undefined) facts.push(fact("check.call.late", { time: Math.round(late) }));
  if (limit && limit !== "none") facts.push(fact("check.call.limit", { reason: limit }));
  if (path) facts.push(wayFact(path));
  return facts;
}

function wayFact({ protocol, local, remote }) {
  return fact("check.call.way", { protocol, from: term(`check.way.${local}`), to: term(`check.way.${remote}`) });
}
