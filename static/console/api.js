// The console's way to the server: requests, and what is known of who asks.

const listeners = new Set();

// Refusal is an answer that is no success: code has words, see words.js.
export class Refusal extends Error {
  constructor(status, { code, message }) {
    super(message);
    Object.assign(this, { status, code });
  }
}

// onSignedOut calls the listener when the server does not know this browser any more.
export function onSignedOut(listener) { listeners.add(listener); }

export const get = (path, query = {}) => ask("GET", `${path}?${new URLSearchParams(query)}`);
export const post = (path, body) => ask("POST", path, body);
export const remove = (path) => ask("DELETE", path);

// ask makes a request. It throws a Refusal; that of a server which is away is "away".
async function ask(method, path, body) {
  const response = await fetch(`console/api/${path}`, {
    method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(15000),
  }).catch(() => undefined);
  if (!response || response.status >= 502) throw new Refusal(0, { code: "away", message: "" });
  const answer = response.status === 204 ? undefined : await read(response);
  if (response.ok) return answer;
  const refusal = new Refusal(response.status, answer?.error ?? { code: "internal", message: response.statusText });
  if (refusal.code === "signIn") for (const listener of listeners) listener();
  throw refusal;
}

async function read(response) {
  try {
    return await response.json();
  } catch {
    return undefined; // something else answers in the server's place
  }
}
