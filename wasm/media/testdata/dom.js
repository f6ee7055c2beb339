// A page as far as package media looks at one, for tests under node. It counts the
// listeners that are on anything, and plays unless globalThis.refuse is set.
(() => {
  globalThis.listening = 0;
  class Target extends EventTarget {
    addEventListener(...args) { listening++; super.addEventListener(...args); }
    removeEventListener(...args) { listening--; super.removeEventListener(...args); }
    fire(type, more) { return this.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), more)); }
  }
  class Element extends Target {
    parentNode = null;
    children = [];
    attributes = new Map();
    textContent = "";
    style = ((attributes) => ({ set cssText(text) { attributes.set("style", text); } }))(this.attributes);
    constructor(tag) { super(); this.tagName = tag; }
    setAttribute(name, value) { this.attributes.set(name, value); }
    appendChild(child) { child.remove(); child.parentNode = this; this.children.push(child); return child; }
    remove() {
      if (!this.parentNode) return;
      this.parentNode.children = this.parentNode.children.filter(c => c !== this);
      this.parentNode = null;
    }
    focus() { document.activeElement = this; }
    get outerHTML() {
      const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${value}"`).join("");
      return `<${this.tagName}${attributes}>${this.textContent}${this.children.map(c => c.outerHTML).join("")}</${this.tagName}>`;
    }
  }
  class Media extends Element {
    paused = true;
    muted = false;
    volume = 1;
    srcObject = null;
    videoWidth = 640;
    plays = 0;
    constructor(tag) { super(tag); made.push(this); }
    async play() {
      this.plays++;
      if (globalThis.refuse) throw new DOMException("play() needs a gesture", "NotAllowedError");
      this.paused = false;
    }
    pause() { this.paused = true; }
  }
  let id = 0;
  globalThis.MediaStreamTrack = class extends Target {
    id = "t" + ++id;
    readyState = "live";
    enabled = true;
    contentHint = "";
    constructor(kind) { super(); this.kind = kind; }
    stop() { this.readyState = "ended"; }
    end() { this.readyState = "ended"; this.fire("ended"); }
  };
  globalThis.MediaStream = class {
    id = "s" + ++id;
    constructor(tracks = []) { this.list = new Set(tracks); }
    getTracks() { return [...this.list]; }
    getVideoTracks() { return this.getTracks().filter(t => t.kind === "video"); }
    addTrack(t) { this.list.add(t); }
    removeTrack(t) { this.list.delete(t); }
    clone() { return new MediaStream(this.getTracks().map(t => new MediaStreamTrack(t.kind))); }
  };
  globalThis.streamOf = (...kinds) => new MediaStream(kinds.map(k => new MediaStreamTrack(k)));
  globalThis.AudioContext = class {
    createMediaStreamDestination() { return { stream: streamOf("audio") }; }
    async close() { globalThis.closedContexts = (globalThis.closedContexts ?? 0) + 1; }
  };
  globalThis.CSSStyleSheet = class { replaceSync(text) { this.text = text; } };
  globalThis.made = []; // the media elements, also those outside of the document
  const named = { a: new Element("div"), b: new Element("div") };
  globalThis.document = Object.assign(new Target(), {
    hidden: false,
    body: new Element("body"),
    activeElement: null,
    adoptedStyleSheets: Object.freeze([]),
    createElement: tag => tag === "video" || tag === "audio" ? new Media(tag) : new Element(tag),
    getElementById: name => named[name] ?? null,
  });
  const window = new Target();
  globalThis.addEventListener = window.addEventListener.bind(window);
  globalThis.removeEventListener = window.removeEventListener.bind(window);
  globalThis.fireWindow = type => window.fire(type);
  globalThis.location = { host: "call.example" };
  Object.defineProperty(globalThis, "navigator", {
    configurable: true, writable: true,
    value: { language: "en-US", vendor: "", maxTouchPoints: 0, mediaDevices: {} },
  });
  globalThis.dialogShown = () => document.body.children.map(c => c.outerHTML).join("");
})();
