// How long pictures stand still: put into the pages of faults, after media.js.
Object.assign(globalThis.e2e, (() => {
	// Two frames are at least so far apart: a camera of this SDK gives 15 to 30 a second,
	// and a screen shows no more than 60.
	const apart = 1000 / 60;
	// What the browser painted nothing for is longer than this.
	const stall = 100;
	const watched = new Map();
	const stalls = []; // of the browser: nobody's picture moves then
	let painted = 0;

	function paint() {
		const now = performance.now();
		if (painted && now - painted > stall) stalls.push({ from: painted, to: now });
		painted = now;
		requestAnimationFrame(paint);
	}

	// watch begins to watch a video, or begins again.
	function watch(video) {
		if (!painted) paint();
		const began = performance.now();
		const record = { began, last: began, presented: null, frames: 0, gaps: [] };
		watched.set(video, record);
		video.requestVideoFrameCallback(function next(now, frame) {
			if (watched.get(video) !== record) return;
			saw(record, frame);
			video.requestVideoFrameCallback(next);
		});
	}

	// saw takes in one frame. The browser says when it presented it and how many it
	// presented before: a page that was busy has missed frames that the user saw.
	function saw(record, { presentationTime, presentedFrames }) {
		const missed = record.presented === null ? 0 : presentedFrames - record.presented - 1;
		record.gaps.push({ from: record.last, to: presentationTime, missed });
		record.last = presentationTime;
		record.presented = presentedFrames;
		record.frames += missed + 1;
	}

	// measure tells how long a picture stood still in a gap, and how much of that the
	// browser as a whole did: a machine with too much to do shows nothing new anywhere.
	function measure({ from, to, missed }) {
		const overlap = (s) => Math.max(0, Math.min(s.to, to) - Math.max(s.from, from));
		const stalled = stalls.reduce((sum, s) => sum + overlap(s), 0);
		return { still: to - from - missed * apart - stalled, stalled, from };
	}

	// stillness tells the longest time in milliseconds that the video showed one frame
	// since watch, up to now, and when that began.
	function stillness(video) {
		const { began, last, frames, gaps } = watched.get(video);
		const all = [...gaps, { from: last, to: performance.now(), missed: 0 }].map(measure);
		const { still, stalled, from } = all.reduce((a, b) => (a.still > b.still ? a : b));
		return { longest: still, after: from - began, frames, stalled: Math.max(...all.map((gap) => gap.stalled)) };
	}

	return { watch, stillness };
})());
