// The public classes, whose methods come from the table; a part of the loader.

const ID = Symbol("ExpressRTC instance");

// STATICS is the instance that stands for the classes themselves.
const STATICS = 0;

// newClasses makes the class that pages construct, and one for each kind of object that
// Go hands out.
function newClasses(runtime, origins) {
	let engines = 0;

	class ZegoExpressEngine {
		static version = SDK.version;
		static [MARK] = true;

		constructor(appID, server, options) {
			identify(this, ++engines);
			addHidden(this, (level, values) => runtime.early(this[ID] ?? STATICS, "log", [level, ...values]));
			try {
				runtime.early(this[ID], "new", [appID, server, options, BROWSER && origins()]);
			} catch (error) {
				console.error("ExpressRTC: the constructor failed:", error); // pages rely on one that never throws
			}
		}

		getVersion() {
			return SDK.version;
		}

		destroyEngine() {
			const id = this[ID];
			if (id === null) throw new Error("ZegoExpressEngine has been destroyed.");
			this[ID] = null;
			return runtime.early(id, "destroyEngine", []);
		}
	}

	const exports = { ZegoExpressEngine, WebRTCUtil: {} };
	const classes = { ...exports };
	for (const [name, { maker, methods, statics }] of Object.entries(SDK.classes)) {
		if (maker) classes[name] = newHandedClass(name, maker);
		for (const [method, kind] of Object.entries(methods)) add(classes[name].prototype, method, kind, runtime);
		for (const [method, kind] of Object.entries(statics)) add(classes[name], method, kind, runtime, STATICS);
	}
	return { exports, wrap: newWrap(runtime, classes) };
}

// newHandedClass makes a class whose objects only Go makes.
function newHandedClass(name, maker) {
	return { [name]: class {
		constructor() {
			throw new TypeError(`a ${name} is made by ${maker} of a ZegoExpressEngine`);
		}
	} }[name];
}

// newWrap makes the function that makes an object of the number that Go handed out: the
// same object for as long as the page has it.
function newWrap(runtime, classes) {
	const held = new Map();
	const dropped = new FinalizationRegistry((id) => {
		if (held.get(id)?.deref()) return; // Go handed it out again meanwhile
		held.delete(id);
		runtime.drop(id);
	});
	return (id, className) => {
		const known = held.get(id)?.deref();
		if (known) return known;
		const object = identify(Object.create(classes[className].prototype), id);
		if (className === "ZegoLocalStream") object.zegoStream = {}; // what pages know one by
		held.set(id, new WeakRef(object));
		dropped.register(object, id);
		return object;
	};
}

// identify gives object its number. A plain property works behind a Proxy as well.
function identify(object, id) {
	return Object.defineProperty(object, ID, { value: id, writable: true });
}

// numberOf tells Go which of its objects a value is; undefined if it is none.
function numberOf(value) {
	try {
		return value[ID] ?? undefined;
	} catch {
		return undefined; // a Proxy of the page's, which has its own idea
	}
}

// add gives target a member of the table, unless the class has written it out.
function add(target, name, kind, runtime, fixedID) {
	if (Object.hasOwn(target, name)) return;
	if (kind === "getter") return addGetter(target, name, runtime);
	const { [name]: method } = {
		[name](...args) {
			const id = fixedID ?? this?.[ID];
			if (id === undefined) throw new TypeError(`${name} was called without the object it belongs to`);
			if (id === null) return afterDestroy(name, kind);
			const answer = invoke(runtime, id, name, kind, args);
			if (kind === "listener" && answer) noteListener(this, name, args);
			return answer;
		},
	};
	Object.defineProperty(target, name, { value: method, writable: true, configurable: true });
}

// addGetter gives target a property that Go answers. Who looks at the class itself, as
// debuggers do, sees undefined.
function addGetter(target, name, runtime) {
	Object.defineProperty(target, name, {
		get() {
			const id = this?.[ID];
			return id === undefined ? undefined : runtime.value(id, name, []);
		},
		configurable: true,
	});
}

// invoke calls a method in the way of its kind.
function invoke(runtime, id, name, kind, args) {
	switch (kind) {
		case "promise": return runtime.promise(id, name, args);
		case "queued": return runtime.early(id, name, args);
		case "accepted": return runtime.early(id, name, args, true);
		case "listener": return runtime.early(id, name, args, knows(name, args));
		default: return runtime.value(id, name, args);
	}
}

// knows is what an engine's on and off answer.
function knows(name, [event, listener]) {
	return SDK.events.includes(event) && (name === "off" || typeof listener === "function");
}

// afterDestroy answers for an engine that is no more. Pages tidy up in any order, so
// nothing is thrown.
function afterDestroy(name, kind) {
	const msg = `${name} was called after destroyEngine: make a new ZegoExpressEngine`;
	console.error(`ExpressRTC: ${msg}`);
	if (kind === "promise") return Promise.reject(newError(1100007, msg));
	return kind === "listener" ? false : undefined;
}
