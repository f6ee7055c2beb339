// The fields of a panel: from the address, else as they were in this tab, else a proposal.
// The token is kept in this tab alone, and taken out of the address, where it may stand as
// in the links of invitations: ?app=…&user=…&room=…#token=…

const NAMES = ["appID", "server", "room", "user", "name", "token"];
const SHARED = ["appID", "server", "room"]; // what a second user begins with
const query = readQuery();

export class Fields {
  #listeners = new Set();

  // first are the fields of the first user, for the second one.
  constructor(number, form, first) {
    this.form = form;
    this.key = `expressrtc-debug-${number}`;
    const shared = first ? pick(first.values(), SHARED) : query;
    const before = kept(this.key);
    if (shared.server && shared.server !== before.server) delete before.token; // another server has no right to it
    this.#fill({ ...proposal(number), ...before, ...shared });
    form.addEventListener("input", () => this.#changed());
    this.#changed();
  }

  values() { return Object.fromEntries(NAMES.map((name) => [name, this.form.elements[name].value.trim()])); }

  // engine is what the constructor takes: several servers are an array.
  engine() {
    const { appID, server } = this.values();
    const servers = server.split(/[\s,]+/);
    return { appID: Number(appID), server: servers.length > 1 ? servers : server };
  }

  // link opens this page with the same fields. The token is not for addresses.
  link() {
    const url = new URL(location.pathname, location.href);
    for (const [name, value] of Object.entries(pick(this.values(), [...SHARED, "user", "name"]))) {
      if (value) url.searchParams.set(name, value);
    }
    return url.href;
  }

  onChange(listener) { this.#listeners.add(listener); }

  #fill(values) {
    for (const name of NAMES) this.form.elements[name].value = values[name] ?? "";
  }

  #changed() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.values()));
    } catch {
      // then they last as long as the page
    }
    for (const listener of this.#listeners) listener();
  }
}

function readQuery() {
  const url = new URL(location.href);
  const found = new Map(url.searchParams);
  if (found.has("app")) found.set("appID", found.get("app"));
  const secret = new URLSearchParams(url.hash.slice(1)).get("token")?.replaceAll(" ", "+");
  if (secret) {
    found.set("token", secret);
    url.hash = "";
  }
  url.searchParams.delete("token");
  if (found.has("token")) history.replaceState(history.state, "", url);
  return Object.fromEntries(NAMES.filter((name) => found.has(name)).map((name) => [name, found.get(name)]));
}

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function proposal(number) {
  const own = crypto.getRandomValues(new Uint16Array(1))[0].toString(16).padStart(4, "0"); // randomUUID wants https
  return { appID: "1", server: `${location.origin.replace(/^http/, "ws")}/ws`, room: `debug-${own}`, user: `user-${number}-${own}`, name: `User ${number}`, token: "" };
}

function pick(values, names) { return Object.fromEntries(names.map((name) => [name, values[name]])); }
