// A call of this page with itself: two users in the check's own room, one publishes what
// the other plays. Who was invited is one user, who plays the own stream.

import { invitation } from "../ui/invitation.js";
import { login, newEngine, unguessable } from "./engine.js";
import { watchConnections } from "./connections.js";
import { event, within } from "./wait.js";

// startCall begins a call with a stream of the page's own; it ends with signal.
//   publisher, player  the two engines
//   streamID           what is published
//   connections        the browser's connections so far
//   connected          resolves with the first of them
//   playing            resolves with the stream that is played
export async function startCall(check, source, relayOnly, signal) {
  const publisher = check.found.home.engine;
  const player = check.found.guest ??= invitation.token ? publisher : await newGuest(check);
  const streamID = unguessable();
  const connections = [];
  const connected = new Promise((resolve) => watchConnections((connection) => {
    connections.push(connection);
    resolve(connection);
  }, signal));
  for (const engine of [publisher, player]) engine.setEngineConfig({ turnOnly: relayOnly });
  const playing = connect({ publisher, player, streamID, source, signal });
  playing.catch(() => {}); // who only wants the connection does not wait for it
  return { publisher, player, streamID, connections, connected, playing };
}

async function newGuest(check) {
  const guest = newEngine(check);
  await within(8000, check.signal, login(guest, check.found.home.room));
  return guest;
}

async function connect({ publisher, player, streamID, source, signal }) {
  const local = await publisher.createStream({ custom: { source, bitrate: 800 } });
  signal.addEventListener("abort", () => hangUp({ publisher, player, streamID }));
  const published = event(publisher, "publisherStateUpdate", (state) => state.streamID === streamID && state.state === "PUBLISHING", signal);
  publisher.startPublishingStream(streamID, local);
  await published;
  return player.startPlayingStream(streamID);
}

function hangUp({ publisher, player, streamID }) {
  try {
    player.stopPlayingStream(streamID);
    publisher.stopPublishingStream(streamID);
  } catch {
    // the engines ended with the check, and the call with them
  }
}
