// How long pictures stand still: put into the pages of faults, after media.js.
Object.assign(globalThis.e2e, (() => {
	// Two frames are at least so far apart: a camera of this SDK gives 15 to 30 a second,
	// and a screen shows no more than 60.
	const apart = 1000 / 60;
	// When the machine has too much to do, everything stands still. That is seen by what
	// the SDK has no part in, which then comes later than this.
	const stall = 100;
	const painted = []; // gaps between two paints of the page
	const control = document.createElement("video"); // of a camera of its own
	const watched = new Map();

	// ready resolves once pictures can be watched.
	const ready = (async () => {
		control.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
		control.muted = true;
		control.style.width = "32px";
		document.body.append(control);
		await control.play();
		watch(control);
		let last = performance.now();
		requestAnimationFrame(function paint() {
			const now = performance.now();
			if (now - last > stall) painted.push({ from: last, to: now });
			last = now;
			requestAnimationFrame(paint);
		});
	})();

	// watch begins to watch a video, or begins again.
	function watch(video) {
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

	// stalls are the times in which the machine stood still, by a clock of all pages.
	function stalls() {
		const { last, gaps } = watched.get(control);
		const open = { from: last, to: performance.now(), missed: 0 }; // it may stand still right now
		const late = [...gaps, open].filter(({ from, to, missed }) => to - from - missed * apart > stall);
		return [...painted, ...late].map(({ from, to }) => ({ from: from + performance.timeOrigin, to: to + performance.timeOrigin }));
	}

	// merge puts spans of time in order and apart, by the clock of this page.
	function merge(spans) {
		const here = spans.map(({ from, to }) => ({ from: from - performance.timeOrigin, to: to - performance.timeOrigin }));
		const merged = [];
		for (const { from, to } of here.sort((a, b) => a.from - b.from)) {
			const before = merged.at(-1);
			if (before && from <= before.to) before.to = Math.max(before.to, to);
			else merged.push({ from, to });
		}
		return merged;
	}

	// stillness tells the longest time in milliseconds that the video showed one frame
	// since watch, up to now, without what the machine stood still, at this end or at the
	// other; and when that began.
	function stillness(video, others) {
		if (!watched.has(video)) throw new Error("this element was not there at the mark");
		const { began, last, frames, gaps } = watched.get(video);
		const machine = merge([...stalls(), ...others]);
		const measured = [...gaps, { from: last, to: performance.now(), missed: 0 }].map(({ from, to, missed }) => {
			const stalled = machine.reduce((sum, s) => sum + Math.max(0, Math.min(s.to, to) - Math.max(s.from, from)), 0);
			return { still: to - from - missed * apart - stalled, stalled, from };
		});
		const { still, from } = measured.reduce((a, b) => (a.still > b.still ? a : b));
		return { longest: still, after: from - began, frames, stalled: Math.max(...measured.map((gap) => gap.stalled)) };
	}

	return { ready, watch, stalls, stillness };
})());
