// What overlaps, is cut off or cannot be pressed in the page as it is: a function whose
// answer is a list of sentences.
() => {
	const found = new Set();
	const modal = document.querySelector("dialog:modal");
	const root = modal ?? document.body;
	const wide = document.documentElement.clientWidth;

	function isShown(element) {
		return element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
	}

	// name is the element as a person would look for it in the source.
	function name(element) {
		const mark = element.id ? "#" + element.id : element.className?.length ? "." + String(element.className).trim().replaceAll(/\s+/g, ".") : "";
		const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replaceAll(/\s+/g, " ").slice(0, 40);
		return `${element.localName}${mark}${text && ` "${text}"`}`;
	}

	// texts are the visible pieces of text with the boxes of their lines. What is only for
	// screen readers is one pixel large, or far outside on the left.
	function texts() {
		const pieces = [];
		const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		const range = document.createRange();
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			const element = node.parentElement;
			if (!node.data.trim() || element.closest("script, style, option, template, svg") || !isShown(element) || isForReaders(element)) continue;
			range.selectNodeContents(node);
			const boxes = [...range.getClientRects()].filter(({ width, height, right }) => width > 1 && height > 1 && right > 0);
			if (boxes.length) pieces.push({ element, boxes });
		}
		return pieces;
	}

	function isForReaders(element) {
		for (let up = element; up && up !== document.body; up = up.parentElement) {
			const { overflow, position } = getComputedStyle(up);
			if (position === "absolute" && overflow !== "visible" && up.clientWidth <= 1 && up.clientHeight <= 1) return true;
		}
		return false;
	}

	const hides = (overflow) => overflow === "hidden" || overflow === "clip";
	const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
	const shortens = (style) => style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";

	// cut tells which element cuts a piece of text off; a text that ends in "…" on purpose is not cut.
	function cut({ element, boxes }) {
		for (let up = element; up && up !== document.documentElement; up = up.parentElement) {
			const style = getComputedStyle(up);
			if (shortens(style) || scrolls(style.overflowX) && scrolls(style.overflowY)) return;
			const { left, top, right, bottom } = inside(up);
			for (const box of boxes) {
				if (hides(style.overflowX) && (box.left < left - 1.5 || box.right > right + 1.5)) return up;
				if (hides(style.overflowY) && (box.top < top - 3 || box.bottom > bottom + 3)) return up;
			}
			if (scrolls(style.overflowX) || scrolls(style.overflowY)) return;
			if (style.position === "fixed") break;
		}
		if (boxes.some(({ left, right }) => left < -1.5 || right > wide + 1.5)) return document.documentElement;
	}

	function inside(element) {
		const { left, top } = element.getBoundingClientRect();
		return {
			left: left + element.clientLeft, top: top + element.clientTop,
			right: left + element.clientLeft + element.clientWidth, bottom: top + element.clientTop + element.clientHeight,
		};
	}

	function checkTexts(pieces) {
		for (const piece of pieces) {
			const by = cut(piece);
			if (by) found.add(`the text of ${name(piece.element)} is cut off by ${name(by).slice(0, 60)}`);
		}
		const boxes = pieces.flatMap(({ element, boxes }) => boxes.map((box) => ({ element, box })));
		for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) checkPair(a, b);
	}

	// checkPair finds two texts that are painted over one another.
	function checkPair(a, b) {
		if (a.element === b.element) return;
		const left = Math.max(a.box.left, b.box.left), right = Math.min(a.box.right, b.box.right);
		const top = Math.max(a.box.top, b.box.top), bottom = Math.min(a.box.bottom, b.box.bottom);
		if (right - left < 2 || bottom - top < Math.min(a.box.height, b.box.height) / 4) return;
		if (areBothSeen((left + right) / 2, (top + bottom) / 2, a.element, b.element)) found.add(`${name(a.element)} and ${name(b.element)} overlap`);
	}

	// areBothSeen is false if one of two elements lies below something that hides it.
	function areBothSeen(x, y, a, b) {
		const stack = document.elementsFromPoint(x, y);
		const [first, second] = [stack.indexOf(a), stack.indexOf(b)].sort((i, j) => i - j);
		return first >= 0 && second > first && !stack.slice(0, second).some((it) => !it.contains(stack[second]) && isOpaque(it));
	}

	function isOpaque(element) {
		const { backgroundColor, opacity } = getComputedStyle(element);
		return opacity === "1" && /^(rgb\(|color\([^/]*\)|oklab\([^/]*\)|oklch\([^/]*\))/.test(backgroundColor) || element.localName === "video";
	}

	function checkControls() {
		const all = root.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=switch]");
		for (const control of all) {
			if (!isShown(control) || control.closest("[inert]") || getComputedStyle(control).pointerEvents === "none") continue;
			const target = /^(checkbox|radio|file)$/.test(control.type) && control.labels?.[0] || control;
			const box = target.getBoundingClientRect();
			if (box.right <= 0 || isForReaders(control)) continue; // a link to skip, until it has the focus
			checkSize(control, box);
			checkReach(control, target);
		}
	}

	function checkSize(control, { left, right, width, height }) {
		if (!isInText(control)) {
			const least = control.matches(".main, .danger, [role=toolbar] button") ? 40 : 24;
			if (width < least - .5 || height < least - .5) found.add(`${name(control)} is ${width.toFixed()} x ${height.toFixed()}, less than ${least}`);
		}
		if ((left < -1 || right > wide + 1) && !isInScroller(control)) found.add(`${name(control)} is not within the window's width`);
	}

	function isInText(control) {
		return control.localName === "a" && getComputedStyle(control).display === "inline";
	}

	function isInScroller(control) {
		for (let up = control.parentElement; up && up !== document.body; up = up.parentElement) {
			if (scrolls(getComputedStyle(up).overflowX)) return true;
		}
		return false;
	}

	// checkReach makes sure that a control can be pressed, once it is scrolled to.
	function checkReach(control, target) {
		let over = inFront(control, target);
		if (!over) return;
		const scrolled = [];
		for (let up = target.parentElement; up; up = up.parentElement) scrolled.push([up, up.scrollLeft, up.scrollTop]);
		target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
		over = inFront(control, target);
		for (const [element, left, top] of scrolled) element.scrollTo({ left, top, behavior: "instant" });
		if (over) found.add(`${name(control)} is covered by ${over === true ? "nothing, but is out of reach" : name(over)}`);
	}

	// inFront is what covers the middle of a control; true if that is out of the window.
	function inFront(control, target) {
		const box = target.getClientRects()[0];
		if (!box) return;
		const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
		if (!over) return true;
		return over === control || over === target || target.contains(over) || over.closest("label")?.control === control ? undefined : over;
	}

	if (document.documentElement.scrollWidth > wide) found.add(`the page is ${document.documentElement.scrollWidth} wide in a window of ${wide}`);
	checkTexts(texts());
	checkControls();
	return [...found];
}
