/** Which records a table shows, and in which order: filters, time, sorting, and how many records a month has. */

import { folded } from "./folding.js";
import { comparisonOf, titled } from "./order.js";
import { textOf } from "./records.js";

/** @typedef {import("../protocol.js").Arrangement} Arrangement */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("./columns.js").Column} Column */

/**
 * @typedef {object} Source what a view is made from
 * @property {Dataset} dataset
 * @property {number} records
 * @property {(field: string) => Column} column
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
  const conditions = conditionsOf(source, arrangement);
  const indexes = conditions.length === 0 && arrangement.sort === null ? null : chosen(source.records, conditions);
  if (indexes !== null) sort(source, indexes, arrangement.sort);
  return { indexes, count: indexes?.length ?? source.records, months: source.timeline?.months(indexes) ?? [] };
}

/**
 * @param {number} records
 * @param {ReadonlyArray<(index: number) => boolean>} conditions
 */
function chosen(records, conditions) {
  const indexes = new Uint32Array(records);
  let count = 0;
  for (let index = 0; index < records; index++) {
    if (conditions.every((holds) => holds(index))) indexes[count++] = index;
  }
  return indexes.slice(0, count);
}

/**
 * @param {Source} source
 * @param {Arrangement} arrangement
 */
function conditionsOf(source, arrangement) {
  /** @type {((index: number) => boolean)[]} */
  const conditions = [];
  for (const { field: name, contains } of arrangement.filters) {
    const field = fieldOf(source, name);
    if (field !== undefined && contains !== "") conditions.push(containing(field, source.column(name), contains));
  }
  const { since, until } = arrangement;
  if (source.timeline !== null && (since !== null || until !== null)) conditions.push(source.timeline.between(since, until));
  return conditions;
}

/**
 * @param {Source} source
 * @param {string} name
 * @returns {Field|undefined}
 */
function fieldOf(source, name) {
  return source.dataset.fields.find((field) => field.name === name);
}

/**
 * @param {Field} field
 * @param {Column} column
 * @param {string} contains
 * @returns {(index: number) => boolean}
 */
function containing(field, column, contains) {
  const what = folded(contains);
  const shown = field.codes.length > 0 ? titled(field, column) : null;
  return (index) => {
    const token = column[index];
    if (token === null || token === undefined) return false;
    return folded(textOf(token)).includes(what) || (shown !== null && folded(shown[index] ?? "").includes(what));
  };
}

/**
 * @param {Source} source
 * @param {Uint32Array} indexes
 * @param {Arrangement["sort"]} order
 */
function sort(source, indexes, order) {
  const field = order === null ? undefined : fieldOf(source, order.field);
  if (order === null || field === undefined) return;
  const column = source.column(field.name);
  const compare = comparisonOf(field, column);
  const direction = order.descending ? -1 : 1;
  indexes.sort((one, other) => {
    const [a, b] = [column[one] ?? null, column[other] ?? null];
    // What has no value comes last, in both directions.
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one - other;
    return direction * compare(one, other) || one - other;
  });
}
