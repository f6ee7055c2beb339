// How the console says things: problems, ages, moments, what happened to a login.

import { language, say, write } from "../ui/language.js";
import { create } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { newLine, setFacts, setText } from "./keyed.js";

// Refusals that have words of their own; the others are told as the server said them.
const REFUSALS = ["away", "wrongKey", "tooOften", "noRoom", "noUser", "noApp", "given", "tooMany", "internal"];

// tell writes what went wrong into an element.
export function tell(element, { code, message }) {
  if (code === "signIn") return; // the page shows the way in
  if (REFUSALS.includes(code)) write(element, `refusal.${code}`);
  else write(element, "refusal.other", { message });
}

// tellShortly does the same in words that go away by themselves.
export function tellShortly({ code, message }) {
  if (code === "signIn") return;
  if (REFUSALS.includes(code)) toast(`refusal.${code}`);
  else toast("refusal.other", { message });
}

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

// age is how long ago something was, in its largest unit.
export function age(time) {
  const seconds = Math.max(0, Math.round((Date.now() - time) / 1000));
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? STEPS.at(-1);
  const format = formatOf(unit, () => new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }));
  return format.format(Math.floor(seconds / size));
}

export const number = (n) => formatOf("number", () => new Intl.NumberFormat(locale())).format(n);

// moment is a time of the clock; with the day unless it is today.
export function moment(time) {
  const date = new Date(time);
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const day = date.toDateString() === new Date().toDateString() ? {} : { month: "short", day: "numeric" };
  return formatOf(`clock ${day.day}`, () => new Intl.DateTimeFormat(locale(), { ...day, ...clock })).format(date);
}

const locale = () => language === "zh" ? "zh-CN" : "en-GB";

const formats = new Map(); // making one takes longer than drawing a line

function formatOf(name, make) {
  const key = `${language} ${name}`;
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key);
}

export const linkToRoom = (app, id) => `#room?${new URLSearchParams({ app, room: id })}`;

// Causes of refused logins, by the code that the client got.
const CAUSES = {
  1102016: "token", 1102018: "expired", 1102020: "rights", 1001004: "app", 1002034: "full", 1002037: "rooms",
  1002066: "forbidden", 1002018: "other", 1002056: "twice", 1100001: "input", 1002012: "ids", 1002006: "ids",
};
const DEPARTURES = { 1: "left", 2: "silent", 3: "elsewhere", 4: "removed", 5: "lost", 6: "removed" };

// verdict is the word for how a login ended, or why a user is gone.
function verdict({ kind, code, reason }) {
  if (kind === "in") return "join.in";
  if (kind === "refused") return `refused.${CAUSES[code] ?? "unknown"}`;
  return `left.${code === 1102018 ? "expired" : DEPARTURES[reason] ?? "left"}`;
}

const COLOURS = { in: "good", refused: "bad", out: "" };

// A line of the journal.
export const entryLine = {
  key: ({ number }) => String(number),
  make() {
    const line = newLine();
    line.parts.badge = create("span");
    line.parts.why = create("div", { className: "small" });
    line.querySelector(".what").append(line.parts.why);
    line.parts.side.append(line.parts.badge);
    return line;
  },
  fill({ parts }, entry) {
    const { app, room, user, address, message, code, kind } = entry;
    setText(parts.title, user || say("joins.nobody"));
    const facts = [moment(entry.time), room || "–", say("rooms.app", { app })];
    setFacts(parts.about, address ? [...facts, say("from.address", { address })] : facts);
    parts.badge.className = `badge ${COLOURS[kind]}`;
    setText(parts.badge, say(`kind.${kind}`));
    setText(parts.why, kind === "in" ? "" : say(verdict(entry)) + (kind === "refused" ? ` ${say("joins.told", { message, code })}` : ""));
  },
};
