// What the leak test weighs: put into its pages before their own scripts.
Object.assign(globalThis.e2e, (() => {
	let go, memory;

	// Go's half of the SDK keeps the page's values in a list that only it sees.
	Object.defineProperty(Object.prototype, "_values", {
		configurable: true,
		set(list) {
			go = this;
			Object.defineProperty(this, "_values", { value: list, writable: true, configurable: true });
		},
	});

	const instantiate = WebAssembly.instantiateStreaming;
	WebAssembly.instantiateStreaming = async (...args) => {
		const it = await instantiate.apply(WebAssembly, args);
		memory = it.instance.exports.mem;
		return it;
	};

	// collect makes garbage in Go until it has collected what is no longer used, often
	// enough, and tells the least number of values that it kept meanwhile.
	async function collect(zg) {
		const garbage = "x".repeat(10_000);
		let least = Infinity;
		for (let i = 0; i < 600; i++) {
			await zg.sendCustomCommand(7, garbage, []).catch(() => {});
			least = Math.min(least, go._values.length - go._idPool.length);
		}
		return least;
	}

	// weigh is what the SDK holds at this moment.
	async function weigh(zg) {
		return { peers: e2e.peers.size, memory: memory.buffer.byteLength, handles: await collect(zg) };
	}

	return { collect, weigh };
})());
