// How long pictures stand still: put into the pages of faults, after media.js.
Object.assign(globalThis.e2e, (() => {
	// Two frames are at least so far apart: a camera of this SDK gives 15 to 30 a second,
	// and a screen shows no more than 60.
	const apart = 1000 / 60;
	const watched = new Map();

	// watch begins to watch a video, or begins again.
	function watch(video) {
		const began = performance.now();
		const record = { began, last: began, presented: null, frames: 0, late: 0, gaps: [] };
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
		record.gaps.push({ from: record.last, for: presentationTime - record.last - missed * apart });
		record.late = Math.max(record.late, performance.now() - presentationTime);
		record.last = presentationTime;
		record.presented = presentedFrames;
		record.frames += missed + 1;
	}

	// stillness tells the longest time in milliseconds that the video showed one frame
	// since watch, up to now, and when that began.
	function stillness(video) {
		const { began, last, frames, late, gaps } = watched.get(video);
		const now = { from: last, for: performance.now() - last };
		const longest = gaps.reduce((a, b) => (a.for > b.for ? a : b), now);
		return { longest: longest.for, after: longest.from - began, frames, late };
	}

	return { watch, stillness };
})());
