// The language of a page: which one it is, the words, and the switch in the header.
//
// Elements name their words: data-word is the text, data-word-label the accessible name,
// data-word-title and data-word-placeholder what they say. A script that fills in values
// uses write(), so that a change of language changes that text, too.

const KEY = "expressrtc-language";
const NAMES = { en: "English", zh: "中文" };
const ATTRIBUTES = { wordLabel: "aria-label", wordTitle: "title", wordPlaceholder: "placeholder" };

export const dictionary = { en: {}, zh: {} }; // {language: {word: text}}
const filled = new WeakMap(); // element → values of its words
const listeners = new Set();

export let language = chosen() ?? preferred();

// chosen is what the visitor switched to before.
function chosen() {
  try {
    const tag = localStorage.getItem(KEY);
    return tag in NAMES ? tag : undefined;
  } catch {
    return undefined; // the page may keep nothing
  }
}

// preferred is the first language of the browser that there are words for.
function preferred() {
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in NAMES);
  return known ?? "en";
}

// addWords makes words known: {en: {word: text}, zh: {word: text}}.
export function addWords(more) {
  for (const tag of Object.keys(NAMES)) Object.assign(dictionary[tag], more[tag]);
}

// say is the text of a word, with its {name}s filled in.
export function say(word, values = {}) {
  const text = dictionary[language][word] ?? dictionary.en[word];
  if (text === undefined) throw new Error(`no such word: ${word}`);
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// write puts a word into an element, for as long as nothing else is written there.
// No word empties it.
export function write(element, word, values = {}) {
  filled.set(element, values);
  element.dataset.word = word;
  element.textContent = word ? say(word, values) : "";
}

// label does the same for the accessible name and the tip that shows it.
export function label(element, word, values = {}) {
  filled.set(element, values);
  element.dataset.wordLabel = element.dataset.wordTitle = word;
  translateOne(element);
}

// translate writes all words below root in the page's language.
export function translate(root = document) {
  for (const element of root.querySelectorAll(
    "[data-word], [data-word-label], [data-word-title], [data-word-placeholder]")) translateOne(element);
}

function translateOne(element) {
  const values = filled.get(element);
  if (element.dataset.word) element.textContent = say(element.dataset.word, values);
  for (const [key, attribute] of Object.entries(ATTRIBUTES)) {
    if (element.dataset[key]) element.setAttribute(attribute, say(element.dataset[key], values));
  }
}

// onLanguage calls the listener after each change of language.
export function onLanguage(listener) { listeners.add(listener); }

// start writes the page's words, and lets the header's switch change the language.
export function start() {
  const button = document.getElementById("language");
  button.addEventListener("click", () => change(language === "en" ? "zh" : "en"));
  show(button);
  onLanguage(() => show(button));
}

function change(to) {
  language = to;
  try {
    localStorage.setItem(KEY, to);
  } catch {
    // then it lasts as long as the page
  }
  for (const listener of listeners) listener(language);
}

// show writes everything; the switch names the other language, in that language.
function show(button) {
  const other = language === "en" ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  translate();
  button.textContent = NAMES[other];
  button.lang = other === "zh" ? "zh-CN" : "en";
}

addWords({
  en: {
    "page.call": "Call", "page.check": "Check", "page.debug": "Debug", "page.embed": "Embed",
    "page.all": "Pages", "page.skip": "Skip to content",
  },
  zh: {
    "page.call": "通话", "page.check": "检测", "page.debug": "调试", "page.embed": "接入",
    "page.all": "页面", "page.skip": "跳到正文",
  },
});
