/**
 * The values of one field in all records, as they stand in the JSON. A column is made when a view needs it, a few are
 * kept.
 */

import { decoded, endOf, startOf } from "./rows.js";
import { eachField } from "./walk.js";

/** @typedef {import("./rows.js").Rows} Rows */

/**
 * @typedef {ReadonlyArray<string|null>} Column each record's token of JSON, such as `"text"` or `12`; null where there
 *   is none
 */

const RECORDS_AT_ONCE = 4096;
const NEWLINE = 10;

/**
 * @param {Rows} rows
 * @param {string} field
 * @returns {Column}
 */
export function columnOf(rows, field) {
  const name = nameOf(field);
  /** @type {(string|null)[]} */
  const column = new Array(rows.count).fill(null);
  let buffer = new Uint8Array(1 << 16);
  for (let first = 0; first < rows.count; first += RECORDS_AT_ONCE) {
    const end = Math.min(first + RECORDS_AT_ONCE, rows.count);
    let length = 0;
    for (let index = first; index < end; index++) {
      const { from, to } = valueIn(rows, index, name);
      while (length + to - from + 1 > buffer.length) buffer = doubled(buffer);
      buffer.set(rows.bytes.subarray(from, to), length);
      length += to - from;
      buffer[length++] = NEWLINE; // no token has one
    }
    decoded(buffer, 0, length - 1)
      .split("\n")
      .forEach((token, at) => {
        column[first + at] = token === "" || token === "null" ? null : token;
      });
  }
  return column;
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
  const token = decoded(rows.bytes, from, to);
  return token === "" || token === "null" ? null : token;
}

/** @param {string} field */
function nameOf(field) {
  return new TextEncoder().encode(JSON.stringify(field).slice(1, -1));
}

/** Tokens to keep, in all columns together: about 100 MB at forty bytes a token. */
const KEPT = 2_500_000;

/**
 * Columns by dataset and field; those that were not used for longest go first.
 * @param {(dataset: string) => Rows} rowsOf
 * @returns {(dataset: string, field: string) => Column}
 */
export function columnsOf(rowsOf) {
  /** @type {Map<string, Column>} */
  const kept = new Map();
  return (dataset, field) => {
    const key = JSON.stringify([dataset, field]);
    const column = kept.get(key) ?? columnOf(rowsOf(dataset), field);
    kept.delete(key);
    kept.set(key, column);
    let tokens = [...kept.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [old, each] of kept) {
      if (tokens <= KEPT || old === key) break;
      kept.delete(old);
      tokens -= each.length;
    }
    return column;
  };
}
