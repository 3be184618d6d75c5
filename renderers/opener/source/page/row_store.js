/** The rows that a table has got from the worker: one request at a time, a screen ahead on both sides. */

/** @typedef {import("../protocol.js").DataRecord} DataRecord */
/** @typedef {{index: number, record: DataRecord}} Row */
/** @typedef {(from: number, count: number) => Promise<ReadonlyArray<Row>>} LoadRows */

const MOST_KEPT = 3000;
const MOST_ASKED = 300;

/**
 * @typedef {object} RowStore
 * @property {(position: number) => Row|undefined} row
 * @property {(from: number, to: number) => void} want rows that are looked at; what is missing is loaded
 */

/**
 * @param {number} count of all rows
 * @param {LoadRows} load
 * @param {() => void} arrived
 * @returns {RowStore}
 */
export function rowStore(count, load, arrived) {
  /** @type {Map<number, Row>} */
  const rows = new Map();
  /** @type {{from: number, to: number}|null} */
  let next = null;
  let busy = false;

  /** @param {{from: number, to: number}} seen */
  const missing = ({ from, to }) => {
    const screen = to - from;
    // What is seen comes first; then a screen on both sides.
    return gap(rows, from, to) ?? gap(rows, Math.max(0, from - screen), Math.min(count, to + screen));
  };

  /** @param {{from: number, to: number}} seen */
  const request = async (seen) => {
    const wanted = missing(seen);
    if (!wanted) return;
    busy = true;
    try {
      const loaded = await load(wanted.from, wanted.to - wanted.from);
      if (rows.size > MOST_KEPT) forget(rows, seen);
      loaded.forEach((row, at) => rows.set(wanted.from + at, row));
    } finally {
      busy = false;
    }
    arrived();
    if (next) want(next.from, next.to);
  };

  /**
   * @param {number} from
   * @param {number} to
   */
  const want = (from, to) => {
    next = busy ? { from, to } : null;
    // A view that has ended fails; a newer table shows its rows by then.
    if (!busy) request({ from, to }).catch(() => {});
  };

  return { row: (position) => rows.get(position), want };
}

/**
 * @param {Map<number, Row>} rows
 * @param {number} from
 * @param {number} to
 * @returns {{from: number, to: number}|null}
 */
function gap(rows, from, to) {
  let first = from;
  while (first < to && rows.has(first)) first += 1;
  let end = Math.min(to, first + MOST_ASKED);
  while (end > first && rows.has(end - 1)) end -= 1;
  return end > first ? { from: first, to: end } : null;
}

/**
 * @param {Map<number, Row>} rows
 * @param {{from: number, to: number}} seen
 */
function forget(rows, { from, to }) {
  for (const position of rows.keys()) {
    if (position < from - MOST_ASKED || position > to + MOST_ASKED) rows.delete(position);
  }
}
