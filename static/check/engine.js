// The engines of a check: users in a room of its own.

const APP = 1;

// newEngine makes an engine that ends with the check; undefined if the SDK was not loaded.
// It writes nothing to the console: what goes wrong here is the result.
export function newEngine(check) {
  if (typeof ZegoExpressEngine === "undefined") return undefined;
  const engine = new ZegoExpressEngine(APP, "");
  engine.setLogConfig({ logLevel: "disable", remoteLogLevel: "disable" });
  engine.setEngineConfig({ playQualityInterval: 1000, publishQualityInterval: 1000 });
  check.keep(() => engine.destroyEngine());
  return engine;
}

// unguessable is an id that nobody else can have.
export function unguessable() {
  return "check-" + [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("-");
}

// login enters a room as somebody.
export function login(engine, room) {
  const userID = unguessable();
  return engine.loginRoom(room, "", { userID, userName: "check" });
}
