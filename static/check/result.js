// What a step found: a state, a sentence, what to do, and figures; all in words that
// follow the page's language.

import { say } from "../ui/language.js";

// result makes one. state is good, note, warning, bad or skipped; todo is the word of what
// to do, with the same values as the sentence; facts come from fact.
export function result(state, word, values = {}, { todo, facts = [] } = {}) {
  return { state, said: { word, values }, todo: todo && { word: todo, values }, facts };
}

// fact is one figure, a short text of its own.
export function fact(word, values = {}) { return { word, values }; }

// term is a word that stands within another one: values of words take it.
export function term(word, values) { return { toString: () => say(word, values) }; }

// yes is the term for whether something is there.
export const yes = (is) => term(is ? "check.yes" : "check.no");

// enumerate joins texts and terms.
export function enumerate(items) {
  return { toString: () => items.map(String).join(say("check.comma")) };
}

// median is the middle one of numbers; undefined of none.
export function median(numbers) {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
