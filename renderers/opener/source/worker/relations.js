/**
 * What belongs together, by the foreign keys that datapackage.json declares between the JSON tables: a record to those
 * it refers to, and those that refer to it.
 */

import { textOf } from "./records.js";

/** @typedef {import("./columns.js").Column} Column */
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
 * @typedef {object} Tables
 * @property {(dataset: string) => boolean} has
 * @property {(dataset: string, field: string) => Column} column
 * @property {(dataset: string, index: number, field: string) => string|null} token of one record
 */

/**
 * @param {ReadonlyArray<ForeignKey>} keys
 * @param {Tables} tables
 * @returns {(dataset: string, index: number) => Related[]}
 */
export function relationsOf(keys, tables) {
  /** @type {Map<string, Index>} */
  const indexes = new Map();
  /**
   * @param {string} dataset
   * @param {string} field
   */
  const indexOf = (dataset, field) => {
    const key = JSON.stringify([dataset, field]);
    const index = indexes.get(key) ?? indexed(tables.column(dataset, field));
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
    if (value === null || !tables.has(other.dataset)) return [];
    const found = indexOf(other.dataset, other.field).get(value);
    return found === undefined ? [] : [{ dataset: other.dataset, direction, indexes: found.indexes, count: found.count }];
  };
  return (dataset, index) =>
    keys.flatMap((key) => {
      const from = { dataset: key.dataset, field: key.field };
      const to = { dataset: key.referenced, field: key.referencedField };
      const up = key.dataset === dataset ? related("up", to, identity(tables.token(dataset, index, key.field))) : [];
      const value = key.referenced === dataset ? identity(tables.token(dataset, index, key.referencedField)) : null;
      const down = related("down", from, value);
      return [...up, ...down];
    });
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
 * @param {Column} column
 * @returns {Index}
 */
function indexed(column) {
  /** @type {Index} */
  const index = new Map();
  column.forEach((token, at) => {
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
