// Quick call: both users log in, publish and play each other, with the same calls that the
// buttons make, so that a newcomer finds every step in the logs and in the code.

import { isFailure, perform, tell } from "./calls.js";
import { find } from "./methods.js";

const PATIENCE = 20_000; // for the other's stream

// quickCall connects two panels; say(word, values) is told each step.
export async function quickCall(panels, say) {
  for (const panel of panels) await enter(panel, say);
  for (const panel of panels) await publish(panel, say);
  await Promise.all(panels.map((panel) => play(panel, say)));
}

// enter begins anew, whatever the panel was doing.
async function enter(panel, say) {
  const { room, user } = panel.fields.values();
  say("debug.quickLogin", { user, room });
  if (panel.engine) await call(panel, "destroyEngine");
  panel.create();
  await call(panel, "loginRoom", text(room), token(panel), json({ userID: user, userName: panel.fields.values().name }), json({ userUpdate: true }));
}

async function publish(panel, say) {
  const streamID = panel.source("newStream");
  say("debug.quickPublish", { stream: streamID });
  const stream = await createStream(panel);
  const view = await call(panel, "createLocalStreamView", known(panel, stream));
  await callOf(panel, view, "play", box(panel, "local"), json({ objectFit: "contain" }));
  await call(panel, "startPublishingStream", text(streamID), known(panel, stream));
}

// createStream takes the camera, or a painted picture where there is none.
async function createStream(panel) {
  try {
    return await call(panel, "createStream");
  } catch {
    return call(panel, "createStream", { value: { custom: { source: panel.objects.painted } }, code: "{ custom: { source: painted } }" });
  }
}

// play plays the other's stream, without its sound: two users in one room would howl.
async function play(panel, say) {
  const streamID = await announced(panel);
  say("debug.quickPlay", { stream: streamID });
  const stream = await call(panel, "startPlayingStream", text(streamID));
  const view = await call(panel, "createRemoteStreamView", known(panel, stream));
  await callOf(panel, view, "play", box(panel, "remote"), json({ objectFit: "contain", muted: true }));
}

// announced resolves with the id of a stream of others in the room.
function announced({ objects }) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("no roomStreamUpdate")), PATIENCE);
    const look = () => {
      if (!objects.announced.length) return;
      clearTimeout(late);
      resolve(objects.announced[0]);
    };
    objects.onChange(look);
    look();
  });
}

function call(panel, name, ...args) {
  return done(panel, find("ZegoExpressEngine", name), { name: "engine", value: panel.engine }, args);
}

function callOf(panel, view, name, ...args) {
  return done(panel, find("ZegoStreamView", name), { name: panel.objects.nameOf(view), value: view }, args);
}

async function done(panel, row, target, args) {
  const outcome = await perform(panel, row, target, args);
  if (isFailure(outcome)) throw new Error(`${row.name}: ${tell(outcome, "")}`);
  return outcome.value;
}

function json(value) { return { value, code: JSON.stringify(value) }; }
function text(value) { return json(value); }
function token(panel) { return json(panel.fields.values().token); }
function known(panel, value) { return { value, code: panel.objects.nameOf(value) }; }
function box(panel, name) { return { value: panel.part(name), code: `videoBox("${name}")` }; }
