// The chat: messages of the room, in a panel.

import { byId, create } from "../ui/element.js";
import { language, write } from "../ui/language.js";
import { explain } from "../ui/problem.js";

const KEPT = 300;
const TOO_SOON = 1009015; // the SDK sends one message a second
const LONGEST = 10240;    // bytes of UTF-8

export class Chat {
  onUnread = () => {};
  #send; #isOpen; #unread = 0; #sending = Promise.resolve();

  // send(text) sends to the room; isOpen() tells whether the messages are to be seen.
  constructor(send, isOpen) {
    this.#send = send;
    this.#isOpen = isOpen;
    byId("write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    // Enter sends and Shift+Enter begins a new line. The line break is caught and not the
    // key, since on-screen keyboards do not name their keys, and Enter may end the typing
    // of a Chinese word.
    let isShifted = false;
    byId("message").addEventListener("keydown", ({ shiftKey }) => { isShifted = shiftKey; });
    byId("message").addEventListener("beforeinput", (event) => {
      if (event.inputType !== "insertLineBreak" || isShifted) return;
      event.preventDefault();
      this.#submit();
    });
  }

  // receive takes what IMRecvBroadcastMessage tells.
  receive({ fromUser, message, sendTime }) {
    const name = fromUser.userName || fromUser.userID;
    this.#add(name, message, sendTime);
    byId("announcer").textContent = `${name}: ${message}`;
    if (!this.#isOpen()) this.#count(this.#unread + 1);
  }

  // opened is called when the panel shows the messages.
  opened() {
    this.#count(0);
    byId("messages").scrollTop = byId("messages").scrollHeight;
  }

  clear() {
    byId("message-list").replaceChildren();
    byId("message").value = "";
    byId("chat-empty").hidden = false;
    this.#count(0);
  }

  #submit() {
    const field = byId("message"), text = field.value.trim();
    if (!text) return;
    if (new TextEncoder().encode(text).length > LONGEST) {
      write(byId("chat-problem"), "problem.tooLong");
      return;
    }
    write(byId("chat-problem"), "");
    field.value = "";
    this.#deliver(text, this.#add(undefined, text, Date.now()));
  }

  // #deliver sends one message after the other; the item says when that fails.
  #deliver(text, item) {
    this.#sending = this.#sending.then(async () => {
      try {
        await this.#sendInTime(text);
      } catch (error) {
        this.#failed(item, text, error);
      }
    });
  }

  async #sendInTime(text) {
    try {
      await this.#send(text);
    } catch (error) {
      if (error?.errorCode !== TOO_SOON) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1050 - Date.now() % 1000)); // the next second
      await this.#send(text);
    }
  }

  #failed(item, text, error) {
    const why = create("p", { className: "wrong", role: "alert" });
    const again = create("button", { type: "button", className: "quiet" });
    const { word, values } = explain(error);
    write(why, word, values);
    write(again, "chat.again");
    again.addEventListener("click", () => {
      why.remove();
      again.remove();
      this.#deliver(text, item);
    });
    item.append(why, again);
    this.#follow();
  }

  // #add shows a message; without a name it is mine.
  #add(name, text, time) {
    byId("chat-empty").hidden = true;
    const who = create("span", { className: "who" });
    if (name) who.textContent = name;
    else write(who, "chat.you");
    const when = create("time", { dateTime: new Date(time).toISOString() }, clock(time));
    const item = create("li", { className: name ? "" : "mine" }, create("p", { className: "from" }, who, " ", when), create("p", { className: "text" }, text));
    byId("message-list").append(item);
    while (byId("message-list").children.length > KEPT) byId("message-list").firstChild.remove();
    this.#follow();
    return item;
  }

  // #follow shows the newest message; who is reading older ones is left there.
  #follow() {
    const box = byId("messages");
    const newest = box.querySelector("li:last-child");
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 120 + (newest?.offsetHeight ?? 0)) box.scrollTop = box.scrollHeight;
  }

  #count(unread) {
    this.#unread = unread;
    byId("chat").dataset.count = unread || "";
    if (unread) write(byId("unread"), "chat.unread", { count: unread });
    else write(byId("unread"), "");
    this.onUnread(unread);
  }
}

// clock is the same in both languages, for messages stay when the language changes.
const clock = (time) => new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
