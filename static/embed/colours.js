// Colours in a source: a few kinds of words, found by one pattern.

const KINDS = new RegExp([
  /(?<place>"wss?:[^"]*"|"room1"|(?<=Engine\()\d+)/, // what one changes
  /(?<text>"[^"\n]*"|`[^`\n]*`)/,
  /(?<tag><\/?[a-z]\w*|<!DOCTYPE html>)/,
  /(?<word>\b(?:async|await|const|for|function|import|from|new|of)\b)/,
].map((kind) => kind.source).join("|"), "g");

// colour splits a source into nodes that together say the same.
export function colour(source) {
  const nodes = [];
  let at = 0;
  for (const match of source.matchAll(KINDS)) {
    nodes.push(source.slice(at, match.index), newSpan(match));
    at = match.index + match[0].length;
  }
  return [...nodes, source.slice(at)];
}

function newSpan(match) {
  const span = document.createElement("span");
  span.className = "code-" + Object.keys(match.groups).find((kind) => match.groups[kind] !== undefined);
  span.textContent = match[0];
  return span;
}
