/** Instants, and the days and months in which they fall where the controller is. */

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * @param {string} text
 * @returns {number} milliseconds since 1970, with a fraction; not a number where it is no instant
 */
export function instantOf(text) {
  const parts = RFC_3339.exec(text);
  if (parts === null) return NaN;
  const day = utc(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
  const seconds = digits(text, 17, 19) + (parts[1] === undefined ? 0 : Number(parts[1]));
  const local = day + inDay(digits(text, 11, 13), digits(text, 14, 16)) + seconds * 1000;
  const end = text.length;
  const sign = text[end - 6];
  if (sign !== "+" && sign !== "-") return local;
  const offset = inDay(digits(text, end - 5, end - 3), digits(text, end - 2, end));
  return sign === "-" ? local + offset : local - offset;
}

/**
 * @param {string} text YYYY-MM-DD
 * @returns {number} that can be compared, such as 20240331; not a number where it is no date
 */
export function dateOf(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? Number(text.replaceAll("-", "")) : NaN;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function digits(text, from, to) {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

/**
 * @param {number} [hour]
 * @param {number} [minute]
 */
function inDay(hour = 0, minute = 0) {
  return (hour * 60 + minute) * MINUTE;
}

/**
 * Like Date.UTC, which takes the years 0 to 99 for those of the 20th century.
 * @param {number} [year]
 * @param {number} [month] from 1
 * @param {number} [day]
 */
function utc(year = 0, month = 1, day = 1) {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/**
 * @typedef {object} Zone
 * @property {(day: string) => number} startOf the first instant of a day (YYYY-MM-DD)
 * @property {(instant: number) => string} monthOf such as 2024-03
 */

/**
 * @param {string} name of the IANA time zone; UTC where it is not known
 * @returns {Zone}
 */
export function zoneOf(name) {
  const format = formatOf(name);
  /** @param {number} instant */
  const dayOf = (instant) => {
    /** @type {{[type: string]: string}} */
    const parts = {};
    for (const { type, value } of format.formatToParts(instant)) parts[type] = value;
    return `${(parts["year"] ?? "").padStart(4, "0")}-${parts["month"]}-${parts["day"]}`;
  };
  /** @type {Map<string, number>} */
  const starts = new Map();
  /** @param {string} day */
  const startOf = (day) => {
    const start = starts.get(day) ?? firstInstantOf(day, dayOf);
    starts.set(day, start);
    return start;
  };
  return { startOf, monthOf: monthsFrom(startOf) };
}

/** @param {string} name */
function formatOf(name) {
  const locale = "en-u-ca-iso8601-nu-latn";
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" };
  try {
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone: name });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
  }
}

/**
 * No place is more than 16 hours from UTC. A day may begin at one o'clock, where the clock skips midnight.
 * @param {string} day
 * @param {(instant: number) => string} dayOf
 */
function firstInstantOf(day, dayOf) {
  const [year, month, date] = day.split("-").map(Number);
  const midnight = utc(year, month, date);
  let before = midnight / 1000 - 16 * 3600;
  let after = midnight / 1000 + 16 * 3600;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(middle * 1000) < day) before = middle;
    else after = middle;
  }
  return after * 1000;
}

/**
 * The month in UTC, or the one before or after it.
 * @param {(day: string) => number} startOf
 * @returns {(instant: number) => string}
 */
function monthsFrom(startOf) {
  /** @type {Map<number, {name: string, start: number}>} by the number of months since the year 0 */
  const known = new Map();
  /** @param {number} number */
  const monthAt = (number) => {
    let month = known.get(number);
    if (month === undefined) {
      const name = nameOf(Math.floor(number / 12), (number % 12) + 1);
      month = { name, start: startOf(`${name}-01`) };
      known.set(number, month);
    }
    return month;
  };
  return (instant) => {
    const date = new Date(instant);
    const number = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const month = monthAt(number);
    if (instant < month.start) return monthAt(number - 1).name;
    const next = monthAt(number + 1);
    return instant < next.start ? month.name : next.name;
  };
}

/**
 * @param {number} year
 * @param {number} month from 1
 */
function nameOf(year, month) {
  return new Date(utc(year, month, 1)).toISOString().slice(0, 7);
}

/**
 * @param {string} day YYYY-MM-DD
 * @returns {string} the day after it
 */
export function dayAfter(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(utc(year, month, date) + DAY).toISOString().slice(0, 10);
}
