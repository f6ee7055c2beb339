// Values as text: what the log shows of arguments, results, payloads and frames.

// SECRETS are fields of which only the beginning is shown, unless asked for.
const SECRETS = new Set(["token", "credential"]);

// snapshot is a value as JSON, as it is now: objects of the browser and of the SDK by what
// they are, for JSON would make {} of them.
export function snapshot(value, nameOf = () => undefined) {
  const parents = [];
  return JSON.stringify(value, function (key, original) {
    while (parents.length && parents.at(-1) !== this) parents.pop();
    const seen = plain(this[key], nameOf) ?? original;
    if (seen === null || typeof seen !== "object") return seen;
    if (parents.includes(seen)) return "[the object around it]";
    parents.push(seen);
    return seen;
  }) ?? "undefined";
}

// plain is what stands for a value that JSON cannot hold.
function plain(value, nameOf) {
  switch (typeof value) {
    case "bigint": return String(value);
    case "function": return "[function]";
    case "undefined": return undefined;
    case "number": return Number.isFinite(value) ? value : String(value);
    case "object": return value === null ? null : ofClass(value, nameOf);
    default: return value;
  }
}

function ofClass(value, nameOf) {
  const name = nameOf(value);
  const what = value.constructor?.name ?? "Object";
  if (name) return `[${what} ${name}]`;
  if (value instanceof MediaStream) return `[MediaStream ${value.getTracks().map(({ kind }) => kind).join(", ")}]`;
  if (value instanceof MediaStreamTrack) return `[MediaStreamTrack ${value.kind} ${value.label}]`;
  if (value instanceof Element) return `[<${value.localName}>]`;
  if (value instanceof Event) return `[Event ${value.type}]`;
  if (value instanceof Error) return { name: value.name, message: value.message, code: value.code };
  if (value instanceof Map) return Object.fromEntries(value);
  if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
  return what.startsWith("Zego") ? `[${what}]` : value;
}

// pretty is JSON text to read; text that is no JSON stays as it is.
export function pretty(text, secrets = false) { return reformat(text, secrets, 2); }

// compact is the same in one line.
export function compact(text, secrets = false) { return reformat(text, secrets, 0); }

function reformat(text, secrets, indent) {
  try {
    return JSON.stringify(JSON.parse(text), (key, value) => (secrets ? value : veiled(key, value)), indent);
  } catch {
    return text;
  }
}

function veiled(key, value) {
  return SECRETS.has(key) && typeof value === "string" ? shorten(value) : value;
}

// shorten keeps enough of a secret to tell two apart.
export function shorten(secret) {
  return secret.length > 8 ? `${secret.slice(0, 6)}… (${secret.length})` : secret && "…";
}

// codeOf is the code of a failure in any of the contract's shapes.
export function codeOf(failure) { return failure?.code ?? failure?.errorCode; }

// textOf is its text.
export function textOf(failure) {
  if (failure === null || typeof failure !== "object") return String(failure);
  return String(failure.msg ?? failure.message ?? failure.extendedData ?? "");
}
