/**
 * Looks for a folded text in the bytes of a JSON text, which is decoded, freed of its escapes and folded letter by
 * letter, only where a match may begin.
 */

import { folded, foldedPoint } from "./folding.js";

const BACKSLASH = 92;
const LETTER_U = 117;
const FIRST_LONG = 0xc2;
/** @type {{[letter: string]: number}} */
const ESCAPES = { b: 8, f: 12, n: 10, r: 13, t: 9 };

/** The folded letter of each ASCII byte; both separators of texts are folded to a space. */
const ASCII = Array.from({ length: 128 }, (_, byte) => folded(String.fromCharCode(byte)));

/**
 * @typedef {object} Matcher
 * @property {string} text folded
 * @property {Uint8Array} begins which bytes may begin a match
 * @property {Uint8Array} follows which bytes may follow an ASCII letter that begins it
 */

/**
 * @param {string} text folded
 * @returns {Matcher}
 */
export function matcher(text) {
  return { text, begins: bytesFor(text[0]), follows: bytesFor(text[1]) };
}

/**
 * @param {string|undefined} letter undefined stands for any
 * @returns {Uint8Array} 1 for each byte that may be folded to the letter, or begin what is
 */
function bytesFor(letter) {
  const bytes = new Uint8Array(256);
  ASCII.forEach((each, byte) => {
    if (letter === undefined || each === letter) bytes[byte] = 1;
  });
  bytes[BACKSLASH] = 1;
  return bytes.fill(1, FIRST_LONG);
}

/**
 * @param {Matcher} sought
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @returns {number} where a match begins; -1 where there is none
 */
export function foundAt(sought, bytes, from, to) {
  const begins = sought.begins;
  let at = from;
  for (;;) {
    while (at < to && begins[bytes[at] ?? 0] === 0) at += 1;
    if (at >= to) return -1;
    if (mayBegin(sought, bytes, at) && beginsAt(sought.text, bytes, at, to)) return at;
    if (bytes[at] === BACKSLASH) at += bytes[at + 1] === LETTER_U ? 6 : 2;
    else at += 1;
  }
}

/**
 * Most letters that could begin a match are followed by one that could not.
 * @param {Matcher} sought
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function mayBegin(sought, bytes, at) {
  const byte = bytes[at] ?? 0;
  return byte >= 128 || byte === BACKSLASH || sought.text.length === 1 || sought.follows[bytes[at + 1] ?? 0] === 1;
}

/**
 * A match may begin inside of what one letter is folded to, such as at the second s of a sharp s.
 * @param {string} text
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} to
 */
function beginsAt(text, bytes, at, to) {
  const first = letterAt(bytes, at, to);
  for (let skipped = 0; skipped < first.folded.length; skipped++) {
    if (goesOn(text, first.folded.slice(skipped), bytes, { at: first.next, to })) return true;
  }
  return false;
}

/**
 * @param {string} text
 * @param {string} beginning
 * @param {Uint8Array} bytes
 * @param {{at: number, to: number}} rest
 */
function goesOn(text, beginning, bytes, rest) {
  let matched = 0;
  let letters = beginning;
  let at = rest.at;
  for (;;) {
    const length = Math.min(letters.length, text.length - matched);
    for (let index = 0; index < length; index++) {
      if (letters.charCodeAt(index) !== text.charCodeAt(matched + index)) return false;
    }
    matched += length;
    if (matched === text.length) return true;
    if (at >= rest.to) return false;
    const byte = bytes[at] ?? 0;
    if (byte < 128 && byte !== BACKSLASH) {
      letters = ASCII[byte] ?? "";
      at += 1;
    } else {
      const letter = letterAt(bytes, at, rest.to);
      letters = letter.folded;
      at = letter.next;
    }
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} to
 * @returns {{folded: string, next: number}}
 */
export function letterAt(bytes, at, to) {
  const byte = bytes[at] ?? 0;
  if (byte === BACKSLASH) return escapedAt(bytes, at, to);
  if (byte < 128) return { folded: ASCII[byte] ?? "", next: at + 1 };
  const { point, next } = pointAt(bytes, at);
  return { folded: foldedPoint(point), next };
}

/**
 * @param {Uint8Array} bytes UTF-8
 * @param {number} at
 */
function pointAt(bytes, at) {
  const first = bytes[at] ?? 0;
  const second = (bytes[at + 1] ?? 0) & 63;
  if (first < 0xe0) return { point: ((first & 31) << 6) | second, next: at + 2 };
  const third = (bytes[at + 2] ?? 0) & 63;
  if (first < 0xf0) return { point: ((first & 15) << 12) | (second << 6) | third, next: at + 3 };
  const fourth = (bytes[at + 3] ?? 0) & 63;
  const point = ((first & 7) << 18) | (second << 12) | (third << 6) | fourth;
  return { point: point > 0x10ffff ? 0xfffd : point, next: at + 4 };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} to
 */
function escapedAt(bytes, at, to) {
  const { point, next } = escapeAt(bytes, at, to);
  return { folded: point < 128 ? (ASCII[point] ?? "") : foldedPoint(point), next };
}

/**
 * The code point of an escape of JSON, of two escapes where they are a pair of surrogates.
 * @param {Uint8Array} bytes
 * @param {number} at at the backslash
 * @param {number} to
 * @returns {{point: number, next: number}}
 */
function escapeAt(bytes, at, to) {
  const letter = String.fromCharCode(bytes[at + 1] ?? 0);
  if (letter !== "u") return { point: ESCAPES[letter] ?? letter.charCodeAt(0), next: at + 2 };
  const unit = hexAt(bytes, at + 2);
  const isPair = unit >= 0xd800 && unit < 0xdc00 && at + 12 <= to && bytes[at + 6] === BACKSLASH;
  const second = isPair ? hexAt(bytes, at + 8) : 0;
  if (second >= 0xdc00 && second < 0xe000) {
    return { point: 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00), next: at + 12 };
  }
  return { point: unit, next: at + 6 };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function hexAt(bytes, at) {
  return parseInt(String.fromCharCode(...bytes.subarray(at, at + 4)), 16) || 0;
}
