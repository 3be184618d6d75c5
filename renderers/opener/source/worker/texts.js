/**
 * The folded texts of many records' values, one after the other in blocks, for searches that take a few milliseconds.
 * They are made from the bytes of the member: values are copied without their names and escapes, folded letter by letter,
 * and the copy becomes a narrow text.
 */

import { BETWEEN_RECORDS, BETWEEN_VALUES, folded } from "./folding.js";
import { letterAt } from "./matching.js";
import { decodedNarrow, putNarrow } from "./narrow.js";
import { endOf, startOf } from "./rows.js";
import { eachField, eachText } from "./walk.js";

/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("./codes.js").CodeTitles} CodeTitles */

/**
 * @typedef {object} Block
 * @property {number} first the first record
 * @property {number} count
 * @property {string} text narrow
 * @property {Uint32Array} starts where each record's texts begin
 */

export const RECORDS_A_BLOCK = 2048;
const BACKSLASH = 92;
const RECORD = BETWEEN_RECORDS.charCodeAt(0);
const VALUE = BETWEEN_VALUES.charCodeAt(0);
/** What each byte of ASCII is folded to; a separator in a text is a space. */
const LOWER = Uint8Array.from({ length: 128 }, (_, byte) => folded(String.fromCharCode(byte)).charCodeAt(0));

/**
 * @param {Rows} rows
 * @param {number} first
 * @param {CodeTitles} titles
 * @param {Copier} copy one for all blocks, because each new buffer stays in memory for a while
 * @returns {Block}
 */
export function blockOf(rows, first, titles, copy) {
  const count = Math.min(RECORDS_A_BLOCK, rows.count - first);
  const copyField = fieldCopier(rows.bytes, titles, copy);
  for (let index = first; index < first + count; index++) {
    eachField(rows.bytes, startOf(rows, index), endOf(rows, index), copyField);
    copy.mark(RECORD);
  }
  const text = copy.text();
  return { first, count, text, starts: startsOf(text, count) };
}

/**
 * One for many fields: one each would be hundreds of megabytes of functions.
 * @param {Uint8Array} bytes
 * @param {CodeTitles} titles
 * @param {Copier} copy
 * @returns {(nameFrom: number, nameTo: number, from: number, to: number) => void}
 */
function fieldCopier(bytes, titles, copy) {
  /**
   * @param {number} from
   * @param {number} to
   */
  const copyText = (from, to) => {
    copy.json(bytes, from, to);
    copy.mark(VALUE);
  };
  const titleAt = titles.of(bytes);
  return (nameFrom, nameTo, from, to) => {
    eachText(bytes, from, to, copyText);
    const title = titleAt(nameFrom, nameTo, from, to);
    if (title === null) return;
    copy.plain(title);
    copy.mark(VALUE);
  };
}

/**
 * @param {string} text
 * @param {number} count
 */
function startsOf(text, count) {
  const starts = new Uint32Array(count);
  let at = 0;
  for (let index = 0; index < count; index++) {
    starts[index] = at;
    at = text.indexOf(BETWEEN_RECORDS, at) + 1;
  }
  return starts;
}

/**
 * @typedef {object} Copier
 * @property {(bytes: Uint8Array, from: number, to: number) => void} json copies the text, folded and without its escapes
 * @property {(text: string) => void} plain copies a folded text
 * @property {(byte: number) => void} mark
 * @property {() => string} text what was copied since the last one
 */

/** @returns {Copier} */
export function copier() {
  let buffer = new Uint8Array(2 ** 16);
  let length = 0;
  /** @param {number} more */
  const room = (more) => {
    if (length + more <= buffer.length) return;
    const longer = new Uint8Array((length + more) * 2);
    longer.set(buffer);
    buffer = longer;
  };
  /** @param {string} text */
  const plain = (text) => {
    room(text.length * 3);
    length = putNarrow(buffer, length, text);
  };
  return {
    json(bytes, from, to) {
      room(to - from);
      for (let at = from; at < to; ) {
        const byte = bytes[at] ?? 0;
        if (byte < 128 && byte !== BACKSLASH) {
          buffer[length++] = LOWER[byte] ?? 0;
          at += 1;
          continue;
        }
        const letter = letterAt(bytes, at, to);
        plain(letter.folded);
        room(to - letter.next);
        at = letter.next;
      }
    },
    plain,
    mark(byte) {
      room(1);
      buffer[length++] = byte;
    },
    text() {
      const bytes = buffer.subarray(0, length);
      length = 0;
      return decodedNarrow(bytes);
    },
  };
}
