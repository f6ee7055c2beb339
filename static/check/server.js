// Step: reaching the server, by HTTP as pages come and by the socket that calls need.

import { fact, median, result } from "./result.js";
import { invitation } from "../ui/invitation.js";
import { enter, newEngine } from "./engine.js";
import { within } from "./wait.js";

export const ANSWER = 8000; // ms for one request
const TRIPS = 5;
const SLOW = 400; // ms there and back
const TOKEN = { 1001004: "check.server.token", 1102016: "check.server.token", 1102018: "check.server.expired" };

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
  let room, entered, time;
  try {
    const begun = performance.now();
    room = await within(ANSWER, check.signal, enter(engine));
    entered = Math.round(performance.now() - begun);
    time = Math.round(await trips(() => within(ANSWER, check.signal, say(engine, room))));
  } catch ({ code = "–" }) {
    check.found.uninvited = code in TOKEN;
    const [state, word] = code in TOKEN ? ["warning", TOKEN[code]] : ["bad", "check.server.socket"];
    return result(state, word, { code }, { todo: `${word}.do`, facts });
  }
  facts.push(fact("check.server.login", { time: entered }), fact("check.server.trip", { time }));
  check.found.home = { engine, room };
  if (time > SLOW) return result("warning", "check.server.slow", { time }, { todo: "check.server.slow.do", facts });
  return result("good", "check.server.good", { time }, { facts });
}

// say sends something that nobody else hears, whoever is in the room.
export function say(engine, room) {
  return room === invitation.room ? engine.sendCustomCommand(room, "check", [invitation.user]) : engine.sendBarrageMessage(room, "check");
}
