// Names of people, as short as a face.

// initials are the first letters of a name's first and last word; one for a name of one
// word, such as a Chinese one.
export function initials({ userName, userID }) {
  const words = (userName || userID).trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => [...word][0] ?? "").join("").toUpperCase();
}
