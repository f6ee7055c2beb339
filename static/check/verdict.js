// The verdict: what all results together mean for calls.

// NEEDED are the steps without which there is no call at all.
const NEEDED = ["browser", "server", "call"];

// judge gives {state, word, values, because, problems}: word is the whole sentence, because
// the one that leads to the problems, which are [step, result] of all that is not as it
// should be, the worst first.
export function judge({ results, stopped }) {
  const all = [...results];
  const bad = all.filter(([, { state }]) => state === "bad");
  const problems = [...bad, ...all.filter(([, { state }]) => state === "warning")];
  const impossible = bad.some(([step]) => NEEDED.includes(step.name));
  const untried = all.some(([step, { state }]) => step.name === "call" && state === "skipped");
  const [state, name] = stopped ? ["skipped", "stopped"] : impossible ? ["bad", "cannot"]
    : untried ? ["warning", "untried"] : problems.length ? ["warning", "but"] : ["good", "good"];
  return { state, word: `check.verdict.${name}`, because: `check.verdict.${name}${problems.length ? ".because" : ""}`, values: {}, problems };
}
