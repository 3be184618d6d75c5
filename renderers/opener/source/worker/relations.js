/**
 * What belongs together, by the foreign keys that datapackage.json declares between the JSON tables: a record to those
 * it refers to, and those that refer to it.
 */

import { eachToken, tokenIn } from "./columns.js";
import { textOf } from "./records.js";

/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("../protocol.js").Related} Related */

/**
 * @typedef {object} ForeignKey
 * @property {string} dataset
 * @property {ReadonlyArray<string>} fields
 * @property {string} referenced the dataset referred to
 * @property {ReadonlyArray<string>} referencedFields
 */

/** @typedef {Map<string, {count: number, indexes: number[]}>} Index records by the values of their key */

const SHOWN = 200;

/**
 * @param {ReadonlyArray<ForeignKey>} keys
 * @param {(dataset: string) => Rows|null} rowsOf null where the dataset has no table
 * @returns {(dataset: string, index: number) => Related[]}
 */
export function relationsOf(keys, rowsOf) {
  /** @type {Map<string, Index>} */
  const indexes = new Map();
  /**
   * @param {{dataset: string, fields: ReadonlyArray<string>}} place
   * @param {Rows} rows
   */
  const indexOf = ({ dataset, fields }, rows) => {
    const key = JSON.stringify([dataset, ...fields]);
    const index = indexes.get(key) ?? indexed(rows, fields);
    indexes.set(key, index);
    return index;
  };
  /**
   * @param {Related["direction"]} direction
   * @param {{dataset: string, fields: ReadonlyArray<string>}} other
   * @param {string|null} value
   * @returns {Related[]}
   */
  const related = (direction, other, value) => {
    const rows = value === null ? null : rowsOf(other.dataset);
    const found = rows === null || value === null ? undefined : indexOf(other, rows).get(value);
    return found === undefined ? [] : [{ dataset: other.dataset, direction, ...found }];
  };
  return (dataset, index) => {
    const rows = rowsOf(dataset);
    if (rows === null) return [];
    /** @param {ReadonlyArray<string>} fields */
    const value = (fields) => fields.reduce(withToken(rows, index), "");
    return keys.flatMap((key) => {
      const from = { dataset: key.dataset, fields: key.fields };
      const to = { dataset: key.referenced, fields: key.referencedFields };
      const up = key.dataset === dataset ? related("up", to, value(key.fields)) : [];
      const down = key.referenced === dataset ? related("down", from, value(key.referencedFields)) : [];
      return [...up, ...down];
    });
  };
}

/**
 * A number is never the same as a text, however alike they look.
 * @param {string|null} token
 */
function identity(token) {
  if (token === null) return null;
  return token[0] === '"' ? `"${textOf(token)}` : token;
}

/**
 * @param {Rows} rows
 * @param {number} index
 * @returns {(before: string|null, field: string) => string|null}
 */
function withToken(rows, index) {
  return (before, field) => joined(before, identity(tokenIn(rows, index, field)));
}

/**
 * The values of a key one after another, each with its length, so that no two keys are written alike; null if one of
 * them is missing.
 * @param {string|null|undefined} before
 * @param {string|null} value
 */
function joined(before, value) {
  return before === null || before === undefined || value === null ? null : `${before}${value.length}:${value}`;
}

/**
 * @param {Rows} rows
 * @param {ReadonlyArray<string>} fields
 * @returns {Index}
 */
function indexed(rows, fields) {
  /** @type {Index} */
  const index = new Map();
  /** @type {ReadonlyArray<string|null>} */
  let before = [];
  for (const field of fields.slice(0, -1)) {
    /** @type {(string|null)[]} */
    const longer = [];
    eachToken(rows, field, (token, at) => longer.push(joined(before.length ? before[at] : "", identity(token))));
    before = longer;
  }
  eachToken(rows, fields.at(-1) ?? "", (token, at) => {
    const value = joined(fields.length > 1 ? before[at] : "", identity(token));
    if (value === null) return;
    const entry = index.get(value);
    if (entry === undefined) index.set(value, { count: 1, indexes: [at] });
    else {
      entry.count += 1;
      if (entry.indexes.length < SHOWN) entry.indexes.push(at);
    }
  });
  return index;
}
