/** Which records a table shows, and in which order: filters, time, sorting, and how many records a month has. */

import { eachToken } from "./columns.js";
import { folded } from "./folding.js";
import { titlesOf } from "./order.js";
import { textOf } from "./records.js";

/** @typedef {import("../protocol.js").Arrangement} Arrangement */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("./rows.js").Rows} Rows */

/**
 * @typedef {object} Source what a view is made from
 * @property {Dataset} dataset
 * @property {Rows} rows
 * @property {(field: Field) => Float64Array} order
 * @property {import("./timeline.js").Timeline|null} timeline
 */

/**
 * @typedef {object} View
 * @property {Uint32Array|null} indexes null where it shows all records in their own order
 * @property {number} count
 * @property {{month: string, records: number}[]} months
 */

/**
 * @param {Source} source
 * @param {Arrangement} arrangement
 * @returns {View}
 */
export function arranged(source, arrangement) {
  const { rows, timeline } = source;
  const isIn = new Uint8Array(rows.count).fill(1);
  for (const { field, contains } of arrangement.filters) filter(rows, fieldOf(source, field), folded(contains), isIn);
  timeline?.limit(arrangement.since, arrangement.until, isIn);
  const indexes = indexesOf(source, isIn, arrangement.sort);
  return { indexes, count: indexes?.length ?? rows.count, months: timeline?.months(indexes) ?? [] };
}

/**
 * @param {Source} source
 * @param {Uint8Array} isIn
 * @param {Arrangement["sort"]} sort
 */
function indexesOf(source, isIn, sort) {
  const field = sort === null ? null : fieldOf(source, sort.field);
  if (field === null || sort === null) return isIn.includes(0) ? chosen(isIn) : null;
  return order(chosen(isIn), source.order(field), sort.descending ? -1 : 1);
}

/** @param {Uint8Array} isIn */
function chosen(isIn) {
  const indexes = new Uint32Array(isIn.length);
  let count = 0;
  isIn.forEach((is, index) => {
    if (is === 1) indexes[count++] = index;
  });
  return indexes.slice(0, count);
}

/**
 * @param {Source} source
 * @param {string} name
 * @returns {Field|null}
 */
function fieldOf(source, name) {
  return source.dataset.fields.find((field) => field.name === name) ?? null;
}

/**
 * @param {Rows} rows
 * @param {Field|null} field
 * @param {string} contained folded
 * @param {Uint8Array} isIn
 */
function filter(rows, field, contained, isIn) {
  if (field === null || contained === "") return;
  const titles = titlesOf(field);
  eachToken(rows, field.name, (token, index) => {
    if (isIn[index] === 0) return;
    const text = token === null ? null : textOf(token);
    const holds = text !== null && [text, titles.get(text) ?? ""].some((each) => folded(each).includes(contained));
    if (!holds) isIn[index] = 0;
  });
}

/**
 * What has no value comes last, in both directions; what is equal stays in the package's own order.
 * @param {Uint32Array} indexes
 * @param {Float64Array} order
 * @param {1|-1} direction
 */
function order(indexes, order, direction) {
  return indexes.sort((one, other) => {
    const difference = (order[one] ?? NaN) - (order[other] ?? NaN);
    if (difference > 0 || difference < 0) return direction * difference;
    return difference === 0 ? one - other : withoutValue(order, one, other);
  });
}

/**
 * @param {Float64Array} order
 * @param {number} one
 * @param {number} other
 */
function withoutValue(order, one, other) {
  return Number(Number.isNaN(order[one])) - Number(Number.isNaN(order[other])) || one - other;
}
