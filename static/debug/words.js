// The words of the page debug.

import { addWords } from "../ui/language.js";

addWords({
  en: { "debug.page": "ExpressRTC: debug", "debug.title": "Debug" },
  zh: { "debug.page": "ExpressRTC 调试", "debug.title": "调试" },
});
