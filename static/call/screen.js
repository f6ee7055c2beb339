// Sharing the screen: a second stream of mine, beside camera and microphone.

import { byId } from "../ui/element.js";
import { Tile } from "./tile.js";

const CANCELLED = 1103042;

export class Screen {
  onChange = () => {};
  onProblem = () => {};
  #engine; #stage; #stream; #streamID; #tile;

  constructor(engine, stage) {
    this.#engine = engine;
    this.#stage = stage;
    byId("screen").hidden = !navigator.mediaDevices?.getDisplayMedia; // phones cannot
    byId("unshare").addEventListener("click", () => {
      this.stop();
      byId("screen").focus();
    });
    // The browser's own button ends the capture; what was published is ours to end.
    engine.on("screenSharingEnded", (stream) => { if (stream === this.#stream) this.stop(); });
  }

  get on() { return Boolean(this.#stream); }
  get streamID() { return this.#streamID; }
  get tile() { return this.#tile; }

  // start lets the visitor pick a screen, and publishes it. It is shown here as well.
  async start(me) {
    if (this.#stream) return;
    let stream;
    try {
      stream = await this.#engine.createStream({ screen: { audio: true, videoQuality: 2 } });
    } catch (error) {
      if (error.code !== CANCELLED) this.onProblem(error);
      return;
    }
    if (this.#stream || !this.onStart()) return this.#engine.destroyStream(stream);
    this.#stream = stream;
    this.#streamID = `${me.userID}-screen`;
    this.#engine.startPublishingStream(this.#streamID, stream);
    this.#tile = new Tile({ user: me, kind: "screen", mine: true });
    this.#tile.show({ camera: true });
    this.#stage.add(this.#tile);
    this.#tile.showOwn(this.#engine, stream);
    this.#show();
  }

  // onStart tells whether there is still a call to share with once a screen was picked.
  onStart = () => true;

  stop() {
    if (!this.#stream) return;
    this.#engine.stopPublishingStream(this.#streamID);
    this.#engine.destroyStream(this.#stream);
    this.#stage.remove(this.#tile);
    this.#stream = this.#streamID = this.#tile = undefined;
    this.#show();
  }

  #show() {
    byId("screen").setAttribute("aria-pressed", String(this.on));
    byId("sharing").hidden = !this.on;
    this.onChange(this.on);
  }
}
