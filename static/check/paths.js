// Step: the paths that media can take: straight by UDP, from a public address, and over
// the relays that the server offers.

import { fact, result, term } from "./result.js";
import { gather } from "./connections.js";
import { startCall } from "./loopback.js";
import { newSource } from "./synthetic.js";
import { within } from "./wait.js";

const OFFER = 8000; // ms until the server has named its ICE servers
const GATHER = 6000; // ms for candidates; what comes later is no use to a call
const RELAYS = ["UDP", "TCP", "TLS"];
const MOST = 8; // relays that are tried

export const paths = {
  name: "paths",
  limit: 30_000,

  async run(check) {
    if (!globalThis.RTCPeerConnection) return result("bad", "check.browser.old", {}, { todo: "check.browser.old.do" });
    const servers = check.found.home && await serversInForce(check);
    const { signal } = check;
    const own = await gather(servers ?? [], "all", { ms: GATHER, signal });
    const relays = await tryRelays(servers ?? [], signal);
    const seen = {
      udp: own.some(({ type, protocol }) => type === "host" && protocol === "udp"),
      translated: own.some(({ type }) => type === "srflx"),
      asked: servers?.flatMap(urlsOf).some((url) => /^(stun|turn):/.test(url)),
      relays,
    };
    check.found.relay = Object.values(relays).includes(true);
    return conclude(servers, seen, check.found);
  },
};

function conclude(servers, { udp, translated, asked, relays }, { uninvited }) {
  const facts = [fact("check.paths.udp", { is: term(udp ? "check.paths.open" : "check.paths.shut") })];
  if (asked) facts.push(fact("check.paths.public", { is: term(translated ? "check.paths.found" : "check.paths.unseen") }));
  for (const kind of Object.keys(relays)) {
    facts.push(fact("check.paths.relay", { kind, is: term(relays[kind] ? "check.paths.open" : "check.paths.shut") }));
  }
  const answer = (state, word, todo) => result(state, word, {}, { todo, facts });
  const working = Object.values(relays).filter(Boolean).length;
  if (!servers) return answer("skipped", `check.paths.${uninvited ? "uninvited" : "alone"}${udp ? "" : "Shut"}`);
  if (Object.keys(relays).length === 0) {
    return udp ? answer("note", "check.paths.none") : answer("warning", "check.paths.noneShut", "check.paths.noneShut.do");
  }
  if (working === 0) return answer("warning", "check.paths.dead", "check.paths.dead.do");
  if (!udp || relays.UDP === false) return answer("warning", "check.paths.slow", "check.paths.slow.do");
  return answer("good", "check.paths.good");
}

// serversInForce are the ICE servers that a call gets here: one is begun, and ended as soon
// as its connection is made.
async function serversInForce(check) {
  const over = new AbortController();
  check.signal.addEventListener("abort", () => over.abort());
  try {
    const { connected } = await startCall(check, newSource({}, over.signal), false, over.signal);
    return (await within(OFFER, check.signal, connected)).getConfiguration().iceServers ?? [];
  } catch {
    return undefined; // the server went away
  } finally {
    over.abort();
  }
}

const urlsOf = ({ urls }) => [urls].flat();

// tryRelays tries each relay's URL alone: {UDP, TCP, TLS} of those that are offered, true if
// one of that kind gave a way.
async function tryRelays(servers, signal) {
  const urls = servers.flatMap((server) => urlsOf(server).filter((url) => /^turns?:/.test(url)).map((url) => [server, url]));
  const working = {};
  await Promise.all(urls.slice(0, MOST).map(async ([server, url]) => {
    const kind = kindOf(url);
    working[kind] ??= false;
    const found = await gather([{ ...server, urls: [url] }], "relay", { ms: GATHER, signal, enough: ({ type }) => type === "relay" });
    working[kind] ||= found.some(({ type }) => type === "relay");
  }));
  return Object.fromEntries(RELAYS.filter((kind) => kind in working).map((kind) => [kind, working[kind]]));
}

// kindOf is how a relay's URL is reached (RFC 7065).
function kindOf(url) {
  const tcp = /[?&]transport=tcp/.test(url);
  if (url.startsWith("turns:")) return "TLS";
  return tcp ? "TCP" : "UDP";
}
