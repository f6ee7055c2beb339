// The socket of a page that logs in before Go runs; a part of the loader.

// AheadSocket is opened while the program loads, to where Go will connect, and handed to
// Go when it asks for one. A guess that is wrong costs a socket and nothing else.
class AheadSocket {
	socket = null;

	// open takes the arguments that the loader's constructor queued for Go.
	open(args) {
		if (this.socket || !args) return;
		const url = likelySocketURL(args[1], args[3]);
		try {
			if (url) this.socket = new WebSocket(url);
		} catch {
			// Go will say what is wrong.
		}
	}

	// lend runs work, in which Go may make its first socket, and closes one that it did not take.
	lend(work) {
		if (!this.socket) return work();
		const own = globalThis.WebSocket;
		const lent = new Proxy(own, { construct: (target, args) => this.take(args[0]) ?? new target(...args) });
		Reflect.set(globalThis, "WebSocket", lent); // in vain where a page has made it fast
		try {
			work();
		} finally {
			if (globalThis.WebSocket === lent) globalThis.WebSocket = own;
			this.drop();
		}
	}

	// take hands the socket out if it is the wanted one and has not failed.
	take(url) {
		const socket = this.socket;
		if (socket?.url !== url || socket.readyState > WebSocket.OPEN) return null;
		this.socket = null;
		if (socket.readyState === WebSocket.OPEN) queueMicrotask(() => socket.dispatchEvent(new Event("open")));
		return socket;
	}

	// drop closes what nobody took. A browser that is told to close before it has opened
	// shows the page's author an error.
	drop() {
		const { socket } = this;
		this.socket = null;
		if (!socket) return;
		if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener("open", () => socket.close(1000));
		else socket.close(1000);
	}
}

// likelySocketURL is what wasm/engine/server.go will choose.
function likelySocketURL(servers, { dataServer, scriptOrigin }) {
	const own = [servers].flat().map(socketURL).filter((url) => url && !isVendor(url));
	return socketURL(dataServer) ?? own[0] ?? socketURL(scriptOrigin);
}

// socketURL reads a WebSocket URL that may have no path, or http for ws.
function socketURL(text) {
	let url;
	try {
		url = new URL(text);
	} catch {
		return undefined;
	}
	url.protocol = { "http:": "ws:", "https:": "wss:" }[url.protocol] ?? url.protocol;
	if (url.protocol !== "ws:" && url.protocol !== "wss:") return undefined;
	if (url.pathname === "/") url.pathname = "/ws";
	return url;
}

// isVendor says whether a URL is of the cloud whose pages come to us unchanged.
function isVendor({ hostname }) {
	return SDK.vendors.some((host) => hostname === host || hostname.endsWith("." + host));
}
