/**
 * The values of one field in all records, as they stand in the JSON: a token such as `"text"` or `12`, null where there is
 * none. They are decoded in passing and never kept, because the texts of one column take more room than its bytes.
 */

import { decoded, endOf, startOf } from "./rows.js";
import { eachField } from "./walk.js";

/** @typedef {import("./rows.js").Rows} Rows */

const RECORDS_AT_ONCE = 4096;
const NEWLINE = 10;

/**
 * @param {Rows} rows
 * @param {string} field
 * @param {(token: string|null, index: number) => void} visit
 */
export function eachToken(rows, field, visit) {
  const name = nameOf(field);
  let buffer = new Uint8Array(1 << 16);
  for (let first = 0; first < rows.count; first += RECORDS_AT_ONCE) {
    const end = Math.min(first + RECORDS_AT_ONCE, rows.count);
    let length = 0;
    for (let index = first; index < end; index++) {
      const { from, to } = valueIn(rows, index, name);
      while (length + to - from + 1 > buffer.length) buffer = doubled(buffer);
      for (let at = from; at < to; at++) buffer[length++] = rows.bytes[at] ?? 0;
      buffer[length++] = NEWLINE; // no token has one
    }
    const tokens = decoded(buffer, 0, length - 1).split("\n");
    tokens.forEach((token, place) => visit(tokenOrNull(token), first + place));
  }
}

/** @param {string} token */
function tokenOrNull(token) {
  return token === "" || token === "null" ? null : token;
}

/** @param {Uint8Array<ArrayBuffer>} buffer */
function doubled(buffer) {
  const longer = new Uint8Array(buffer.length * 2);
  longer.set(buffer);
  return longer;
}

/**
 * @param {Rows} rows
 * @param {number} index
 * @param {Uint8Array} name
 * @returns {{from: number, to: number}} empty where the record has no such field
 */
function valueIn(rows, index, name) {
  const bytes = rows.bytes;
  const value = { from: 0, to: 0 };
  eachField(bytes, startOf(rows, index), endOf(rows, index), (nameFrom, nameTo, from, to) => {
    if (nameTo - nameFrom !== name.length) return false;
    for (let at = 0; at < name.length; at++) if (bytes[nameFrom + at] !== name[at]) return false;
    value.from = from;
    value.to = to;
    return true;
  });
  return value;
}

/**
 * @param {Rows} rows
 * @param {number} index
 * @param {string} field
 * @returns {string|null}
 */
export function tokenIn(rows, index, field) {
  const { from, to } = valueIn(rows, index, nameOf(field));
  return tokenOrNull(decoded(rows.bytes, from, to));
}

/** @param {string} field */
function nameOf(field) {
  return new TextEncoder().encode(JSON.stringify(field).slice(1, -1));
}
