// The invitation that a page was opened with: the app, as whom, to which room, and the token
// that proves it: ?app=…&user=…&room=…#token=…, as "expressrtc token --link" writes it. What
// stands behind the # reaches no server; it is taken out of the address at once, and kept
// for as long as the tab is there.

const KEY = "expressrtc-invitation";
const OPEN_APP = 1; // for a server that has no apps: any number does there

export const invitation = { app: OPEN_APP, user: "", room: "", token: "", ...read() };

function read() {
  const url = new URL(location.href);
  const token = new URLSearchParams(url.hash.slice(1)).get("token")?.replaceAll(" ", "+"); // a + that nobody escaped
  const given = { app: Number(url.searchParams.get("app")) || OPEN_APP, user: url.searchParams.get("user") ?? "", room: url.searchParams.get("room") ?? "" };
  if (!token) return again(given, url.searchParams) ?? { app: given.app };
  url.hash = "";
  history.replaceState(history.state, "", url);
  remember({ ...given, token });
  return { ...given, token };
}

// again is the invitation that the tab was opened with, unless the address is about another
// room, app or user than that.
function again(given, query) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return ["app", "user", "room"].every((name) => !query.has(name) || !kept[name] || given[name] === kept[name]) ? kept ?? undefined : undefined;
  } catch {
    return undefined;
  }
}

function remember(given) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(given));
  } catch {
    // then it is good until the page is left
  }
}
