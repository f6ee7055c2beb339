// The call: one login to one room, and what its events mean for the page's parts.

import { byId } from "../ui/element.js";
import { chosenDevice } from "../ui/devices.js";
import { notice } from "../ui/notice.js";
import { invitation } from "../ui/invitation.js";
import { explain } from "../ui/problem.js";
import { toast } from "../ui/toast.js";
import { Chat } from "./chat.js";
import { People } from "./people.js";
import { Screen } from "./screen.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";
import { Tile } from "./tile.js";

const REMOVED = 1002055; // what a call ends with that one was removed from
const LEVELS = 200; // ms between two looks at how loud everybody is

export class Call {
  onEnd = () => {}; // with the word and values of why, when it ends without leave
  #engine; #capture; #me; #room; #self;
  #people = new People();
  #status = new Status();
  #tiles = new Map();   // user id → the tile of that user
  #streams = new Map(); // stream id → {user, kind, tile}

  constructor(engine, capture, { isChatOpen }) {
    this.#engine = engine;
    this.#capture = capture;
    this.#self = new Tile({ user: { userID: "", userName: "" }, mine: true, figure: byId("self") });
    this.stage = new Stage(this.#self);
    this.chat = new Chat((text) => engine.sendBroadcastMessage(this.#room, text), isChatOpen);
    this.screen = new Screen(engine, this.stage);
    this.screen.onStart = () => this.active;
    this.screen.onProblem = (error) => this.problem(error);
    this.screen.onChange = (screen) => this.#people.change(this.#me.userID, { screen });
    this.#listen();
  }

  get active() { return this.#room !== undefined; }

  // enter joins a room and sends what there is to send. It throws what loginRoom rejects with.
  async enter(room, me) {
    this.#status.connecting();
    notice(byId("problem")); // of the call before
    // userUpdate: the room tells who is in it, also those who send nothing.
    await this.#engine.loginRoom(room, invitation.token, me, { userUpdate: true });
    this.#room = room;
    this.#me = me;
    this.#self.user = me;
    this.#self.rename();
    this.stage.enter(me.userID);
    this.#people.add(me, true);
    this.#capture.show(byId("local-video"));
    this.#capture.send(`${me.userID}-camera`);
    this.showMine();
    this.#engine.setSoundLevelDelegate(true, LEVELS);
    this.#status.connected();
  }

  // leave takes the call down: what is sent ends, the camera's light goes out. Closing the
  // tab needs nothing: the SDK tells the others.
  leave() {
    this.#room = undefined;
    this.screen.stop();
    this.#capture.stop();
    this.#status.ended();
    for (const id of this.#streams.keys()) this.#engine.stopPlayingStream(id);
    this.#streams.clear();
    this.#tiles.clear();
    this.stage.clear();
    this.#people.clear();
    this.chat.clear();
    byId("hear").hidden = true;
    this.#engine.logoutRoom();
  }

  // showMine shows what I send, after a change of it.
  showMine() {
    const { sendsCamera: camera, sendsMicrophone: microphone } = this.#capture;
    this.#self.show({ camera, microphone });
    if (this.active) this.#people.change(this.#me.userID, { camera, microphone });
  }

  problem(error) {
    const { word, values } = explain(error);
    notice(byId("problem"), word, values);
  }

  // hear plays what the browser refused to before the visitor touched the page.
  hear() {
    for (const tile of this.stage.tiles) tile.resume();
    byId("hear").hidden = true;
  }

  async useSpeaker(id) { await Promise.all(this.stage.tiles.map((tile) => tile.useSpeaker(id))); }

  // #listen hears the engine out for as long as the page lives. Events of a room that was
  // left a moment ago concern nobody any more.
  #listen() {
    const on = (event, listener) => this.#engine.on(event, (...args) => { if (this.active) listener(...args); });
    on("roomUserUpdate", (_, change, users) => users.forEach((user) => change === "ADD" ? this.#come(user) : this.#go(user)));
    on("roomStreamUpdate", (_, change, streams) => streams.forEach((stream) => change === "ADD" ? this.#play(stream) : this.#end(stream)));
    on("roomStateChanged", (_, reason, code, data) => this.#onState(reason, code, data));
    on("IMRecvBroadcastMessage", (_, messages) => messages.forEach((message) => this.chat.receive(message)));
    on("playerStateUpdate", ({ streamID, state }) =>
      this.#streams.get(streamID)?.tile.say(state === "PLAY_REQUESTING" ? "tile.connecting" : ""));
    on("publisherStateUpdate", ({ streamID, state, errorCode }) => this.#onPublishing(streamID, state, errorCode));
    on("remoteCameraStatusUpdate", (id, status) => this.#onSending(id, { camera: status === "OPEN" }));
    on("remoteMicStatusUpdate", (id, status) => this.#onSending(id, { microphone: status === "OPEN" }));
    on("playQualityUpdate", (id, stats) => this.#streams.get(id)?.tile.quality.show(stats));
    on("publishQualityUpdate", (id, stats) => (id === this.screen.streamID ? this.screen.tile : this.#self).quality.show(stats));
    on("soundLevelUpdate", (levels) => this.#onLevels(levels));
    on("deviceError", (_, device) => this.#onDeviceLost(device));
    on("audioDeviceStateChanged", (change, direction, device) => { if (direction === "Output") this.#onSpeaker(change, device); });
  }

  #onState(reason, code, data) {
    if (reason === "RECONNECTING") this.#status.away();
    if (reason === "RECONNECTED") this.#status.connected();
    if (reason === "RECONNECT_FAILED" || reason === "KICKOUT") {
      this.leave();
      const text = code === REMOVED && messageIn(data);
      this.onEnd(text ? { word: "problem.removedWhy", values: { text } } : explain({ code }));
    }
  }

  // #come: somebody is in the room; what they send is told of by itself.
  #come(user) {
    if (this.#tiles.has(user.userID)) return;
    const tile = new Tile({ user });
    this.#tiles.set(user.userID, tile);
    this.#people.add(user);
    this.stage.add(tile);
    this.#capture.fit(this.#people.others);
  }

  #go({ userID }) {
    const tile = this.#tiles.get(userID);
    if (!tile) return;
    this.#tiles.delete(userID);
    this.#people.remove(userID);
    this.stage.remove(tile);
    this.#capture.fit(this.#people.others);
  }

  // #play shows a stream of somebody: a camera in that user's tile, all else beside it.
  async #play({ streamID, user }) {
    if (this.#streams.has(streamID)) return;
    this.#come(user);
    const kind = streamID.endsWith("-screen") ? "screen" : "camera";
    const entry = { user, kind, tile: this.#place(user, kind), camera: true, microphone: true };
    this.#streams.set(streamID, entry);
    if (kind === "screen") this.#people.change(user.userID, { screen: true });
    entry.tile.say("tile.connecting");
    try {
      const stream = await this.#engine.startPlayingStream(streamID);
      if (this.#streams.get(streamID) !== entry) return;
      entry.tile.play(this.#engine, stream, {
        speaker: chosenDevice("speaker"), onSilent: () => { byId("hear").hidden = false; },
      });
    } catch (error) {
      if (this.#streams.get(streamID) === entry) this.problem(error);
    }
  }

  // #place is the tile for a stream: the user's own, unless it is taken or for a screen.
  #place(user, kind) {
    const tile = this.#tiles.get(user.userID);
    const taken = [...this.#streams.values()].some((other) => other.tile === tile);
    if (kind === "camera" && !taken) return tile;
    const more = new Tile({ user, kind });
    more.show({ camera: kind === "screen" });
    this.stage.add(more);
    return more;
  }

  #end({ streamID }) {
    const entry = this.#streams.get(streamID);
    if (!entry) return;
    this.#streams.delete(streamID);
    this.#engine.stopPlayingStream(streamID); // the room does not do that by itself
    const { user, kind, tile } = entry;
    if (tile === this.#tiles.get(user.userID)) {
      tile.end();
      this.#people.change(user.userID, { camera: false, microphone: false });
    } else {
      this.stage.remove(tile);
      if (kind === "screen") this.#people.change(user.userID, { screen: false });
    }
  }

  #onSending(streamID, change) {
    const entry = this.#streams.get(streamID);
    if (!entry) return;
    Object.assign(entry, change);
    const { camera, microphone } = entry;
    entry.tile.show({ camera, microphone: entry.kind === "camera" ? microphone : undefined });
    if (entry.kind === "camera") this.#people.change(entry.user.userID, { camera, microphone });
  }

  #onPublishing(streamID, state, errorCode) {
    if (streamID !== this.screen.streamID) this.#self.say(state === "PUBLISH_REQUESTING" ? "tile.sending" : "");
    if (state === "NO_PUBLISH" && errorCode) this.problem({ errorCode });
  }

  // #onLevels: how loud streams are becomes how loud people are.
  #onLevels(levels) {
    const list = levels.map(({ streamID, soundLevel }) => {
      const entry = this.#streams.get(streamID);
      return [entry ? entry.user.userID : this.#me.userID, soundLevel, entry?.kind ?? (streamID === this.screen.streamID ? "screen" : "camera")];
    });
    this.stage.hear(list.filter(([, , kind]) => kind === "camera"));
  }

  // #onDeviceLost: a device that is unplugged is replaced by another one, if there is one.
  async #onDeviceLost(device) {
    toast("devices.lost", { device });
    await this.#capture.recover().catch((error) => this.problem(error));
  }

  // #onSpeaker: while the chosen speaker is unplugged, the usual one plays; on the one that
  // is gone the sound would go nowhere.
  async #onSpeaker(change, { deviceID, deviceName }) {
    if (deviceID !== chosenDevice("speaker")) return;
    const there = change === "ADD";
    if (!there) toast("devices.lost", { device: deviceName });
    await this.useSpeaker(there ? deviceID : "").catch((error) => this.problem(error));
  }
}

// messageIn is what whoever removed me wrote; "" without, for then the SDK has put the
// number of a reason there, which is not for people.
function messageIn(data) {
  try {
    const text = JSON.parse(data).custom_kickout_message;
    return typeof text === "string" && !/; kickout reason: \d+$/.test(text) ? text.trim() : "";
  } catch {
    return "";
  }
}
