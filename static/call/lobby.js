// The lobby: how one looks and sounds, who one is, and where to.

import { byId } from "../ui/element.js";
import { showLevel } from "../ui/meter.js";
import { notice } from "../ui/notice.js";
import { explain } from "../ui/problem.js";
import { write } from "../ui/language.js";
import { firstName, firstRoom, rememberName, roomProblem } from "./identity.js";

export class Lobby {
  onJoin = () => {};   // (name, room)
  onCancel = () => {}; // the visitor does not want to wait
  onFailure = () => {}; // (error) of camera or microphone
  #capture; #asking; #explained;

  constructor(engine, capture) {
    this.#capture = capture;
    byId("name").value = firstName();
    byId("room").value = firstRoom();
    byId("room").addEventListener("input", () => this.#check("room", roomProblem));
    byId("name").addEventListener("input", () => this.#check("name", nameProblem));
    byId("join").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("cancel").addEventListener("click", () => this.onCancel());
    byId("retry").addEventListener("click", () => this.preview());
    engine.on("capturedSoundLevelUpdate", (level) => showLevel(byId("level"), level));
  }

  // preview asks for camera and microphone, and says what is going on meanwhile.
  async preview() {
    if (this.#asking) return;
    this.#asking = true;
    this.#capture.camera = true;
    notice(byId("preview-problem"));
    byId("retry").hidden = true;
    write(byId("preview-state"), "preview.asking");
    this.#capture.show(byId("preview-video"));
    try {
      await this.#capture.start();
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.#asking = false;
      this.show();
    }
  }

  // explain says why camera or microphone are not there.
  explain(error) {
    const { word, values } = explain(error);
    notice(byId("preview-problem"), word, values);
    byId("retry").hidden = !this.#capture.failure;
    this.#explained = error;
  }

  // show says what is sent once one joins.
  show() {
    const { hasCamera, hasMicrophone, failure } = this.#capture;
    if (this.#asking) return;
    const word = hasCamera ? "" : hasMicrophone ? "preview.cameraOff" : "preview.nothing";
    write(byId("preview-state"), word);
    if (!failure) {
      notice(byId("preview-problem"));
      byId("retry").hidden = true;
    } else if (failure !== this.#explained && byId("preview-problem").firstChild) {
      this.explain(failure); // one of the two is there now
    }
    if (!this.#capture.sendsMicrophone) showLevel(byId("level"), 0);
  }

  // problem says why joining failed; without an error there is none any more.
  problem(error) {
    if (!error) return notice(byId("lobby-problem"));
    const { word, values } = explain(error);
    notice(byId("lobby-problem"), word, values);
  }

  // busy shows that one is on the way into the call.
  busy(on) {
    byId("enter").disabled = on;
    byId("cancel").hidden = !on;
    write(byId("enter"), on ? "lobby.joining" : "lobby.join");
  }

  #submit() {
    const name = byId("name").value.trim(), room = byId("room").value.trim();
    const wrong = [this.#check("name", nameProblem), this.#check("room", roomProblem)].indexOf(false);
    if (wrong >= 0) return byId(["name", "room"][wrong]).focus();
    rememberName(name);
    notice(byId("lobby-problem"));
    this.onJoin(name, room);
  }

  // #check says below a field what is wrong with it.
  #check(id, problemOf) {
    const word = problemOf(byId(id).value.trim());
    write(byId(`${id}-problem`), word ?? "");
    byId(id).setAttribute("aria-invalid", String(Boolean(word)));
    return !word;
  }
}

const nameProblem = (name) => name ? undefined : "lobby.noName";
