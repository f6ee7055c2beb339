// A bar that shows how loud it is.

// showLevel moves the bar of an element with role="meter"; level is 0 to 100, as the SDK
// tells it. Loudness is felt by its root, so that quiet speech moves the bar, too.
export function showLevel(element, level) {
  const shown = Math.sqrt(Math.min(level, 100) / 100);
  element.style.setProperty("--level", shown.toFixed(2));
  element.setAttribute("aria-valuenow", String(Math.round(shown * 100)));
}
