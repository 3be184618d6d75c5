/**
 * What makes two texts equal to a reader who searches: neither case, nor accents, nor the width of a letter matter.
 *
 * The folding of a text is that of its code points, one after the other, so that a text can also be matched where it
 * lies, byte by byte, without being decoded.
 */

/** Letters that Unicode does not take apart, and that people type without their stroke or joined. */
const SPELLED = new Map(
  Object.entries({
    ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", æ: "ae", œ: "oe", þ: "th", ŋ: "n", ƀ: "b", ɨ: "i", ɖ: "d",
  }),
);

/** @type {Map<number, string>} */
const known = new Map();

/**
 * @param {number} point
 * @returns {string} empty for a mark
 */
export function foldedPoint(point) {
  let folded = known.get(point);
  if (folded === undefined) {
    folded = "";
    for (const part of bare(String.fromCodePoint(point))) {
      // Upper case takes apart what lower case leaves: ß, final sigma, dotless i.
      const lower = bare([...part.toLowerCase().toUpperCase()].map((letter) => letter.toLowerCase()).join(""));
      for (const letter of lower) folded += SPELLED.get(letter) ?? letter;
    }
    known.set(point, folded);
  }
  return folded;
}

/** @param {string} text */
function bare(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "");
}

/** @param {string} run */
function foldedRun(run) {
  let folded = "";
  for (const letter of run) folded += foldedPoint(letter.codePointAt(0) ?? 0);
  return folded;
}

/** Stands between two values, and between two records, in a text of many. No folded value has it. */
export const BETWEEN_VALUES = "\u001f";
export const BETWEEN_RECORDS = "\u001e";

/** @param {string} text */
export function folded(text) {
  // eslint-disable-next-line no-control-regex -- everything that is not ASCII, and the two separators
  return text.replace(/[^\x00-\x7f]+/g, foldedRun).toLowerCase().replace(/[\x1e\x1f]/g, " ");
}
