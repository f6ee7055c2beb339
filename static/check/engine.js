// The engines of a check: users in a room of its own, or as the invitation says.

import { invitation } from "../ui/invitation.js";

const NOT_ADMITTED = 1102016; // this user to this room, by this token

// newEngine makes an engine that ends with the check; undefined if the SDK was not loaded.
// It writes nothing to the console: what goes wrong here is the result.
export function newEngine(check) {
  if (typeof ZegoExpressEngine === "undefined") return undefined;
  const engine = new ZegoExpressEngine(invitation.app, "");
  engine.setLogConfig({ logLevel: "disable", remoteLogLevel: "disable" });
  engine.setEngineConfig({ playQualityInterval: 1000, publishQualityInterval: 1000 });
  check.keep(() => engine.destroyEngine());
  return engine;
}

// unguessable is an id that nobody else can have.
export function unguessable() {
  return "check-" + [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("-");
}

// login enters a room, as whom the token is for, or as somebody.
export function login(engine, room) {
  const userID = invitation.token ? invitation.user : unguessable();
  return engine.loginRoom(room, invitation.token, { userID, userName: "check" });
}

// enter logs in to a room of the check's own and resolves with it; with an invitation that
// is for one room only, that is the one.
export async function enter(engine) {
  const room = unguessable();
  try {
    await login(engine, room);
    return room;
  } catch (error) {
    if (error.code !== NOT_ADMITTED || !invitation.token || !invitation.room) throw error;
    await login(engine, invitation.room);
    return invitation.room;
  }
}
