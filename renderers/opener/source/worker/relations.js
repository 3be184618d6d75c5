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
 * @property {string} field
 * @property {string} referenced the dataset referred to
 * @property {string} referencedField
 */

/** @typedef {Map<string, {count: number, indexes: number[]}>} Index records by the value of a field */

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
   * @param {{dataset: string, field: string}} place
   * @param {Rows} rows
   */
  const indexOf = ({ dataset, field }, rows) => {
    const key = JSON.stringify([dataset, field]);
    const index = indexes.get(key) ?? indexed(rows, field);
    indexes.set(key, index);
    return index;
  };
  /**
   * @param {Related["direction"]} direction
   * @param {{dataset: string, field: string}} other
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
    /** @param {string} field */
    const value = (field) => identity(tokenIn(rows, index, field));
    return keys.flatMap((key) => {
      const from = { dataset: key.dataset, field: key.field };
      const to = { dataset: key.referenced, field: key.referencedField };
      const up = key.dataset === dataset ? related("up", to, value(key.field)) : [];
      const down = key.referenced === dataset ? related("down", from, value(key.referencedField)) : [];
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
 * @param {string} field
 * @returns {Index}
 */
function indexed(rows, field) {
  /** @type {Index} */
  const index = new Map();
  eachToken(rows, field, (token, at) => {
    const value = identity(token);
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
