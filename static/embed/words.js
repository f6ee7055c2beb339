// The words of the page embed.

import { addWords } from "../ui/language.js";

addWords({
  en: { "embed.page": "ExpressRTC: embed", "embed.title": "Embed" },
  zh: { "embed.page": "ExpressRTC 接入", "embed.title": "接入" },
});
