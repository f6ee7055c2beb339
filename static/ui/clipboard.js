// The clipboard, which browsers give to https pages and to localhost, and may refuse.

// toClipboard puts a text there, and resolves with whether the browser let it.
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // then whoever asked shows the text, to be copied by hand
  }
}
