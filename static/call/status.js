// How the call is doing, in words: the connection, and how long it lasts.

import { byId } from "../ui/element.js";
import { language, write } from "../ui/language.js";

export class Status {
  #since; #timer;

  connecting() { write(byId("connection"), "status.connecting"); }

  // connected begins to count, or goes on counting when the server is back.
  connected() {
    write(byId("connection"), "status.connected");
    if (this.#timer) return;
    this.#since = Date.now();
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  // away: calls go from browser to browser, so only newcomers and messages miss the server.
  away() {
    const time = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    write(byId("connection"), "status.away", { time });
  }

  ended() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    write(byId("connection"), "");
    byId("duration").textContent = "0:00";
  }

  #tick() { byId("duration").textContent = duration(Date.now() - this.#since); }
}

// duration is 1:02:03, or 2:03.
function duration(ms) {
  const s = Math.floor(ms / 1000);
  const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, i) => i ? String(part).padStart(2, "0") : part).join(":");
}
