// The loader of ExpressRTC: the JavaScript that pages see of an SDK written in Go.
//
// It defines the public classes at once, while the WebAssembly still streams in, and
// hands every call to Go: call(instance, method, arguments, out). Calls made before that
// wait in one queue, in their order; how each method answers meanwhile says its kind,
// which server/web/bundle reads out of the rows of wasm/bind.
//
// The bundler puts this file behind its other parts (program.js, ahead.js, classes.js,
// hidden.js, tap.js), in front of what publishes it (script.js or module.js), and all of it behind
// two names:
//   SDK          {version, wasm, events, vendors, classes: {class: {maker, methods, statics}}},
//                where methods and statics map a name to its kind
//   defineGo()   runs Go's wasm_exec.js, which defines a few globals

// What wasm_exec.js writes Go's output with, and what Go finds as global.fs.
let fs;

const MARK = Symbol.for("ExpressRTC");

// MAX_QUEUE bounds the calls that wait for the start.
const MAX_QUEUE = 10_000;

// BORROWED are the globals of wasm_exec.js. Go looks at them when it starts, and pages
// may have their own (or an element of such an id), so they are only lent.
const BORROWED = ["Go", "fs", "process", "path"];
const lent = {};

// BROWSER is false under node, where the classes are there and touch nothing.
const BROWSER = typeof document === "object";

// newSDK makes the classes, and in a browser begins to load the program once the script
// has run, so that it can still say from where: module is the program's URL beside an ES
// module, own the URL of this very script where nothing else is in its file.
function newSDK(module, own) {
	const script = BROWSER ? document.currentScript : null;
	const runtime = new Runtime(() => setting("wasm", script) ?? module ?? besideScript(script));
	const { exports, wrap } = newClasses(runtime, () => ({
		dataServer: setting("server", script) ?? "",
		scriptOrigin: originOf(script?.src) ?? originOf(location.href),
		pageOrigin: location.origin,
		tap: tapCode(own),
	}));
	runtime.wrap = wrap;
	if (BROWSER) queueMicrotask(() => runtime.load());
	return exports;
}

// setting is what the page says in an attribute data-… of the script tag, or in the
// global object EXPRESSRTC, where there is no tag.
function setting(name, script) {
	return script?.dataset?.[name] ?? globalThis.EXPRESSRTC?.[name];
}

// besideScript is where the program is if nobody says otherwise: without the script's query.
function besideScript(script) {
	try {
		return new URL(SDK.wasm, script?.src || document.baseURI).href;
	} catch {
		return new URL(SDK.wasm, location.href).href;
	}
}

function originOf(url) {
	try {
		return new URL(url).origin;
	} catch {
		return undefined;
	}
}

// Runtime is the Go program: how it loads, starts, is called, and ends.
class Runtime {
	url = SDK.wasm;
	wrap; // makes an object of the number of one
	go = null;
	call = null; // Go's one function, once the program runs
	failure = null; // what every call fails with, once the program cannot run
	waiting = false; // whether the page waits for the program
	queue = []; // calls from before the start
	pending = new Set(); // promises that only Go will settle
	streaming = new AbortController();
	ahead = new AheadSocket();

	constructor(findURL) {
		this.findURL = findURL;
	}

	// begin makes what the program is loaded with.
	begin() {
		this.url = new URL(this.findURL(), document.baseURI).href;
		this.go = newGo();
	}

	// load streams, compiles and starts the program while the page goes on.
	async load() {
		if (this.waiting) return;
		try {
			this.begin();
			const response = await obtain(this.url, this.streaming);
			const instance = await instantiate(response, this.go.importObject);
			if (!this.waiting) this.start(instance);
		} catch (error) {
			forget();
			if (!this.waiting) this.fail(error);
		}
	}

	// loadNow does the same while the page waits, for a call that needs its answer now.
	loadNow() {
		if (this.waiting) return; // it is compiling still
		this.waiting = true;
		this.streaming.abort(); // or it would be downloaded twice
		let bytes;
		try {
			if (!this.go) this.begin();
			bytes = downloadNow(this.url);
			this.start(new WebAssembly.Instance(new WebAssembly.Module(bytes), this.go.importObject));
		} catch (error) {
			if (!(bytes && error instanceof RangeError)) return this.fail(error);
			// Some browsers compile only small modules at once: this call fails, later ones work.
			WebAssembly.instantiate(bytes, this.go.importObject).then((it) => this.start(it.instance)).catch((e) => this.fail(e));
		}
	}

	// start runs Go's main up to where it waits; by then it has called ready.
	start(instance) {
		if (this.call || this.failure) return;
		const key = "expressrtc-" + SDK.wasm;
		const ready = (f) => {
			this.call = f;
			return { numberOf, objectOf: this.wrap };
		};
		Object.defineProperty(globalThis, key, { value: { ready }, configurable: true });
		this.go.argv = ["expressrtc", key];
		this.go.exit = (code) => this.fail(new Error(`the Go program ended with code ${code}`));
		lend(() => this.go.run(instance).catch((error) => this.fail(error)));
		delete globalThis[key];
		setTimeout(keep, KEEP_AFTER, this.url);
		if (this.call) this.ahead.lend(() => this.flush());
		else this.fail(new Error("the Go program did not start"));
	}

