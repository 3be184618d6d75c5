/** When the records of a table happened, and in which months, by the field that its schema names. */

import { dateOf, dayAfter, zoneOf } from "./time.js";

/** @typedef {import("../protocol.js").Field} Field */

/**
 * @typedef {object} Timeline
 * @property {(since: string|null, until: string|null, isIn: Uint8Array) => void} limit takes out what is not between two
 *   days, both included, or has no time
 * @property {(indexes: Uint32Array|null) => {month: string, records: number}[]} months in order, none without records
 * @property {number} length
 */

/**
 * @typedef {object} Calendar of times as numbers that can be compared
 * @property {(day: string) => number} startOf
 * @property {(time: number) => string} monthOf
 */

/**
 * Dates are the same days everywhere.
 * @type {Calendar}
 */
const DATES = {
  startOf: dateOf,
  monthOf: (time) => `${padded(Math.floor(time / 10000), 4)}-${padded(Math.floor(time / 100) % 100, 2)}`,
};

/**
 * @param {number} number
 * @param {number} length
 */
function padded(number, length) {
  return String(number).padStart(length, "0");
}

/**
 * @param {Field} field
 * @param {Float64Array} times the order of the field's values
 * @param {string} timeZone
 * @returns {Timeline}
 */
export function timelineOf(field, times, timeZone) {
  const calendar = field.kind === "date" ? DATES : zoneOf(timeZone);
  const names = new Map([["", 0]]);
  const months = Uint16Array.from(times, (time) => {
    const name = Number.isNaN(time) ? "" : calendar.monthOf(time);
    const month = names.get(name) ?? names.size;
    names.set(name, month);
    return month;
  });
  return {
    limit(since, until, isIn) {
      if (since === null && until === null) return;
      const from = since === null ? -Infinity : calendar.startOf(since);
      const to = until === null ? Infinity : calendar.startOf(dayAfter(until));
      times.forEach((time, index) => {
        if (!(time >= from && time < to)) isIn[index] = 0;
      });
    },
    months: (indexes) => counted(months, [...names.keys()], indexes),
    length: times.length,
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
  const held = found.filter(({ month, records }) => month !== "" && records > 0);
  return held.sort((one, other) => (one.month < other.month ? -1 : 1));
}
