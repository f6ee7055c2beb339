// The report: everything that was found as plain text, for whoever helps. It has no id of
// a device, no address of this machine and no secret.

import { say } from "../ui/language.js";
import { browserName, systemName } from "./browser.js";

export function report({ results, date }, verdict) {
  const lines = [
    say("check.report.title"),
    say("check.report.date", { date: date.toISOString() }),
    say("check.report.server", { server: new URL(".", location.href).href }),
    say("check.report.browser", { browser: browserName(), system: systemName() }),
    "",
    say(verdict.because, verdict.values),
    ...verdict.problems.map(([step, { said }]) => `- ${say(`check.${step.name}`)}: ${say(said.word, said.values)}`),
    "",
  ];
  for (const [step, result] of results) lines.push(...section(step, result));
  lines.push("", navigator.userAgent);
  return lines.join("\n");
}

function section(step, { state, said, todo, facts }) {
  const lines = [say("check.report.step", { name: say(`check.${step.name}`), state: say(`check.state.${state}`) })];
  for (const { word, values } of [said, ...(todo ? [todo] : []), ...facts]) lines.push(`  ${say(word, values)}`);
  return lines;
}
