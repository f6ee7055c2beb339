// Step: reaching the server, by HTTP as pages come and by the socket that calls need.

import { fact, median, result } from "./result.js";
import { login, newEngine, unguessable } from "./engine.js";
import { within } from "./wait.js";

const ANSWER = 8000; // ms for one request
const TRIPS = 5;
const SLOW = 400; // ms there and back
const TOKEN = [1002030, 1002033];

export const server = {
  name: "server",
  limit: 30_000,
  late: () => away(),

  async run(check) {
    const facts = [];
    try {
      const http = await trips(() => fetchHealth(check.signal));
      facts.push(fact("check.server.http", { time: Math.round(http) }));
    } catch {
      return away();
    }
    return socket(check, facts);
  },
};

const away = () => result("bad", "check.server.away", { server: location.host }, { todo: "check.server.away.do" });

async function fetchHealth(signal) {
  const response = await within(ANSWER, signal, fetch("healthz", { cache: "no-store" }));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  await response.text();
}

// trips is the median time of a few; the first one may open a connection and does not count.
async function trips(make) {
  const times = [];
  for (let i = 0; i <= TRIPS; i++) {
    const begun = performance.now();
    await make();
    times.push(performance.now() - begun);
  }
  return median(times.slice(1));
}

// socket logs in to a room of the check's own and measures how long messages take.
async function socket(check, facts) {
  const engine = newEngine(check);
  if (!engine) return result("bad", "check.browser.noSDK", {}, { todo: "check.browser.noSDK.do", facts });
  const room = unguessable();
  let entered, time;
  try {
    const begun = performance.now();
    await within(ANSWER, check.signal, login(engine, room));
    entered = Math.round(performance.now() - begun);
    time = Math.round(await trips(() => within(ANSWER, check.signal, engine.sendBarrageMessage(room, "check"))));
  } catch ({ code = "–" }) {
    const [state, word] = TOKEN.includes(code) ? ["warning", "check.server.token"] : ["bad", "check.server.socket"];
    return result(state, word, { code }, { todo: `${word}.do`, facts });
  }
  facts.push(fact("check.server.login", { time: entered }), fact("check.server.trip", { time }));
  check.found.home = { engine, room };
  if (time > SLOW) return result("warning", "check.server.slow", { time }, { todo: "check.server.slow.do", facts });
  return result("good", "check.server.good", { time }, { facts });
}
