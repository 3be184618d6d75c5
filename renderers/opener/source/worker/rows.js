/**
 * A JSON member as it lies in the package: one array, one record a line. The bytes are kept whole, with the offset of
 * each record; a record is decoded when somebody looks at it.
 */

import { parsed } from "./records.js";
import { eachField } from "./walk.js";

/**
 * @typedef {object} Rows
 * @property {Uint8Array} bytes
 * @property {Uint32Array} starts one more than there are records; the last is after the last record's line
 * @property {number} count
 */

const NEWLINE = 10;
const COMMA = 44;
const BRACE = 123;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Finds the line ends of what is written to it, chunk by chunk. (Looking for them in the whole buffer would look
 * through its empty rest each time.)
 * @param {Uint8Array} bytes where the chunks go
 * @returns {{written: (from: number, to: number) => void, rows: () => Rows|null}} `rows` is null where it is no array
 *   of one record a line
 */
export function cutter(bytes) {
  let starts = new Uint32Array(1024);
  let lines = 0;
  return {
    written(from, to) {
      const chunk = bytes.subarray(from, to);
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
        if (lines === starts.length) starts = grown(starts);
        starts[lines++] = from + at + 1;
      }
    },
    rows: () => cut(bytes, starts.slice(0, Math.max(lines - 1, 0))),
  };
}

/** @param {Uint32Array} starts */
function grown(starts) {
  const longer = new Uint32Array(starts.length * 2);
  longer.set(starts);
  return longer;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint32Array} starts after each line but the last
 * @returns {Rows|null}
 */
function cut(bytes, starts) {
  if (bytes.length === 3 && starts.length === 0 && matches(bytes, 0, "[]\n")) return { bytes, starts, count: 0 };
  const rows = { bytes, starts, count: starts.length - 1 };
  if (rows.count < 1 || !matches(bytes, 0, "[\n")) return null;
  if (starts[rows.count] !== bytes.length - 2 || !matches(bytes, bytes.length - 2, "]\n")) return null;
  for (let index = 0; index < rows.count; index++) if (!isRecord(rows, index)) return null;
  return rows;
}

/**
 * @param {Rows} rows
 * @param {number} index
 */
function isRecord({ bytes, starts, count }, index) {
  const end = endOf({ bytes, starts, count }, index);
  const follows = index === count - 1 ? NEWLINE : COMMA;
  const start = starts[index] ?? 0;
  return bytes[start] === BRACE && bytes[end] === follows && eachField(bytes, start, end, () => false);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {string} text ASCII
 */
function matches(bytes, at, text) {
  return [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}

/**
 * @param {Rows} rows
 * @param {number} index
 */
export function startOf(rows, index) {
  return rows.starts[index] ?? 0;
}

/**
 * @param {Rows} rows
 * @param {number} index
 */
export function endOf(rows, index) {
  // All but the last record are followed by a comma.
  return (rows.starts[index + 1] ?? 0) - (index === rows.count - 1 ? 1 : 2);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
export function decoded(bytes, from, to) {
  return decoder.decode(bytes.subarray(from, to));
}

/**
 * @param {Rows} rows
 * @param {number} index
 * @returns {import("../protocol.js").DataRecord} fails where the line is no JSON
 */
export function recordAt(rows, index) {
  const record = parsed(decoded(rows.bytes, startOf(rows, index), endOf(rows, index)));
  return /** @type {import("../protocol.js").DataRecord} */ (record);
}
