/** Words that were typed without anything between them. */

/** @typedef {import("./lists.js").WordList} WordList */

const MOST = 24;

/**
 * Every way to read letters as words of a list, up to a limit, those with long words first.
 * @param {string} letters
 * @param {WordList} list
 * @param {number|null} words how many words there must be; null for any number
 * @returns {string[][]}
 */
export function splits(letters, list, words = null) {
  /** @type {string[][]} */
  const found = [];
  /** @type {Set<string>} */
  const hopeless = new Set();
  /**
   * @param {number} from
   * @param {string[]} before
   * @returns {boolean} whether any reading was found
   */
  const read = (from, before) => {
    const full = words !== null && before.length === words;
    if (from === letters.length) return (words === null || full) && found.push(before) > 0;
    const place = words === null ? `${from}` : `${from} ${before.length}`;
    if (full || hopeless.has(place)) return false;
    const starts = begins(letters, from, list).filter(
      (word) => found.length < MOST && read(from + word.length, [...before, word]),
    );
    if (!starts.length && found.length < MOST) hopeless.add(place);
    return starts.length > 0;
  };
  if (letters) read(0, []);
  return found;
}

/**
 * @param {string} letters
 * @param {number} from
 * @param {WordList} list
 * @returns {string[]} the words that stand there, the longest first
 */
function begins(letters, from, list) {
  const lengths = Array.from({ length: Math.min(list.longest, letters.length - from) }, (_, at) => at + 1).reverse();
  return lengths.map((length) => letters.slice(from, from + length)).filter((word) => list.known.has(word));
}
