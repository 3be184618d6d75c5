/** When the records of a table happened, and in which months, by the field that its schema names. */

import { textOf } from "./records.js";
import { dayAfter, instantOf, zoneOf } from "./time.js";

/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("./columns.js").Column} Column */

/**
 * @typedef {object} Timeline
 * @property {(since: string|null, until: string|null) => (index: number) => boolean} between two days, both included; a
 *   record without a time is not
 * @property {(indexes: Uint32Array|null) => {month: string, records: number}[]} months in order, none without records
 */

/**
 * @typedef {object} Calendar times as numbers that can be compared
 * @property {(text: string) => number} timeOf not a number where it is no time
 * @property {(day: string) => number} startOf
 * @property {(time: number) => string} monthOf
 */

/**
 * Dates are the same days everywhere.
 * @type {Calendar}
 */
const DATES = {
  timeOf: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Number(text.replaceAll("-", "")) : NaN),
  startOf: (day) => Number(day.replaceAll("-", "")),
  monthOf: (time) => `${String(Math.floor(time / 10000)).padStart(4, "0")}-${String(Math.floor(time / 100) % 100).padStart(2, "0")}`,
};

/**
 * @param {Dataset} dataset
 * @param {(field: string) => Column} column
 * @param {string} timeZone
 * @returns {Timeline|null} null where the schema names no such field
 */
export function timelineOf(dataset, column, timeZone) {
  const field = dataset.fields.find((each) => each.name === dataset.periodField);
  if (field === undefined) return null;
  const calendar = field.kind === "date" ? DATES : { timeOf: instantOf, ...zoneOf(timeZone) };
  const times = Float64Array.from(column(field.name), (token) => (token === null ? NaN : calendar.timeOf(textOf(token))));
  const names = new Map([["", 0]]);
  const months = Uint16Array.from(times, (time) => {
    const name = Number.isNaN(time) ? "" : calendar.monthOf(time);
    const month = names.get(name) ?? names.size;
    names.set(name, month);
    return month;
  });
  return {
    between(since, until) {
      const from = since === null ? -Infinity : calendar.startOf(since);
      const to = until === null ? Infinity : calendar.startOf(dayAfter(until));
      return (index) => {
        const time = times[index] ?? NaN;
        return time >= from && time < to;
      };
    },
    months: (indexes) => counted(months, [...names.keys()], indexes),
  };
}

/**
 * @param {Uint16Array} months of each record, by its place among the names; 0 is none
 * @param {ReadonlyArray<string>} names
 * @param {Uint32Array|null} indexes
 */
function counted(months, names, indexes) {
  const counts = new Uint32Array(names.length);
  /** @param {number} month */
  const count = (month) => {
    counts[month] = (counts[month] ?? 0) + 1;
  };
  if (indexes === null) months.forEach(count);
  else indexes.forEach((index) => count(months[index] ?? 0));
  const found = names.map((month, place) => ({ month, records: counts[place] ?? 0 }));
  return found.filter(({ month, records }) => month !== "" && records > 0).sort((one, other) => (one.month < other.month ? -1 : 1));
}
