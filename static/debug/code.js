// The calls made so far as JavaScript that runs in a page of one's own.

import { isFailure, tell } from "./calls.js";
import { shorten } from "./values.js";

const OWN_BOX = 'document.getElementById("video") ?? document.body.appendChild(Object.assign(document.createElement("div"), { id: "video" }))';

export class Code {
  #calls = [];

  begin(row, target, args) {
    const call = { row, target: target.name, args };
    this.#calls.push(call);
    return call;
  }

  clear() { this.#calls = []; }

  // text is the program. Server and token are the panel's; a token is shortened unless asked for.
  text({ appID, server, token }, events, secrets) {
    const lines = this.#calls.filter(({ row }) => row.of !== "static").map((call) => line(call, token));
    const used = lines.join("\n");
    return [
      '// Load the SDK first: <script src="ZegoExpressWebRTC.js"></script>',
      ...this.#calls.filter(({ row }) => row.of === "static").map((call) => line(call, token).replaceAll("await ", "")),
      `const engine = new ZegoExpressEngine(${appID}, ${JSON.stringify(server)});`,
      `const token = ${JSON.stringify(secrets ? token : shorten(token))};${token && !secrets ? " // put yours here" : ""}`,
      ...(/\bvideoBox\(/.test(used) ? [`const videoBox = (name) => ${OWN_BOX.replaceAll('"video"', '"video-" + name')};`] : []),
      ...(/\bpainted\b/.test(used) ? ["const painted = document.createElement(\"canvas\").captureStream(); // or any MediaStream of yours"] : []),
      "",
      `for (const name of ${JSON.stringify(events)}) {`,
      "  engine.on(name, (...values) => console.log(name, ...values));",
      "}",
      "",
      "async function main() {",
      ...lines.map((text) => `  ${text}`),
      "}",
      "main();",
      "",
    ].join("\n");
  }
}

// line is one call. One that failed or goes on is there to read, not to run.
function line({ row, target, args, outcome, made }, token) {
  const list = args.map(({ code }, i) => argument(code, row.parameters[i].name, token));
  const call = `${outcome?.how === "returned" || outcome?.how === "threw" ? "" : "await "}${target}.${row.name}(${list.join(", ")});`;
  if (!outcome) return `// ${call} // has not answered yet`;
  if (isFailure(outcome)) return `// ${call} // ${tell(outcome, "failed").replace(/\s+/g, " ")}`;
  return made ? `const ${made} = ${call}` : call;
}

function argument(code, name, token) {
  if (code === undefined) return "undefined";
  if (name === "token" && code === JSON.stringify(token)) return "token";
  return code.replaceAll("\n", " ");
}
