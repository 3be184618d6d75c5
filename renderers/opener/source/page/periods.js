/** Records a month, made ready for bars: without holes, and by year where there would be too many. */

/** @typedef {{when: string, records: number}} Bar `when` is a month such as `2024-03`, or a year */
/** @typedef {{unit: "month"|"year", bars: ReadonlyArray<Bar>, most: Bar}} Bars */

const MOST_MONTHS = 144;
const MOST_YEARS = 200;

/**
 * @param {ReadonlyArray<{month: string, records: number}>} months in any order
 * @returns {Bars|null} null where nothing is to compare
 */
export function barsOf(months) {
  const dated = months.filter(({ month }) => /^\d{4}-\d\d$/.test(month));
  const numbers = dated.map(({ month }) => monthNumber(month));
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  if (dated.length < 2) return null;
  if (last - first < MOST_MONTHS) return barred("month", first, last, tally(dated, (month) => month));
  const years = tally(dated, (month) => month.slice(0, 4));
  const [from, to] = [Math.floor(first / 12), Math.floor(last / 12)];
  return to - from < MOST_YEARS ? barred("year", from, to, years) : null;
}

/**
 * @param {"month"|"year"} unit
 * @param {number} from
 * @param {number} to
 * @param {Map<string, number>} counts
 * @returns {Bars}
 */
function barred(unit, from, to, counts) {
  const bars = Array.from({ length: to - from + 1 }, (_, at) => {
    const when = unit === "year" ? String(from + at).padStart(4, "0") : monthName(from + at);
    return { when, records: counts.get(when) ?? 0 };
  });
  const none = { when: "", records: 0 };
  return { unit, bars, most: bars.reduce((most, bar) => (bar.records > most.records ? bar : most), none) };
}

/**
 * @param {ReadonlyArray<{month: string, records: number}>} months
 * @param {(month: string) => string} name
 */
function tally(months, name) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { month, records } of months) counts.set(name(month), (counts.get(name(month)) ?? 0) + records);
  return counts;
}

/** @param {string} month */
function monthNumber(month) {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}

/** @param {number} number */
function monthName(number) {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

/**
 * The first and the last day of a month or a year.
 * @param {string} when
 */
export function daysOf(when) {
  if (when.length === 4) return { since: `${when}-01-01`, until: `${when}-12-31` };
  const last = new Date(Date.UTC(Number(when.slice(0, 4)), Number(when.slice(5)), 0)).getUTCDate();
  return { since: `${when}-01`, until: `${when}-${String(last).padStart(2, "0")}` };
}
