/** Where a text has what was searched for, whatever its case and accents. */

/** @typedef {{text: string, hit: boolean}} Part */

const BEFORE = 60;
const LONGEST = 240;

/**
 * @param {string} text
 * @param {string} wanted
 * @returns {Part[]} the text in its order
 */
export function parts(text, wanted) {
  const { folded, places } = fold(text);
  const needle = fold(wanted).folded;
  /** @type {Part[]} */
  const found = [];
  let end = 0;
  for (let at = needle ? folded.indexOf(needle) : -1; at >= 0; at = folded.indexOf(needle, at + needle.length)) {
    const from = places[at] ?? 0;
    const to = places[at + needle.length] ?? text.length;
    if (from > end) found.push({ text: text.slice(end, from), hit: false });
    if (to > Math.max(from, end)) found.push({ text: text.slice(Math.max(from, end), to), hit: true });
    end = Math.max(end, to);
  }
  if (end < text.length) found.push({ text: text.slice(end), hit: false });
  return found;
}

/**
 * A long text, cut to what is around the first hit.
 * @param {string} text
 * @param {string} wanted
 */
export function excerpt(text, wanted) {
  if (text.length <= LONGEST) return text;
  const { folded, places } = fold(text);
  const at = places[Math.max(0, folded.indexOf(fold(wanted).folded))] ?? 0;
  const from = Math.max(0, Math.min(at - BEFORE, text.length - LONGEST));
  const cut = text.slice(from, from + LONGEST);
  return `${from > 0 ? "\u2026" : ""}${cut}${from + LONGEST < text.length ? "\u2026" : ""}`;
}

/**
 * @param {string} text
 * @returns {{folded: string, places: number[]}} for each letter of the folded text, where it stands in the text
 */
function fold(text) {
  let folded = "";
  /** @type {number[]} */
  const places = [];
  let at = 0;
  for (const character of text) {
    const letters = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    for (let letter = 0; letter < letters.length; letter += 1) places.push(at);
    folded += letters;
    at += character.length;
  }
  return { folded, places };
}
