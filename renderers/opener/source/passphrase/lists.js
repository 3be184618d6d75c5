/** The lists of words, unpacked when first asked for. */

import { WORDS } from "./words.js";

/** @typedef {keyof typeof WORDS} ListLanguage */
/** @typedef {{words: ReadonlyArray<string>, known: ReadonlySet<string>, longest: number}} WordList */

const FIRST_LETTER = "A".charCodeAt(0);
/** @type {Map<ListLanguage, WordList>} */
const unpacked = new Map();

/** @type {ReadonlyArray<ListLanguage>} */
export const LIST_LANGUAGES = ["en", "de", "fr"];

/**
 * @param {ListLanguage} language
 * @returns {WordList}
 */
export function wordList(language) {
  const before = unpacked.get(language);
  if (before) return before;
  const words = unpack(WORDS[language].text, WORDS[language].pairs);
  const list = { words, known: new Set(words), longest: Math.max(...words.map((word) => word.length)) };
  unpacked.set(language, list);
  return list;
}

/**
 * @param {string} text words, each a capital letter for what it shares with the one before, and the rest of it
 * @param {string} pairs signs in the text, each with the two characters that it stands for
 * @returns {string[]}
 */
export function unpack(text, pairs) {
  const signs = [...pairs.matchAll(/(.)(..)/g)].reverse();
  const whole = signs.reduce((shorter, [, sign = "", pair = ""]) => shorter.replaceAll(sign, pair), text);
  /** @type {string[]} */
  const words = [];
  let before = "";
  for (const [, shared = "A", rest = ""] of whole.matchAll(/([A-Z])([a-z]*)/g)) {
    before = before.slice(0, shared.charCodeAt(0) - FIRST_LETTER) + rest;
    words.push(before);
  }
  return words;
}
