// What a page remembers of its visitor between visits, on this device only.

// recall is what was kept under a key; undefined where the browser lets the page keep nothing.
export function recall(key) {
  try {
    return localStorage.getItem("expressrtc-" + key) ?? undefined;
  } catch {
    return undefined;
  }
}

// keep remembers a text, or forgets it when it is empty.
export function keep(key, text) {
  try {
    if (text) localStorage.setItem("expressrtc-" + key, text);
    else localStorage.removeItem("expressrtc-" + key);
  } catch {
    // then it is asked for again at the next visit
  }
}