	flush() {
		const calls = this.queue;
		this.queue = [];
		for (const { id, method, args, out } of calls) {
			this.enter(id, method, args, out);
			if (!("e" in out)) continue;
			if (out.rej) out.rej(out.e);
			else console.error(`ExpressRTC: ${method}, which was called before the SDK had started, failed:`, out.e);
		}
	}

	// enter calls Go. An exception out of Go itself is the end of the program.
	enter(id, method, args, out) {
		try {
			if (!this.failure) this.call(id, method, args, out);
		} catch (error) {
			this.fail(error);
		}
	}

	// fail says once what happened, and ends everything that waits.
	fail(error) {
		if (this.failure) return;
		const [what, todo] = this.call
			? ["stopped", "Reload the page; please report this together with the lines above."]
			: ["could not be loaded", "Check that this URL answers (or set globalThis.EXPRESSRTC = {wasm: URL} before the SDK runs), and that the page's Content-Security-Policy has 'wasm-unsafe-eval' in script-src and this origin in connect-src."];
		this.end(`the SDK ${what}: ${error?.message ?? error} (${this.url})`, todo);
	}

	// needBrowser ends the program where there is none, at the first call that cannot do without.
	needBrowser(method) {
		if (BROWSER || this.failure) return;
		this.end(`the SDK needs a browser, and ${method} was called where there is none`, "Call it on the client only: React's useEffect and Vue's onMounted do not run on a server.");
	}

	end(msg, todo) {
		console.error(`ExpressRTC: ${msg}. ${todo}`);
		this.failure = newError(1101002, msg);
		for (const out of this.pending) out.rej({ ...this.failure });
		this.queue = [];
		this.ahead.drop();
		silence(this.go);
	}

	// promise calls a method that answers later. Some check at once, and throw.
	promise(id, method, args) {
		this.needBrowser(method);
		const out = {};
		if (!this.call && !this.failure) {
			this.enqueue({ id, method, args, out });
			if (method === "loginRoom") this.ahead.open(this.queue.find((it) => it.id === id && it.method === "new")?.args);
		}
		const answer = this.track(out);
		if (this.failure) {
			out.rej({ ...this.failure });
		} else if (this.call) {
			this.enter(id, method, args, out);
			if ("e" in out) {
				this.pending.delete(out);
				throw out.e;
			}
		}
		return answer;
	}

	// track makes the promise that out settles.
	track(out) {
		this.pending.add(out);
		return new Promise((resolve, reject) => {
			const settle = (how) => (value, className) => {
				this.pending.delete(out);
				how(className ? this.wrap(value, className) : value);
			};
			out.res = settle(resolve);
			out.rej = settle(reject);
		});
	}

	// value calls a method that answers now, and starts the program for it if need be.
	value(id, method, args) {
		this.needBrowser(method);
		if (!this.call && !this.failure) this.loadNow();
		const out = {};
		if (this.call) this.enter(id, method, args, out);
		if ("e" in out) throw out.e;
		if (this.failure) throw { ...this.failure };
		if (!this.call) throw new Error(`ExpressRTC: this browser cannot answer ${method} before the SDK has loaded`);
		return out.class ? this.wrap(out.v, out.class) : out.v;
	}

	// early calls a method that has a constant answer until the program runs.
	early(id, method, args, answer) {
		if (this.call && !this.failure) return this.value(id, method, args);
		if (BROWSER && !this.failure) this.enqueue({ id, method, args, out: {} });
		return answer;
	}

	// enqueue keeps a call for the start. A page that makes so many is going round in circles.
	enqueue(entry) {
		if (this.queue.length >= MAX_QUEUE) throw new Error(`ExpressRTC: more than ${MAX_QUEUE} calls before the SDK has loaded`);
		this.queue.push(entry);
	}

	// drop tells Go that the page has no use for an object any more.
	drop(id) {
		if (this.call) this.enter(id, "drop", [], {});
	}
}

// newError has every spelling of the contract's code and text.
function newError(code, msg) {
	return { code, msg, message: msg, errorCode: code, extendedData: msg };
}

// silence keeps the browser's events and timers from calling a program that has ended,
// which would throw each time.
function silence(go) {
	if (!go) return;
	go._resume = () => {};
	for (const timer of go._scheduledTimeouts.values()) clearTimeout(timer);
	go._scheduledTimeouts.clear();
}

// lend runs work with the borrowed globals in place.
function lend(work) {
	const own = BORROWED.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
	for (const name of BORROWED) Reflect.set(globalThis, name, lent[name]);
	try {
		work();
	} finally {
		for (const name of BORROWED) lent[name] = globalThis[name];
		for (const [name, was] of own) {
			if (was) Object.defineProperty(globalThis, name, was);
			else delete globalThis[name];
		}
	}
}

function newGo() {
	lend(defineGo);
	fs = lent.fs;
	return new lent.Go();
}
