// The wire, seen: every WebSocket of the page reports what it sends and receives.
//
// Loaded before the SDK, which uses the global WebSocket like anybody. Whose socket one is
// says a mark in the query of its URL: a panel puts it into the server that it gives to its
// engine, and it is taken off again before the browser connects.
"use strict";

globalThis.debugWire = (() => {
  const NAME = "debug-panel";
  const wire = { report() {}, mark, unmark };

  // mark gives a server's URL the number of a panel. What is no URL stays as it is.
  function mark(server, panel) {
    if (!URL.canParse(server)) return server;
    const url = new URL(server);
    url.searchParams.set(NAME, panel);
    return url.href;
  }

  // unmark takes the number out again: {url, panel}.
  function unmark(marked) {
    const url = new URL(marked, document.baseURI);
    const panel = Number(url.searchParams.get(NAME)) || undefined;
    if (panel) url.searchParams.delete(NAME);
    return { url: panel ? url.href : String(marked), panel };
  }

  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class WebSocket extends Native {
    #asked;
    #panel;

    constructor(asked, protocols = []) {
      const { url, panel } = unmark(asked);
      super(url, protocols);
      this.#asked = panel ? String(asked) : undefined;
      this.#panel = panel;
      this.#say("socket", `connecting ${url}`);
      this.addEventListener("open", () => this.#say("socket", "open"));
      this.addEventListener("message", ({ data }) => this.#say("received", data));
      this.addEventListener("close", ({ code, reason }) => this.#say("socket", `closed ${code} ${reason}`));
    }

    // url is what was asked for: the SDK compares it with that.
    get url() { return this.#asked ?? super.url; }

    send(data) {
      this.#say("sent", data);
      super.send(data);
    }

    #say(direction, data) {
      wire.report({ panel: this.#panel, direction, data, time: performance.now() });
    }
  };
  return wire;
})();
