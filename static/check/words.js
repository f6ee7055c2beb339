// The words of the page check.

import { addWords } from "../ui/language.js";

addWords({
  en: { "check.page": "ExpressRTC: check", "check.title": "Check" },
  zh: { "check.page": "ExpressRTC 检测", "check.title": "检测" },
});
