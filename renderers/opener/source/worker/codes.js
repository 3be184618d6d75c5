/** The titles of codes, which the page shows in their place, and by which they are found too. */

import { folded } from "./folding.js";
import { decoded } from "./rows.js";
import { textOf } from "./records.js";

/** @typedef {import("../protocol.js").Field} Field */

/**
 * @typedef {object} Place a field in the bytes of a record
 * @property {number} nameFrom
 * @property {number} nameTo
 * @property {number} from
 * @property {number} to
 */

/**
 * @typedef {object} CodeTitles
 * @property {(bytes: Uint8Array, place: Place) => string|null} of the title of a value; null where it has none, or where
 *   who looks for the title finds the value anyway
 */

/**
 * @param {ReadonlyArray<Field>} fields
 * @returns {CodeTitles}
 */
export function codeTitles(fields) {
  const coded = fields.filter((field) => field.codes.length > 0);
  /** @type {Map<number, {name: Uint8Array, titles: Map<string, string>}[]>} */
  const byLength = new Map();
  for (const field of coded) {
    const name = new TextEncoder().encode(JSON.stringify(field.name).slice(1, -1));
    const others = byLength.get(name.length) ?? [];
    byLength.set(name.length, [...others, { name, titles: titlesOf(field) }]);
  }
  return {
    of(bytes, place) {
      const field = byLength.get(place.nameTo - place.nameFrom)?.find(({ name }) => isAt(bytes, place.nameFrom, name));
      if (field === undefined) return null;
      return field.titles.get(textOf(decoded(bytes, place.from, place.to))) ?? null;
    },
  };
}

/** @param {Field} field */
function titlesOf(field) {
  const different = field.codes.filter((code) => !folded(code.value).includes(folded(code.title)));
  return new Map(different.map((code) => [code.value, code.title]));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {Uint8Array} sought
 */
function isAt(bytes, from, sought) {
  for (let index = 0; index < sought.length; index++) if (bytes[from + index] !== sought[index]) return false;
  return true;
}
