// The call page: the lobby, the call, and what comes after it.
// Everything is done with the public API of ZegoExpressEngine.

import "./words.js";
import { start, write } from "../ui/language.js";
import { byId } from "../ui/element.js";
import { DevicePickers } from "../ui/devices.js";
import { invitation } from "../ui/invitation.js";
import { notice } from "../ui/notice.js";
import { Call } from "./call.js";
import { Capture } from "./capture.js";
import { linkTo, rememberName, userID } from "./identity.js";
import { copy, invite } from "./invite.js";
import { listenToKeys } from "./keys.js";
import { Lobby } from "./lobby.js";
import { Panels } from "./panels.js";

const CANCELLED = 1102026; // what loginRoom rejects with after logoutRoom
const PATIENCE = 5000;     // ms until it is said that the server does not answer

// Page connects the parts of the page with each other, and knows which view is shown.
class Page {
  #engine; #capture; #lobby; #panels; #call; #pickers;
  #room; #name; #me;
  #joining = false;

  constructor(engine) {
    engine.setLogConfig({ logLevel: "disable" }); // the page itself says what went wrong
    engine.setSoundLevelDelegate(true, 100); // for the meter
    this.#engine = engine;
    this.#capture = new Capture(engine);
    this.#lobby = new Lobby(engine, this.#capture);
    this.#panels = new Panels(["chat", "people"], (open) => { if (open === "chat") this.#call.chat.opened(); });
    this.#call = new Call(engine, this.#capture, { isChatOpen: () => this.#panels.open === "chat" });
    this.#pickers = new DevicePickers(engine, {
      camera: byId("pick-camera"), microphone: byId("pick-microphone"), speaker: byId("pick-speaker"),
    }, { onPick: (kind, id) => this.#pick(kind, id), inUse: (kind) => this.#capture.inUse(kind) });
    this.#hearParts();
    this.#hearButtons();
    listenToKeys(() => this.#call.active && !document.querySelector("dialog[open]"));
    this.#showLobby();
  }

  #hearParts() {
    this.#capture.onChange = () => this.#showDevices();
    this.#lobby.onJoin = (name, room) => this.#join(name, room);
    this.#lobby.onCancel = () => this.#engine.logoutRoom();
    this.#lobby.onFailure = (error) => this.#explain(error);
    this.#call.onEnd = (why) => this.#showLeft(why);
    this.#call.chat.onUnread = (unread) => this.#showTitle(unread);
    for (const event of ["videoDeviceStateChanged", "audioDeviceStateChanged"]) {
      this.#engine.on(event, (change) => { if (change === "DELETE") this.#onUnplugged(); });
    }
  }

