// A tile: somebody's picture with name, signs, quality, and a button to pin it.

import { create } from "../ui/element.js";
import { icon } from "../ui/icon.js";
import { label, write } from "../ui/language.js";
import { Quality } from "./quality.js";
import { initials } from "./names.js";

let tiles = 0; // ever made, for ids

export class Tile {
  // figure is an element of the page that becomes the tile, or a new one.
  constructor({ user, kind = "camera", mine = false, figure = create("figure", { className: "tile" }) }) {
    this.element = figure;
    this.user = user;
    this.kind = kind;
    this.mine = mine;
    this.picture = figure.querySelector(".picture") ?? create("div", { className: "picture" });
    this.quality = new Quality();
    this.pinButton = create("button", { type: "button", className: "pin" }, icon("pin"));
    this.pinButton.setAttribute("aria-pressed", "false");
    this.#signs = create("span", { className: "signs" });
    this.#name = create("span", { className: "name", id: `tile-${++tiles}` });
    this.#state = create("p", { className: "waiting" });
    this.#face = create("span", { className: "face", ariaHidden: "true" });
    figure.dataset.kind = kind;
    figure.setAttribute("aria-labelledby", this.#name.id);
    figure.replaceChildren(this.picture, this.#face, this.#state, create("figcaption", {}, this.#name, this.#signs),
      create("div", { className: "corner" }, this.quality.bars, this.pinButton), this.quality.figures);
    this.rename();
    this.show({ camera: false, microphone: kind === "camera" ? false : undefined });
  }

  #signs; #name; #state; #face; #view;

  // rename writes whose tile it is: the name, and the face of those without a camera.
  rename() {
    const name = this.user.userName || this.user.userID;
    const words = this.mine ? { camera: "tile.you", screen: "tile.yourScreen" } : { camera: "tile.name", screen: "tile.screen" };
    write(this.#name, words[this.kind], { name });
    label(this.pinButton, "tile.pin", { name });
    this.#face.textContent = initials(this.user);
    this.#face.style.setProperty("--hue", hue(this.user.userID));
  }

  // show tells whether there is a picture and sound; a microphone of undefined is none to speak of.
  show({ camera, microphone }) {
    this.element.classList.toggle("blind", !camera);
    const signs = [];
    if (microphone === false) signs.push(sign("microphone-off", "tile.muted"));
    if (!camera) signs.push(sign("camera-off", "tile.noCamera"));
    this.#signs.replaceChildren(...signs);
  }

  // say puts a state over the picture, such as that it is not there yet. No word clears it.
  say(word) { write(this.#state, word); }

  // play shows a stream of somebody else; onSilent is called when the browser refuses to play sound.
  play(engine, stream, { speaker, onSilent }) {
    this.#view = engine.createRemoteStreamView(stream);
    this.#view.on("autoplayFailed", onSilent);
    this.#view.play(this.picture, { objectFit: this.kind === "screen" ? "contain" : "cover", enableAutoplayDialog: false });
    if (speaker) this.useSpeaker(speaker).catch(() => {}); // it may be unplugged: then the usual one plays
  }

  // end clears the tile of somebody who is here and sends nothing any more.
  end() {
    this.#view = undefined;
    this.say("");
    this.show({ camera: false, microphone: false });
    this.quality.clear();
  }

  // showOwn shows a stream of mine.
  showOwn(engine, stream) {
    engine.createLocalStreamView(stream).play(this.picture, { objectFit: "contain", enableAutoplayDialog: false });
  }

  // resume plays after a click what the browser refused before.
  resume() { this.#view?.resume(); }

  async useSpeaker(id) { await this.#view?.useAudioOutputDevice(id); }

  pin(on) { this.pinButton.setAttribute("aria-pressed", String(on)); }
  speak(on) { this.element.classList.toggle("speaking", on); }

  // place moves the tile; by a transform, so that nothing else on the page moves.
  place({ x, y, width, height }, big) {
    const { style } = this.element;
    style.width = `${Math.floor(width)}px`;
    style.height = `${Math.floor(height)}px`;
    style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
    this.element.classList.toggle("small", width < 280 || height < 230);
    this.element.classList.toggle("big", big);
  }
}

// hue is a colour of somebody's own, the same in every window.
function hue(userID) {
  let sum = 0;
  for (const letter of userID) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

// sign is an icon with words for those who do not see it.
function sign(name, word) {
  const words = create("span", { className: "unseen" });
  write(words, word);
  return create("span", {}, icon(name), words);
}
