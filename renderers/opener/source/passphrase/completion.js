/** Words that complete the one being typed. */

import { LIST_LANGUAGES, wordList } from "./lists.js";
import { languageOf, typedWords } from "./passphrase.js";

/** @typedef {import("./lists.js").ListLanguage} ListLanguage */

const FEWEST_LETTERS = 2;
const MOST = 6;
const GROWING = /[\p{L}\p{M}]+$/u;

/**
 * @param {string} text up to where the person types
 * @param {ListLanguage} preferred
 * @returns {string[]} words that begin as the last one does, itself excluded
 */
export function completions(text, preferred) {
  const start = GROWING.exec(text)?.[0].normalize("NFKC").toLowerCase() ?? "";
  if (start.length < FEWEST_LETTERS) return [];
  const before = typedWords(text).slice(0, -1);
  // Before any word is known, the passphrase may be of any language.
  const languages = before.length ? [languageOf(before, preferred)] : [preferred, ...LIST_LANGUAGES];
  const found = new Set(languages.flatMap((language) => beginning(start, wordList(language).words)));
  found.delete(start);
  return [...found].slice(0, MOST);
}

/**
 * @param {string} text
 * @param {string} word
 * @returns {string} the text with its last word completed, ready for the next one
 */
export function completed(text, word) {
  return `${text.replace(GROWING, "")}${word}-`;
}

/**
 * @param {string} start
 * @param {ReadonlyArray<string>} words in alphabetical order
 * @returns {string[]}
 */
function beginning(start, words) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] ?? "") < start) low = middle + 1;
    else high = middle;
  }
  return words.slice(low, low + MOST + 1).filter((word) => word.startsWith(start));
}