  #hearButtons() {
    const capture = this.#capture, call = this.#call;
    const on = (id, listener, event = "click") => byId(id).addEventListener(event, listener);
    for (const place of ["", "lobby-"]) {
      on(`${place}microphone`, () => this.#attempt(capture.setMicrophone(!capture.sendsMicrophone)));
      on(`${place}camera`, () => this.#attempt(capture.setCamera(!capture.sendsCamera)));
    }
    on("screen", () => call.screen.on ? call.screen.stop() : call.screen.start(this.#me));
    on("leave", () => { call.leave(); this.#showLeft(); });
    on("hear", () => call.hear());
    on("invite", () => invite(linkTo(this.#room), this.#room));
    on("copy", () => copy(linkTo(this.#room)));
    on("grid", () => call.stage.setPlain(!call.stage.plain));
    on("quality", toggleQuality);
    on("settings", () => byId("settings-dialog").showModal());
    on("settings-close", () => byId("settings-dialog").close());
    on("again", (event) => this.#joinAgain(event), "submit");
    on("elsewhere", () => this.#goElsewhere());
  }

  async #join(name, room) {
    if (this.#joining) return;
    [this.#name, this.#room] = [name, room];
    const known = this.#capture.failure; // what the lobby has said is not said again
    this.#busy(true);
    const waiting = setTimeout(sayWaiting, PATIENCE);
    try {
      this.#me = { userID: await userID(), userName: name };
      await this.#call.enter(room, this.#me);
      this.#showCall();
      if (this.#capture.failure && this.#capture.failure !== known) this.#call.problem(this.#capture.failure);
    } catch (error) {
      if (byId("lobby").hidden) this.#showLobby();
      this.#lobby.problem(error.code === CANCELLED ? undefined : error);
    } finally {
      clearTimeout(waiting);
      this.#busy(false);
    }
  }

  // #busy shows that one is on the way into the call, wherever one joins from.
  #busy(on) {
    this.#joining = on;
    this.#lobby.busy(on);
    byId("rejoin").disabled = on;
    write(byId("rejoin"), on ? "lobby.joining" : "left.again");
  }

  #joinAgain(event) {
    event.preventDefault();
    const name = byId("new-name").value.trim() || this.#name;
    byId("name").value = name;
    rememberName(name);
    this.#attempt(this.#capture.start());
    this.#join(name, this.#room);
  }

  // #goElsewhere does not wait for a call that one was about to join again.
  #goElsewhere() {
    if (this.#joining) this.#engine.logoutRoom();
    this.#showLobby();
    byId("room").focus();
  }

  // #pick takes another device.
  #pick(kind, id) {
    this.#attempt(kind === "speaker" ? this.#call.useSpeaker(id) : this.#capture.use(kind, id));
  }

  // #onUnplugged: the SDK tells the call of devices that it lost, and nobody before that.
  #onUnplugged() {
    if (!this.#call.active) this.#attempt(this.#capture.recover());
  }

  async #attempt(change) {
    try {
      await change;
    } catch (error) {
      this.#explain(error);
    }
  }

  // #explain says what went wrong with camera or microphone where the visitor is.
  #explain(error) {
    if (this.#call.active) this.#call.problem(error);
    else this.#lobby.explain(error);
  }

  #showDevices() {
    showToggles(this.#capture);
    this.#lobby.show();
    this.#call.showMine();
    this.#pickers.refresh();
  }

  #showLobby() {
    show("lobby");
    byId("devices-lobby").append(byId("devices"));
    this.#lobby.problem();
    this.#lobby.preview();
    write(byId("title"), "call.page");
  }

  #showCall() {
    const link = linkTo(this.#room);
    show("call");
    byId("devices-call").append(byId("devices"));
    byId("call-title").textContent = this.#room;
    byId("link").value = link;
    if (invitation.token) write(byId("alone").querySelector("p"), "call.aloneInvited");
    history.replaceState(null, "", link); // a reload comes back to this room
    this.#showTitle(0);
    this.#call.stage.arrange();
    byId("microphone").focus();
  }

  #showTitle(unread) {
    if (this.#call.active) write(byId("title"), unread ? "call.unread" : "call.inRoom", { room: this.#room, unread });
  }

  // #showLeft says that the call is over, and why unless one left it oneself.
  #showLeft(why = { word: "" }) {
    this.#panels.close();
    byId("settings-dialog").close();
    show("left");
    write(byId("left-title"), why.word ? "left.ended" : "left.title");
    write(byId("left-why"), why.word, why.values);
    write(byId("title"), "call.page");
    byId("new-name").value = this.#name;
    byId("left-title").focus();
  }
}

// show shows one of the three views. Links do not take anybody out of a call.
function show(view) {
  for (const id of ["lobby", "call", "left"]) byId(id).hidden = id !== view;
  document.body.dataset.view = view;
  for (const link of document.querySelectorAll(".top a")) link.target = view === "call" ? "_blank" : "";
}

// sayWaiting: the SDK goes on trying for a good while.
function sayWaiting() {
  if (byId("lobby").hidden) write(byId("left-why"), "problem.waiting");
  else notice(byId("lobby-problem"), "problem.waiting");
}

function showToggles({ sendsCamera, sendsMicrophone }) {
  for (const place of ["", "lobby-"]) {
    byId(`${place}microphone`).setAttribute("aria-pressed", String(sendsMicrophone));
    byId(`${place}camera`).setAttribute("aria-pressed", String(sendsCamera));
  }
}

function toggleQuality() {
  const on = byId("tiles").classList.toggle("figured");
  byId("quality").setAttribute("aria-pressed", String(on));
}

start();
if (typeof ZegoExpressEngine === "undefined") {
  write(byId("preview-state"), "");
  notice(byId("preview-problem"), "problem.noSDK");
  byId("enter").disabled = true;
} else {
  new Page(new ZegoExpressEngine(invitation.app, ""));
}
