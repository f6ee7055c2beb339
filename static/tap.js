// How samples of sound come to the page; a part of the loader, and code of a worklet.

// registerTap is run where sound is made: it sends blocks of samples, an array a channel,
// until it gets any message. It stands on nothing outside of itself.
function registerTap() {
	class Tap extends AudioWorkletProcessor {
		constructor({ processorOptions: { size }, channelCount }) {
			super();
			this.size = size;
			this.open = true;
			this.renew(channelCount ?? 1);
			this.port.onmessage = () => { this.open = false; };
		}

		renew(count) {
			this.filled = 0;
			this.block = Array.from({ length: count }, () => new Float32Array(this.size));
		}

		process([input]) {
			if (!input.length) return this.open;
			if (input.length !== this.block.length) this.renew(input.length);
			this.block.forEach((to, i) => to.set(input[i], this.filled));
			this.filled += input[0].length;
			if (this.filled === this.size) {
				this.port.postMessage(this.block, this.block.map(({ buffer }) => buffer));
				this.renew(input.length);
			}
			return this.open;
		}
	}
	registerProcessor("expressrtc-tap", Tap);
}

// tapCode is where a worklet finds it: in the very script that the page has, for that is
// what a strict policy allows.
function tapCode(own) {
	return { url: own ?? "", source: `(${registerTap})()` };
}
