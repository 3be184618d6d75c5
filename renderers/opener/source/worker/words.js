/** The description in the language of the package's report: its files have the register's own words. */

import { at, text } from "./json.js";

/** @typedef {import("./json.js").Json} Json */

/** What a reader is shown as words; everything else is a name, a path, a code or a value. */
const SHOWN = new Set(["title", "description", "reason", "text", "ground", "effort", "decidedBy", "legalBases", "sources"]);

/**
 * @template T
 * @param {T} described
 * @param {Json} words each text with its translation, as in datapackage.json
 * @returns {T} with each text that has a translation in its place
 */
export function inWords(described, words) {
  /**
   * @param {unknown} value
   * @param {boolean} shown
   * @returns {unknown}
   */
  const translated = (value, shown) => {
    if (typeof value === "string") return (shown && text(at(words, value))) || value;
    if (Array.isArray(value)) return value.map((each) => translated(each, shown));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, translated(each, SHOWN.has(key))]));
  };
  return /** @type {T} */ (translated(described, false));
}
