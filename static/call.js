// A call on ExpressRTC's public API alone: one room, everybody sees and hears everybody.
"use strict";

const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

let engine, room, localStream, streamID;
let muted = false, hidden = false;

$("name").value = query.get("name") ?? "";
$("room").value = query.get("room") ?? "lobby";
$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  join($("name").value.trim(), $("room").value.trim());
});
$("leave").addEventListener("click", () => leave(say("left")));
$("mic").addEventListener("click", toggleMicrophone);
$("camera").addEventListener("click", toggleCamera);
$("invite").addEventListener("click", copyLink);

async function join(name, roomID) {
  if (typeof ZegoExpressEngine === "undefined") return problem(say("noSDK"));
  problem("");
  busy(true);
  status(say("connecting"));
  const waiting = setTimeout(() => problem(say("away")), 5000);
  engine = new ZegoExpressEngine(1, "");
  listen(engine);
  try {
    room = roomID;
    // The server knows users by id; the name is what people see.
    const userID = "user-" + crypto.getRandomValues(new Uint32Array(2)).join("-");
    await engine.loginRoom(room, "", { userID, userName: name }, { userUpdate: true });
    clearTimeout(waiting);
    problem("");
    showCall();
    await publish(userID);
  } catch (error) {
    clearTimeout(waiting);
    end(explain(error));
  }
}

// publish shows and sends camera and microphone. Without them one still sees the others.
async function publish(userID) {
  const mine = engine;
  status(say("starting"));
  try {
    const stream = await mine.createStream();
    if (engine !== mine) return mine.destroyStream(stream);
    localStream = stream;
    $("self").hidden = false;
    mine.createLocalStreamView(localStream).play("local-video", { mirror: true, objectFit: "cover" });
    streamID = userID + "-camera";
    mine.startPublishingStream(streamID, localStream);
  } catch (error) {
    if (engine === mine) problem(explain(error));
  }
  if (engine === mine) status(say("connected", room));
  for (const id of ["mic", "camera"]) $(id).disabled = !localStream;
}

function listen(zg) {
  zg.on("roomStreamUpdate", (_, change, streams) => {
    for (const stream of streams) {
      if (change === "ADD") play(zg, stream);
      else remove(zg, stream.streamID);
    }
  });
  zg.on("roomStateChanged", (_, reason, code, text) => {
    if (zg !== engine) return;
    if (reason === "RECONNECTING") status(say("reconnecting"));
    if (reason === "RECONNECTED") status(say("connected", room));
    if (reason === "RECONNECT_FAILED") end(say("away"));
    if (reason === "KICKOUT") end(code === 1002050 ? say("elsewhere") : say("ended", text));
  });
}

// play shows somebody's stream beside the others.
async function play(zg, { streamID: id, user }) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const frame = document.createElement("div");
  frame.className = "frame";
  caption.textContent = user.userName || user.userID;
  figure.dataset.stream = id;
  figure.append(frame, caption);
  $("remote-video").append(figure);
  $("alone").hidden = true;
  try {
    const stream = await zg.startPlayingStream(id);
    zg.createRemoteStreamView(stream).play(frame, { objectFit: "cover" });
  } catch (error) {
    if (zg === engine) problem(explain(error));
    figure.remove();
  }
}

function remove(zg, id) {
  zg.stopPlayingStream(id);
  for (const figure of [...$("remote-video").children]) {
    if (figure.dataset.stream === id) figure.remove();
  }
  $("alone").hidden = $("remote-video").children.length > 0;
}

function toggleMicrophone() {
  muted = !muted;
  engine.mutePublishStreamAudio(localStream, muted);
  press($("mic"), muted, muted ? "unmute" : "mute");
}

function toggleCamera() {
  hidden = !hidden;
  engine.mutePublishStreamVideo(localStream, hidden);
  press($("camera"), hidden, hidden ? "show" : "hide");
}

function press(button, on, word) {
  button.setAttribute("aria-pressed", String(on));
  button.textContent = say(word);
}

async function copyLink() {
  const link = new URL(location.pathname, location.href);
  link.searchParams.set("room", room);
  try {
    await navigator.clipboard.writeText(link.href);
    status(say("copied"));
  } catch {
    status(link.href); // to be copied by hand
  }
}

function leave(text) {
  end("");
  status(text);
}

// end takes the call down: stop sending, let go of the camera, leave the room.
function end(text) {
  const zg = engine;
  engine = undefined;
  if (zg) {
    if (streamID) zg.stopPublishingStream(streamID);
    if (localStream) zg.destroyStream(localStream);
    zg.logoutRoom();
    zg.destroyEngine();
  }
  localStream = streamID = undefined;
  muted = hidden = false;
  press($("mic"), false, "mute");
  press($("camera"), false, "hide");
  $("remote-video").replaceChildren();
  $("local-video").replaceChildren();
  $("self").hidden = $("call").hidden = true;
  $("join").hidden = false;
  busy(false);
  status("");
  problem(text);
}

function showCall() {
  $("join").hidden = true;
  $("call").hidden = $("alone").hidden = false;
  $("alone").hidden = $("remote-video").children.length > 0;
  $("leave").focus();
}

function busy(on) {
  for (const field of $("join").elements) field.disabled = on;
}

function status(text) { $("status").textContent = text; }

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

// explain says in plain words what a code means for the person in front.
function explain(error) {
  const words = {
    1103064: "refused", 1103065: "busy", 1103002: "insecure",
    1002034: "full", 1002011: "badRoom", 1002012: "badRoom", 1002013: "badRoom", 1101002: "noSDK",
  };
  const code = error?.code ?? error?.errorCode;
  if (code === 1103061 && /NotFound/.test(error.msg)) return say("noDevice");
  if (words[code]) return say(words[code]);
  return say("failed", `${error?.msg ?? error?.extendedData ?? error} (${code ?? "?"})`);
}
