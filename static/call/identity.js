// Who one is and where to: the user's id, the name, the room, and the link to it.

import { invitation } from "../ui/invitation.js";
import { keep, recall } from "../ui/memory.js";

const query = new URLSearchParams(location.search);

export const ROOM_LENGTH = 128;
const ROOM_LETTERS = /^[\w#!$%&()`'+\-;<=.>@^~,\\*]+$/; // what the SDK takes; \w is ASCII here

// userID is the id that the server knows this tab by. It outlives a reload, so that the
// others see the same person come back, and is not shared by two tabs: a second login of
// one id ends the first. A tab that was duplicated has a copy of the id, but not its lock.
// Who was invited is whom the token is for.
export async function userID() {
  if (invitation.token) return invitation.user;
  if (held) return held;
  const kept = keptUser();
  const id = kept && await hold(kept) ? kept : "user-" + crypto.getRandomValues(new Uint32Array(2)).join("-");
  if (id !== kept) await hold(id);
  keepUser(id);
  held = id;
  return id;
}

let held; // the id whose lock this page has

function keptUser() {
  try {
    return sessionStorage.getItem("expressrtc-user");
  } catch {
    return undefined; // the page may keep nothing
  }
}

function keepUser(id) {
  try {
    sessionStorage.setItem("expressrtc-user", id);
  } catch {
    // then a reload is somebody new
  }
}

// hold takes a lock for as long as the page lives; false if another tab has it.
function hold(id) {
  if (!navigator.locks) return true;
  return new Promise((taken) => {
    navigator.locks.request(`expressrtc-${id}`, { ifAvailable: true }, (lock) => {
      taken(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    }).catch(() => taken(true)); // a page that may keep nothing may not lock either, nor may another tab
  });
}

export const firstName = () => query.get("name") ?? recall("name") ?? "";
export const rememberName = (name) => keep("name", name);

// firstRoom is the room of the link, or a new one that nobody else is likely to be in.
export const firstRoom = () => query.get("room") || invitation.room || suggestion();

const FIRST = ["amber", "blue", "calm", "clear", "green", "quiet", "silver", "sunny"];
const SECOND = ["bay", "forest", "garden", "harbor", "hill", "lake", "meadow", "river"];

function suggestion() {
  const [a, b, c] = crypto.getRandomValues(new Uint32Array(3));
  return `${FIRST[a % FIRST.length]}-${SECOND[b % SECOND.length]}-${1000 + c % 9000}`;
}

// roomProblem is the word for what is wrong with a room's name, or undefined.
export function roomProblem(room) {
  if (!room) return "lobby.noRoom";
  if (!ROOM_LETTERS.test(room) || room.length > ROOM_LENGTH) return "problem.badRoom";
  return undefined;
}

// linkTo is the page's address for others: with the room, without my name and my token.
export function linkTo(room) {
  const link = new URL(location.pathname, location.href);
  if (invitation.token) link.searchParams.set("app", invitation.app);
  link.searchParams.set("room", room);
  return link.href;
}
