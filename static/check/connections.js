// The connections that this page makes, the SDK's among them.
//
// The ICE servers of a call come from the server, through the SDK, to the browser: this
// looks at the last step, the constructor of RTCPeerConnection, which is the browser's
// public door and sees what is in force whoever named it. Reading the socket's frames
// would miss what setTurnServer adds, and would bind this page to the wire.

const watchers = new Set();
const Native = globalThis.RTCPeerConnection;

if (Native) {
  globalThis.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...args) {
      super(...args);
      for (const watcher of watchers) watcher(this);
    }
  };
}

// watchConnections calls the watcher with each connection to come, until signal fires.
export function watchConnections(watcher, signal) {
  watchers.add(watcher);
  signal.addEventListener("abort", () => watchers.delete(watcher));
}

// gather collects the candidates that a connection finds with some ICE servers: each as
// {type, protocol}. It ends at the first one that is enough, or after ms.
export async function gather(iceServers, iceTransportPolicy, { ms, signal, enough = () => false }) {
  const connection = new Native({ iceServers, iceTransportPolicy });
  const found = [];
  try {
    await new Promise((resolve, reject) => {
      setTimeout(resolve, ms);
      signal.addEventListener("abort", resolve);
      connection.onicecandidate = ({ candidate }) => {
        if (!candidate) return resolve();
        if (candidate.candidate) found.push(read(candidate.candidate));
        if (found.some(enough)) resolve();
      };
      connection.createDataChannel("check");
      connection.setLocalDescription().catch(reject);
    });
  } finally {
    connection.close();
  }
  return found;
}

// read takes what matters from a candidate's line (RFC 8839, 5.1).
function read(line) {
  const words = line.split(" ");
  return { type: words[words.indexOf("typ") + 1], protocol: words[2].toLowerCase() };
}

// way is how a connection's media goes: {protocol, local, remote}, with the types of its
// two candidates, and the protocol to the relay if there is one; undefined while there is none.
export async function way(connection) {
  const stats = await connection.getStats();
  const all = [...stats.values()];
  const chosen = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId);
  const pair = stats.get(chosen?.selectedCandidatePairId) ?? all.find(({ type, selected }) => type === "candidate-pair" && selected);
  const local = stats.get(pair?.localCandidateId), remote = stats.get(pair?.remoteCandidateId);
  if (!local || !remote) return undefined;
  const protocol = (local.relayProtocol ?? local.protocol).toUpperCase();
  return { protocol, local: local.candidateType, remote: remote.candidateType };
}
