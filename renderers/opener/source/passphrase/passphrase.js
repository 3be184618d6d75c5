/**
 * What a person typed, and the passphrases that it may mean.
 *
 * A passphrase is made of words in small letters with hyphens between them. Capitals, spaces, other dashes and missing
 * hyphens are forgiven. An organisation may choose a passphrase of its own, so what was typed is always tried as it is.
 */

import { LIST_LANGUAGES, wordList } from "./lists.js";
import { splits } from "./splits.js";

/** @typedef {import("./lists.js").ListLanguage} ListLanguage */
/** @typedef {import("./lists.js").WordList} WordList */

const WORDS = 8;
const MOST_CANDIDATES = 24;
const BETWEEN = /[\s\p{Pd}\p{Cf}\u2212_.,;:+/|]+/u;
const SPELLED_OUT = /** @type {const} */ ([["\u00e4", "ae"], ["\u00f6", "oe"], ["\u00fc", "ue"], ["\u00df", "ss"]]);

/**
 * @param {string} text
 * @returns {string[]} what was typed, cut where words end, in small letters
 */
export function typedWords(text) {
  const words = text.normalize("NFKC").toLowerCase().split(BETWEEN).filter(Boolean);
  // The numbers of a numbered list that was copied are no words.
  const named = words.filter((word) => !/^\d+$/.test(word));
  return named.length ? named : words;
}

/**
 * The language whose list has most of the words; the preferred one if none has more.
 * @param {ReadonlyArray<string>} words
 * @param {ListLanguage} preferred
 * @returns {ListLanguage}
 */
export function languageOf(words, preferred) {
  /** @param {ListLanguage} language */
  const counted = (language) => words.filter((word) => reading(word, wordList(language)) !== null).length;
  const ranked = [preferred, ...LIST_LANGUAGES].map((language) => ({ language, known: counted(language) }));
  return ranked.reduce((best, next) => (next.known > best.known ? next : best)).language;
}

/**
 * The word of a list that was meant, forgiving accents; null if there is none.
 * @param {string} word
 * @param {WordList} list
 */
function reading(word, list) {
  const bare = word.normalize("NFKD").replace(/\p{M}/gu, "");
  const spelled = SPELLED_OUT.reduce((text, [letter, letters]) => text.replaceAll(letter, letters), word);
  return [word, bare, spelled].find((each) => list.known.has(each)) ?? null;
}

/**
 * The ways to read what stands between two separators: as a word, or as several that run together.
 * @param {string} word
 * @param {WordList} list
 * @returns {string[][]}
 */
function readings(word, list) {
  const whole = reading(word, list);
  const apart = splits(word, list).filter((words) => words.length > 1);
  return whole === null ? apart : [[whole], ...apart];
}

/**
 * Words that no list has, each as typed. None if not a single word is known: then it is a passphrase of another kind.
 * @param {string} text
 * @param {ListLanguage} preferred
 * @param {boolean} typing whether the last word may still grow
 * @returns {{word: string, near: string|null}[]} with a word of the list that is one slip away
 */
export function unknownWords(text, preferred, typing) {
  const words = typedWords(text);
  const list = wordList(languageOf(words, preferred));
  const unknown = words.filter((word) => readings(word, list).length === 0);
  if (unknown.length === words.length) return [];
  const last = words.at(-1);
  const growing = typing && !BETWEEN.test(text.slice(-1)) ? last : null;
  return unknown.filter((word) => word !== growing).map((word) => ({ word, near: nearest(word, list) }));
}

/**
 * The passphrases that a text may mean, the likeliest first. As typed is always one of them.
 * @param {string} text
 * @param {ListLanguage} preferred
 * @returns {string[]}
 */
export function candidates(text, preferred) {
  const words = typedWords(text);
  const exact = text.trim();
  const list = wordList(languageOf(words, preferred));
  const combined = combinations(words.map((word) => readings(word, list)));
  const byLength = combined.sort((a, b) => Math.abs(a.length - WORDS) - Math.abs(b.length - WORDS));
  // A space in the middle of a word is found only if all of it is read anew.
  const anew = words.length === WORDS && combined.length ? [] : splits(words.join(""), list, WORDS);
  const made = [...byLength.slice(0, MOST_CANDIDATES), ...anew].map((each) => each.join("-"));
  const asTyped = [exact, text, exact.normalize("NFKC"), words.join("-")];
  // Readings are cut before what was typed is added, so that it is never among what is left out.
  return [...new Set([...made.slice(0, MOST_CANDIDATES), ...asTyped])].filter(Boolean);
}

/**
 * @param {string[][][]} options for each part of the text, the ways to read it
 * @returns {string[][]}
 */
function combinations(options) {
  if (!options.length) return [];
  /** @type {string[][]} */
  let made = [[]];
  for (const ways of options) {
    made = made.flatMap((before) => ways.map((way) => [...before, ...way])).slice(0, 20 * MOST_CANDIDATES);
  }
  return made;
}

/**
 * @param {string} word
 * @param {WordList} list
 * @returns {string|null} the only word that is one slip of the fingers away, or the first of few
 */
export function nearest(word, list) {
  const near = list.words.find((other) => Math.abs(other.length - word.length) <= 1 && isOneSlip(word, other));
  return near ?? null;
}

/**
 * Whether two words differ by one letter: another, one more, one less, or two that changed places.
 * @param {string} a
 * @param {string} b
 */
function isOneSlip(a, b) {
  const start = shared(a, b);
  const [left, right] = [a.slice(start), b.slice(start)];
  const end = shared([...left].reverse().join(""), [...right].reverse().join(""));
  const [one, other] = [left.slice(0, left.length - end), right.slice(0, right.length - end)];
  if (one.length <= 1 && other.length <= 1) return true;
  return one.length === 2 && one === [...other].reverse().join("");
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} how many letters both begin with
 */
function shared(a, b) {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}
