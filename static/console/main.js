// The console: who is signed in, which view is shown, and what the server tells of changes.

import "./words.js";
import "./words-reasons.js";
import { byId } from "../ui/element.js";
import { onLanguage, start as speak, write } from "../ui/language.js";
import { toast } from "../ui/toast.js";
import { get, onSignedOut, post, remove } from "./api.js";
import { Apps } from "./apps.js";
import { Joins } from "./joins.js";
import { Live } from "./live.js";
import { Overview } from "./overview.js";
import { Room } from "./room.js";
import { Rooms } from "./rooms.js";
import { tell } from "./telling.js";
import { Token } from "./token.js";

const views = { overview: new Overview(), rooms: new Rooms(), room: new Room(), apps: new Apps(), token: new Token(), joins: new Joins() };
const live = new Live({
  onTick: (tick) => current?.tick?.(tick),
  onAway: () => write(byId("away"), "console.away"),
  onBack(away) {
    write(byId("away"), "");
    if (away) toast("console.back");
    show(false); // what changed meanwhile no tick tells
  },
  onSignedOut: () => leave("console.ended"),
});
let current; // the view that is shown; undefined while nobody is signed in
let name;

// enter begins after signing in, and when the page is loaded again.
function enter(state) {
  byId("sign-in").hidden = true;
  byId("nav").hidden = byId("sign-out").hidden = false;
  for (const view of Object.values(views)) view.enter?.(state);
  live.start();
  show(false);
}

// leave shows the way in again, and why.
function leave(why = "") {
  live.stop();
  current = name = undefined;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const id of Object.keys(views)) byId(id).hidden = true;
  byId("nav").hidden = byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  write(byId("away"), "");
  write(byId("sign-in-problem"), why);
  byId("key").value = "";
  byId("key").focus();
}

// show shows the view that the address names, and moves the focus there when one came by a link.
function show(moved = true) {
  const [view, query] = location.hash.slice(1).split("?");
  name = Object.hasOwn(views, view) ? view : "overview";
  current = views[name];
  for (const id of Object.keys(views)) byId(id).hidden = id !== name;
  for (const link of document.querySelectorAll("#nav a")) mark(link, link.hash === `#${name === "room" ? "rooms" : name}`);
  current.show(new URLSearchParams(query));
  if (!moved) return;
  byId(`${name}-title`).focus({ preventScroll: true });
  scrollTo(0, 0);
}

function mark(link, is) {
  if (is) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

async function signIn(event) {
  event.preventDefault();
  write(byId("sign-in-problem"), "");
  try {
    await post("session", { key: byId("key").value });
    byId("key").value = "";
    enter(await get("session"));
    byId(`${name}-title`).focus();
  } catch (error) {
    tell(byId("sign-in-problem"), error);
    byId("key").select();
  }
}

async function signOut() {
  await remove("session").catch(() => {}); // the server is away: it forgets by itself
  leave("console.signedOut");
}

async function begin() {
  try {
    const state = await get("session");
    if (state.signedIn) return enter(state);
  } catch (error) {
    tell(byId("sign-in-problem"), error);
  }
  byId("key").focus();
}

byId("sign-in-form").addEventListener("submit", signIn);
byId("sign-out").addEventListener("click", signOut);
onSignedOut(() => current && leave("console.ended"));
addEventListener("hashchange", () => current && show());
speak();
onLanguage(() => current?.show(new URLSearchParams(location.hash.split("?")[1])));
begin();
