// Step: the browser, and whether this page may use what calls need.

import { fact, result, yes } from "./result.js";
import { newEngine } from "./engine.js";

// BRANDS are looked for in this order: most call themselves by several names.
const BRANDS = [
  ["WeChat", /MicroMessenger\/([\d.]+)/], ["QQ", /MQQBrowser\/([\d.]+)/], ["Edge", /Edg(?:e|A|iOS)?\/([\d.]+)/],
  ["Opera", /(?:OPR|OPT)\/([\d.]+)/], ["Samsung Internet", /SamsungBrowser\/([\d.]+)/], ["Yandex", /YaBrowser\/([\d.]+)/],
  ["Firefox", /(?:Firefox|FxiOS)\/([\d.]+)/], ["Chrome", /(?:Chrome|HeadlessChrome|CriOS)\/([\d.]+)/],
  ["Safari", /Version\/([\d.]+).*Safari/],
];

const SYSTEMS = [
  ["Windows", /Windows/], ["HarmonyOS", /HarmonyOS/], ["Android", /Android ?[\d.]*/], ["iOS", /iPhone|iPad/],
  ["macOS", /Mac OS X/], ["ChromeOS", /CrOS/], ["Linux", /Linux/],
];

export function browserName() {
  for (const [name, pattern] of BRANDS) {
    const version = navigator.userAgent.match(pattern)?.[1];
    if (version) return `${name} ${version.split(".").slice(0, 2).join(".").replace(/\.0$/, "")}`;
  }
  return navigator.userAgent;
}

export function systemName() {
  const touchMac = /Mac OS X/.test(navigator.userAgent) && navigator.maxTouchPoints > 1; // what iPads say
  return touchMac ? "iOS" : SYSTEMS.find(([, pattern]) => pattern.test(navigator.userAgent))?.[0] ?? navigator.platform;
}

export const browser = {
  name: "browser",
  limit: 20_000,

  async run(check) {
    const values = { browser: browserName(), system: systemName() };
    const wasm = typeof WebAssembly === "object";
    const facts = [fact("check.browser.secure", { is: yes(isSecureContext) }), fact("check.browser.wasm", { is: yes(wasm) })];
    const answer = (state, word, todo) => result(state, word, values, { todo, facts });
    if (!isSecureContext) return answer("bad", "check.browser.insecure", "check.browser.insecure.do");
    if (!wasm || !globalThis.RTCPeerConnection) return answer("bad", "check.browser.old", "check.browser.old.do");
    const can = await capabilities(check);
    if (!can) return answer("bad", "check.browser.noSDK", "check.browser.noSDK.do");
    facts.push(fact("check.browser.webRTC", { is: yes(can.webRTC) }), fact("check.browser.custom", { is: yes(can.customCapture) }));
    if (!can.webRTC) return answer("bad", "check.browser.old", "check.browser.old.do");
    return answer("good", "check.browser.good");
  },
};

// capabilities asks the SDK for what needs no device; undefined if the SDK is not there.
async function capabilities(check) {
  const engine = check.found.engine = newEngine(check);
  if (!engine) return undefined;
  try {
    const kinds = ["webRTC", "customCapture"];
    const found = await Promise.all(kinds.map((kind) => engine.checkSystemRequirements(kind)));
    return Object.fromEntries(kinds.map((kind, i) => [kind, found[i].result]));
  } catch {
    return undefined; // its program could not be loaded
  }
}
