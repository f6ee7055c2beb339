// The call page: the lobby, the call, and what comes after it.
// Everything is done with the public API of ZegoExpressEngine.

import "./words.js";
import { start, write } from "../ui/language.js";
import { byId } from "../ui/element.js";
import { DevicePickers } from "../ui/devices.js";
import { notice } from "../ui/notice.js";
import { Call } from "./call.js";
import { Capture } from "./capture.js";
import { linkTo, rememberName, userID } from "./identity.js";
import { copy, invite } from "./invite.js";
import { listenToKeys } from "./keys.js";
import { Lobby } from "./lobby.js";
import { Panels } from "./panels.js";

const CANCELLED = 1102026; // what loginRoom rejects with after logoutRoom

start();
if (typeof ZegoExpressEngine === "undefined") {
  write(byId("preview-state"), "");
  notice(byId("preview-problem"), "problem.noSDK");
  byId("enter").disabled = true;
} else {
  run(new ZegoExpressEngine(1, ""));
}

// run connects the parts of the page with each other.
function run(engine) {
  engine.setLogConfig({ logLevel: "disable" }); // the page itself says what went wrong
  const capture = new Capture(engine);
  const lobby = new Lobby(engine, capture);
  const panels = new Panels(["chat", "people"], (open) => { if (open === "chat") call.chat.opened(); });
  const call = new Call(engine, capture, { isChatOpen: () => panels.open === "chat" });
  const pickers = new DevicePickers(engine, {
    camera: byId("pick-camera"), microphone: byId("pick-microphone"), speaker: byId("pick-speaker"),
  }, pick);
  let room, name, me;

  capture.onChange = async () => {
    showToggles(capture);
    lobby.show();
    call.showMine();
    await pickers.refresh();
    for (const kind of ["camera", "microphone"]) pickers.show(kind, capture.inUse(kind));
  };
  lobby.onJoin = join;
  lobby.onCancel = () => engine.logoutRoom();
  call.onEnd = (why) => showLeft(why);
  call.chat.onUnread = showTitle;
  for (const place of ["", "lobby-"]) {
    byId(`${place}microphone`).addEventListener("click", () => attempt(capture.setMicrophone(!capture.sendsMicrophone)));
    byId(`${place}camera`).addEventListener("click", () => attempt(capture.setCamera(!capture.sendsCamera)));
  }
  byId("screen").addEventListener("click", () => call.screen.on ? call.screen.stop() : call.screen.start(me));
  byId("leave").addEventListener("click", () => { call.leave(); showLeft(); });
  byId("hear").addEventListener("click", () => call.hear());
  byId("invite").addEventListener("click", () => invite(linkTo(room), room));
  byId("copy").addEventListener("click", () => copy(linkTo(room)));
  byId("grid").addEventListener("click", () => call.stage.setPlain(!call.stage.plain));
  byId("quality").addEventListener("click", toggleQuality);
  byId("settings").addEventListener("click", () => byId("settings-dialog").showModal());
  byId("settings-close").addEventListener("click", () => byId("settings-dialog").close());
  byId("again").addEventListener("submit", joinAgain);
  byId("elsewhere").addEventListener("click", () => { showLobby(); byId("room").focus(); });
  listenToKeys(() => call.active && !document.querySelector("dialog[open]"));
  engine.setSoundLevelDelegate(true, 100); // for the meter
  showLobby();

  async function join(newName, newRoom) {
    [name, room] = [newName, newRoom];
    lobby.busy(true);
    const waiting = setTimeout(() => lobby.problem({ code: 1002031 }), 5000); // the SDK goes on trying
    try {
      me = { userID: await userID(), userName: name };
      await call.enter(room, me);
      showCall();
    } catch (error) {
      if (byId("lobby").hidden) showLobby();
      lobby.problem(error.code === CANCELLED ? undefined : error);
    } finally {
      clearTimeout(waiting);
      lobby.busy(false);
    }
  }

  // pick takes another device.
  function pick(kind, id) {
    attempt(kind === "speaker" ? call.useSpeaker(id) : capture.use(kind, id));
  }

  // attempt says what went wrong with camera or microphone where the visitor is.
  async function attempt(change) {
    try {
      await change;
    } catch (error) {
      if (call.active) call.problem(error);
      else lobby.problem(error);
    }
  }

  async function joinAgain(event) {
    event.preventDefault();
    name = byId("new-name").value.trim() || name;
    byId("name").value = name;
    rememberName(name);
    attempt(capture.start());
    join(name, room);
  }

  function showLobby() {
    show("lobby");
    byId("devices-lobby").append(byId("devices"));
    lobby.preview();
    write(byId("title"), "call.page");
  }

  function showCall() {
    show("call");
    byId("devices-call").append(byId("devices"));
    byId("call-title").textContent = room;
    byId("link").value = linkTo(room);
    history.replaceState(null, "", linkTo(room)); // a reload comes back to this room
    showTitle(0);
    call.stage.arrange();
    byId("microphone").focus();
  }

  function showTitle(unread) {
    if (call.active) write(byId("title"), unread ? "call.unread" : "call.inRoom", { room, unread });
  }

  // showLeft says that the call is over, and why unless one left it oneself.
  function showLeft(why = { word: "" }) {
    panels.close();
    byId("settings-dialog").close();
    show("left");
    write(byId("left-title"), why.word ? "left.ended" : "left.title");
    write(byId("left-why"), why.word, why.values);
    write(byId("title"), "call.page");
    byId("new-name").value = name;
    byId("left-title").focus();
  }
}

// show shows one of the three views.
function show(view) {
  for (const id of ["lobby", "call", "left"]) byId(id).hidden = id !== view;
  document.body.dataset.view = view;
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
