// How the WebAssembly program gets into a page; a part of the loader.

// KEPT is the page's own cache of the program, unpacked. The browser's cache has it
// compressed, and unpacking it for each page takes longer than compiling it.
const KEPT = "ExpressRTC";

// KEEP_AFTER is when the page will have better things behind it than filling a cache.
const KEEP_AFTER = 1000; // ms

// keyOf is what the program is kept under: a page may serve every version at one URL.
const keyOf = (url) => `${url}${url.includes("?") ? "&" : "?"}${SDK.wasm}`;

// obtain is the program as a response: what an earlier page kept, or a download, which
// has begun meanwhile.
async function obtain(url, streaming) {
	const downloaded = download(url, streaming.signal);
	downloaded.catch(() => {}); // it is aborted, or awaited below
	const response = await kept(url);
	if (!response || streaming.signal.aborted) return downloaded;
	streaming.abort();
	return response;
}

async function download(url, signal) {
	const response = await fetch(url, { credentials: "omit", signal });
	if (!response.ok) throw new Error(`the server answered ${response.status}`);
	return response;
}

// downloadNow is the same while the page waits. Such a request cannot answer bytes, but
// this character set keeps each in a character.
function downloadNow(url) {
	const request = new XMLHttpRequest();
	request.open("GET", url, false);
	request.overrideMimeType("text/plain; charset=x-user-defined");
	request.send();
	if (request.status !== 200) throw new Error(`the server answered ${request.status}`);
	const text = request.responseText, bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}

// instantiate compiles while the bytes come in, if the server tells the right type.
async function instantiate(response, imports) {
	if (response.headers.get("Content-Type") === "application/wasm") {
		return (await WebAssembly.instantiateStreaming(response, imports)).instance;
	}
	return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
}

// kept is what an earlier page kept. Pages without storage have nothing.
async function kept(url) {
	try {
		return await caches.match(keyOf(url), { cacheName: KEPT, ignoreVary: true });
	} catch {
		return undefined;
	}
}

// forget drops what is kept, in case that it is why the program did not start.
async function forget() {
	try {
		await caches.delete(KEPT);
	} catch {
		// There is no storage.
	}
}

// keep keeps the program for later pages, in the place of older ones.
async function keep(url) {
	try {
		const cache = await caches.open(KEPT);
		const all = await cache.keys();
		if (all.some((it) => it.url === keyOf(url))) return;
		await Promise.all(all.map((it) => cache.delete(it)));
		await cache.put(keyOf(url), await download(url));
	} catch {
		// No storage, or no place in it: later pages unpack it themselves.
	}
}
