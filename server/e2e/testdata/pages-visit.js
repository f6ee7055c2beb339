// What a page does while it loads: put into each of our pages before its own scripts.
globalThis.visit = (() => {
	let shifted = 0;
	const shifts = [];
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) {
			if (entry.hadRecentInput) continue;
			shifted += entry.value;
			shifts.push(`${entry.value.toFixed(4)} of ${entry.sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join(", ")}`);
		}
	}).observe({ type: "layout-shift", buffered: true });

	// usable resolves with the time at which a field was first painted and could be typed into.
	function usable(selector) {
		return new Promise((resolve) => {
			(function look(now) {
				const field = document.querySelector(selector);
				if (field?.checkVisibility() && !field.disabled && field.clientHeight > 0) return requestAnimationFrame(() => resolve(performance.now()));
				requestAnimationFrame(look);
			})();
		});
	}

	// settled waits for what moves only for a moment, and for what follows from it.
	async function settled() {
		const short = document.getAnimations().filter((it) => it.effect?.getComputedTiming().endTime < 2000);
		await Promise.allSettled(short.map((it) => it.finished));
		await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
	}

	return { usable, settled, shift: () => shifted, shifts };
})();
