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
 * @property {(bytes: Uint8Array, place: Place) => string|null} of the title of a value, folded; null where it has none, or
 *   where who looks for the title finds the value anyway
 * @property {(text: string) => string[]} codes with a title that contains a folded text
 */

/**
 * @typedef {object} Coded a field
 * @property {Uint8Array} name
 * @property {{tokens: Uint8Array[], value: string, title: string}[]} codes
 */

const BACKSLASH = 92;
const encoder = new TextEncoder();

/**
 * @param {ReadonlyArray<Field>} fields
 * @returns {CodeTitles}
 */
export function codeTitles(fields) {
  /** @type {Coded[][]} by the length of the field's name */
  const byLength = [];
  const coded = fields.map(codedOf).filter((field) => field.codes.length > 0);
  for (const field of coded) byLength[field.name.length] = [...(byLength[field.name.length] ?? []), field];
  return {
    of(bytes, place) {
      const fields = byLength[place.nameTo - place.nameFrom];
      const field = fields?.find(({ name }) => isAt(bytes, place.nameFrom, name));
      return field === undefined ? null : titleOf(field, bytes, place);
    },
    codes: (text) =>
      coded.flatMap((field) => field.codes.filter((code) => code.title.includes(text)).map((code) => code.value)),
  };
}

/**
 * @param {Field} field
 * @returns {Coded} with the codes that are not found by their title anyway
 */
function codedOf(field) {
  const different = field.codes.filter((code) => !folded(code.value).includes(folded(code.title)));
  return {
    name: encoder.encode(JSON.stringify(field.name).slice(1, -1)),
    codes: different.map(({ value, title }) => ({
      // A code of a field of numbers stands without quotes.
      tokens: [JSON.stringify(value), value].map((token) => encoder.encode(token)),
      value: folded(value),
      title: folded(title),
    })),
  };
}

/**
 * @param {Coded} field
 * @param {Uint8Array} bytes
 * @param {Place} place
 */
function titleOf(field, bytes, place) {
  const length = place.to - place.from;
  for (const code of field.codes) {
    for (const token of code.tokens) if (token.length === length && isAt(bytes, place.from, token)) return code.title;
  }
  if (!hasEscape(bytes, place)) return null;
  const value = folded(textOf(decoded(bytes, place.from, place.to)));
  return field.codes.find((code) => code.value === value)?.title ?? null;
}

/**
 * @param {Uint8Array} bytes
 * @param {Place} place
 */
function hasEscape(bytes, { from, to }) {
  for (let at = from; at < to; at++) if (bytes[at] === BACKSLASH) return true;
  return false;
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
