// My camera and microphone: one ZegoLocalStream, which the lobby shows and the call sends.

import { chooseDevice, chosenDevice } from "../ui/devices.js";

// What is sent by the number of others: each of them gets a stream of their own from here,
// so the picture gets smaller when there are more.
const SIZES = [
  { upTo: 1, width: 960, height: 540, frameRate: 24, maxBitrate: 1200 },
  { upTo: 3, width: 640, height: 360, frameRate: 20, maxBitrate: 600 },
  { upTo: Infinity, width: 480, height: 270, frameRate: 15, maxBitrate: 300 },
];
const KINDS = ["camera", "microphone"];
const VIDEO = 0, AUDIO = 1; // of updatePublishingStream

const REFUSED = 1103064, NO_SUCH_DEVICE = 1103066;

export class Capture {
  // What the visitor wants; what there really is say hasCamera and hasMicrophone.
  camera = true;
  microphone = true;
  failure; // why something that is wanted is not there, as start threw it last
  onChange = () => {};
  #engine; #stream; #starting; #recovering; #container; #sent; #published = false; #size = SIZES[0];
  #fitted = {}; // the track that is sent, and the size that it was given last
  #failures = {}; // by kind, what failure is made of
  #visit = 0; // counts the calls that were left

  constructor(engine) { this.#engine = engine; }

  get hasCamera() { return isLive(this.#stream?.videoCaptureStream); }
  get hasMicrophone() { return isLive(this.#stream?.audioCaptureStream); }
  get sendsCamera() { return this.hasCamera; }
  get sendsMicrophone() { return this.hasMicrophone && this.microphone; }

  // start asks for what is wanted and not there yet. It throws what is missing in the end:
  // the other of the two may be there nevertheless.
  start(kinds = KINDS) {
    const before = this.#starting;
    if (before && kinds.every((kind) => before.kinds.includes(kind))) return before.done;
    const done = Promise.resolve(before?.done).catch(() => {}).then(() => this.#start(kinds))
      .finally(() => { if (this.#starting.done === done) this.#starting = undefined; });
    this.#starting = { kinds, done };
    return done;
  }

  async #start(kinds) {
    const visit = this.#visit;
    this.#stream ??= await this.#engine.createZegoStream({ autoCapture: false, videoBitrate: SIZES[0].maxBitrate });
    const missing = kinds.filter((kind) => kind === "camera" ? this.camera && !this.hasCamera : !this.hasMicrophone);
    try {
      if (missing.length > 1) await this.#takeBoth();
      else if (missing.length) await this.#take(missing[0]);
    } finally {
      if (visit !== this.#visit) this.#end(); // one left while the browser was asking
      if (missing.includes("camera")) this.camera = this.hasCamera;
      this.#sum();
      this.#changed();
    }
    if (missing.some((kind) => this.#failures[kind])) throw this.failure;
  }

  // #takeBoth asks one question for both; if that fails, each is tried by itself. After
  // a no only what was allowed before: nobody wants to be asked twice.
  async #takeBoth() {
    const failed = await this.#attempt((ids) =>
      this.#stream.startCaptureCameraAndMicrophone(this.#picture(ids.camera), { input: ids.microphone }));
    this.#failures = failed ? { camera: failed, microphone: failed } : {};
    if (!failed) return;
    for (const kind of failed.errorCode === REFUSED ? await allowed() : KINDS) await this.#take(kind);
  }

  async #take(kind) {
    this.#failures[kind] = await this.#attempt((ids) => kind === "camera"
      ? this.#stream.startCaptureCamera(this.#picture(ids.camera))
      : this.#stream.startCaptureMicrophone({ input: ids.microphone }));
  }

  // #sum makes one failure of those of both kinds. Where they differ, to be unheard is worse.
  #sum() {
    const { camera, microphone } = this.#failures;
    const both = camera && camera.errorCode === microphone?.errorCode;
    if (both) this.failure = camera;
    else if (microphone) this.failure = { ...microphone, kind: "microphone" };
    else this.failure = camera && { ...camera, kind: "camera" };
  }

  // #attempt captures with the devices that were chosen before; when one of them is not
  // there any more, with those that the browser chooses. It resolves with the failure.
  async #attempt(capture) {
    const ids = { camera: chosenDevice("camera"), microphone: chosenDevice("microphone") };
    let result = await capture(ids);
    if (result.errorCode === NO_SUCH_DEVICE) result = await capture({});
    return result.errorCode ? result : undefined;
  }

  #picture(input) {
    const { width, height, frameRate } = this.#size;
    return { input, quality: 4, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
  }

  // #changed brings what was captured to where it belongs: the preview, and the others.
  #changed() {
    if (!this.#stream) return;
    this.#engine.mutePublishStreamAudio(this.#stream, !this.microphone);
    this.#engine.mutePublishStreamVideo(this.#stream, !this.hasCamera); // so that the others are told
    if (this.#container) this.show(this.#container);
    if (this.#sent) this.send(this.#sent);
    this.onChange();
  }

  // show puts the picture into an element; as in a mirror, as one knows oneself.
  show(container) {
    this.#container = container;
    if (this.hasCamera) this.#stream.playVideo(container, { mirror: true, objectFit: "cover", enableAutoplayDialog: false });
  }

  // send publishes the stream under an id, or brings what was captured since to the others.
  send(streamID) {
    this.#sent = streamID;
    if (!this.hasCamera && !this.hasMicrophone) return;
    if (this.#published) {
      // The preview shows what is sent, so it waits for that.
      if (this.hasCamera) this.#engine.updatePublishingStream(this.#stream, VIDEO).then(() => this.#sendsAnew());
      if (this.hasMicrophone) this.#engine.updatePublishingStream(this.#stream, AUDIO);
    } else {
      this.#published = this.#engine.startPublishingStream(streamID, this.#stream);
      if (this.#size !== SIZES[0]) this.#apply();
    }
  }

  #sendsAnew() {
    this.#apply();
    this.show(this.#container);
  }

  // setMicrophone: a muted microphone stays open, so that it is there at once again.
  async setMicrophone(on) {
    this.microphone = on;
    if (on && !this.hasMicrophone) return this.start(["microphone"]);
    this.#changed();
  }

  // setCamera: a camera that is off is closed, and its light goes out.
  async setCamera(on) {
    this.camera = on;
    if (on && !this.hasCamera) return this.start(["camera"]);
    if (!on) await this.#stream?.stopCaptureVideo();
    this.#changed();
  }

  // use takes another device. If that fails the SDK goes on with the one before. A camera
  // that was switched off stays off, one that failed is tried again with the other device.
  async use(kind, id) {
    const has = kind === "camera" ? this.hasCamera : this.hasMicrophone;
    if (!has && kind === "camera") {
      if (!this.camera && !this.#failures.camera) return;
      this.camera = true;
    }
    if (!has) return this.start([kind]);
    const { errorCode, extendedData } = await (kind === "camera"
      ? this.#engine.useVideoDevice(this.#stream, id)
      : this.#engine.useAudioDevice(this.#stream, id));
    this.#changed();
    if (errorCode) throw { errorCode, extendedData };
  }

  // inUse is the id of a device in use, to show it in the lists.
  inUse(kind) { return this.#stream?.[kind === "camera" ? "videoDeviceId" : "audioDeviceId"] ?? ""; }

  // recover captures anew what was lost, as a device is that was unplugged.
  recover() {
    return this.#recovering ??= this.#recover().finally(() => { this.#recovering = undefined; });
  }

  async #recover() {
    const { cameras, microphones } = await this.#engine.enumDevices().catch(() => ({}));
    const lost = KINDS.filter((kind) => this.#isLost(kind, kind === "camera" ? cameras : microphones));
    for (const kind of lost) {
      await (kind === "camera" ? this.#stream.stopCaptureVideo() : this.#stream.stopCaptureAudio());
      chooseDevice(kind, "");
    }
    if (lost.length) await this.start(lost);
  }

  // #isLost: not every browser ends what comes from a device that is gone.
  #isLost(kind, devices) {
    const stream = this.#stream?.[kind === "camera" ? "videoCaptureStream" : "audioCaptureStream"], id = this.inUse(kind);
    if (!stream) return false;
    return !isLive(stream) || Boolean(id && devices) && !devices.some(({ deviceID }) => deviceID === id);
  }

  // fit makes the picture as large as this number of others can be sent.
  fit(others) {
    const size = SIZES.find(({ upTo }) => others <= upTo);
    if (size === this.#size) return;
    this.#size = size;
    this.#apply();
  }

  // #apply gives the size to the track that is sent. Each capture starts with the largest
  // bitrate again, so it needs that once more.
  #apply() {
    const track = this.#stream?.getVideoTracks()[0], size = this.#size;
    if (!track || this.#fitted.track === track && this.#fitted.size === size) return;
    this.#fitted = { track, size };
    const { width, height, frameRate, maxBitrate } = size;
    this.#engine.setVideoConfig(this.#stream, { width, height, frameRate, maxBitrate });
  }

  // stop ends everything: the camera's light goes out.
  stop() {
    if (this.#published) this.#engine.stopPublishingStream(this.#sent);
    this.#visit++;
    this.#container = this.#sent = undefined;
    this.#published = false;
    this.#size = SIZES[0];
    this.#end();
  }

  #end() {
    this.#stream?.stopCaptureVideo();
    this.#stream?.stopCaptureAudio();
  }
}

const isLive = (stream) => Boolean(stream?.getTracks().some(({ readyState }) => readyState === "live"));

// allowed are the kinds that the visitor has said yes to before; none in a browser that
// does not tell.
async function allowed() {
  const kinds = [];
  for (const name of KINDS) {
    const answer = await navigator.permissions?.query({ name }).catch(() => undefined);
    if (answer?.state === "granted") kinds.push(name);
  }
  return kinds;
}
