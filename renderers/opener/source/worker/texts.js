/**
 * The folded texts of many records' values, one after the other in blocks, for searches that take a few milliseconds.
 * They are made from the bytes of the member: values are copied without their names and escapes, and the copy is
 * decoded and folded at once.
 */

import { BETWEEN_RECORDS, BETWEEN_VALUES, foldedWithSeparators } from "./folding.js";
import { escapeAt } from "./matching.js";
import { endOf, startOf } from "./rows.js";
import { eachField, eachText } from "./walk.js";

/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("./codes.js").CodeTitles} CodeTitles */

/**
 * @typedef {object} Block
 * @property {number} first the first record
 * @property {number} count
 * @property {string|null} text null where a text can't be decoded (a lone surrogate): search its bytes instead
 * @property {Uint32Array} starts where each record's texts begin
 */

export const RECORDS_A_BLOCK = 2048;
const BACKSLASH = 92;
const RECORD = BETWEEN_RECORDS.charCodeAt(0);
const VALUE = BETWEEN_VALUES.charCodeAt(0);
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * @param {Rows} rows
 * @param {number} first
 * @param {CodeTitles} titles
 * @returns {Block}
 */
export function blockOf(rows, first, titles) {
  const count = Math.min(RECORDS_A_BLOCK, rows.count - first);
  const copy = copier(endOf(rows, first + count - 1) - startOf(rows, first) + count);
  for (let index = first; index < first + count; index++) {
    copyRecord(rows, index, titles, copy);
    copy.mark(RECORD);
  }
  const text = copy.text();
  return { first, count, text, starts: text === null ? new Uint32Array(0) : startsOf(text, count) };
}

/**
 * @param {Rows} rows
 * @param {number} index
 * @param {CodeTitles} titles
 * @param {Copier} copy
 */
function copyRecord(rows, index, titles, copy) {
  const bytes = rows.bytes;
  eachField(bytes, startOf(rows, index), endOf(rows, index), (nameFrom, nameTo, from, to) => {
    eachText(bytes, from, to, (textFrom, textTo) => {
      copy.json(bytes, textFrom, textTo);
      copy.mark(VALUE);
    });
    const title = titles.of(bytes, { nameFrom, nameTo, from, to });
    if (title !== null) {
      copy.plain(title);
      copy.mark(VALUE);
    }
  });
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
 * @property {(bytes: Uint8Array, from: number, to: number) => void} json copies the text without its escapes
 * @property {(text: string) => void} plain copies a folded text
 * @property {(byte: number) => void} mark
 * @property {() => string|null} text
 */

/**
 * @param {number} size a guess
 * @returns {Copier}
 */
function copier(size) {
  let buffer = new Uint8Array(size);
  let length = 0;
  /** @param {number} more */
  const room = (more) => {
    if (length + more <= buffer.length) return;
    const longer = new Uint8Array((length + more) * 2);
    longer.set(buffer);
    buffer = longer;
  };
  return {
    json(bytes, from, to) {
      room(to - from + 1);
      for (let at = from; at < to; ) {
        const byte = bytes[at] ?? 0;
        if (byte === BACKSLASH) {
          const { point, next } = escapeAt(bytes, at, to);
          length = putPoint(buffer, length, point);
          at = next;
        } else {
          buffer[length++] = byte;
          at += 1;
        }
      }
    },
    plain(text) {
      room(text.length * 3 + 1);
      length += encoder.encodeInto(text, buffer.subarray(length)).written;
    },
    mark(byte) {
      room(1);
      buffer[length++] = byte;
    },
    text: () => readable(buffer.subarray(0, length)),
  };
}

/**
 * No escape is shorter than the bytes of its code point.
 * @param {Uint8Array} buffer
 * @param {number} at
 * @param {number} point
 */
function putPoint(buffer, at, point) {
  if (point < 128) {
    buffer[at] = point === RECORD || point === VALUE ? 32 : point;
    return at + 1;
  }
  if (point >= 0xd800 && point < 0xe000) {
    buffer[at] = 0xff; // nothing that could be decoded: a lone surrogate
    return at + 1;
  }
  return at + encoder.encodeInto(String.fromCodePoint(point), buffer.subarray(at)).written;
}

/** @param {Uint8Array} bytes */
function readable(bytes) {
  try {
    return foldedWithSeparators(decoder.decode(bytes));
  } catch {
    return null;
  }
}
