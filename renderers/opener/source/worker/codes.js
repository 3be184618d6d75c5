/** The titles of codes, which the page shows in their place, and by which they are found too. */

import { folded } from "./folding.js";
import { decoded } from "./rows.js";
import { textOf } from "./records.js";

/** @typedef {import("../protocol.js").Field} Field */

/**
 * The title of a value, folded; null where it has none, or where who looks for the title finds the value anyway.
 * @typedef {(nameFrom: number, nameTo: number, from: number, to: number) => string|null} TitleAt
 */

/**
 * @typedef {object} CodeTitles
 * @property {(bytes: Uint8Array) => TitleAt} of
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
    of: (bytes) => (nameFrom, nameTo, from, to) => {
      for (const field of byLength[nameTo - nameFrom] ?? []) {
        if (isAt(bytes, nameFrom, field.name)) return titleOf(field, bytes, from, to);
      }
      return null;
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
 * @param {number} from
 * @param {number} to
 */
function titleOf(field, bytes, from, to) {
  const length = to - from;
  for (const code of field.codes) {
    for (const token of code.tokens) if (token.length === length && isAt(bytes, from, token)) return code.title;
  }
  if (!hasEscape(bytes, from, to)) return null;
  const value = folded(textOf(decoded(bytes, from, to)));
  return field.codes.find((code) => code.value === value)?.title ?? null;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
function hasEscape(bytes, from, to) {
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
