/**
 * Walks over a record where it lies, as bytes of JSON, without decoding or parsing it. A record is an object on one
 * line. Positions are offsets into the bytes; a value's end is the offset after it.
 */

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPENING = 91; // [
const BACKSLASH = 92;
const CLOSING = 93; // ]
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

/**
 * @param {Uint8Array} bytes
 * @param {number} from at the quote
 * @param {number} to
 * @returns {number} after the closing quote; beyond `to` where there is none
 */
function afterText(bytes, from, to) {
  let at = from + 1;
  while (at < to) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return to + 1;
}

/** @param {number|undefined} byte */
function isSpace(byte) {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** @param {number|undefined} byte */
function endsWord(byte) {
  return byte === COMMA || byte === CLOSING_BRACE || byte === CLOSING || isSpace(byte);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
function afterWord(bytes, from, to) {
  let at = from;
  while (at < to && !endsWord(bytes[at])) at += 1;
  return at;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from at the bracket or brace
 * @param {number} to
 */
function afterStructure(bytes, from, to) {
  let depth = 0;
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = afterText(bytes, at, to);
      continue;
    }
    if (byte === OPENING || byte === OPENING_BRACE) depth += 1;
    if ((byte === CLOSING || byte === CLOSING_BRACE) && --depth === 0) return at + 1;
    at += 1;
  }
  return to + 1;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} to
 */
function afterSpace(bytes, at, to) {
  while (at < to && isSpace(bytes[at])) at += 1;
  return at;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
function afterValue(bytes, from, to) {
  const byte = bytes[from];
  if (byte === QUOTE) return afterText(bytes, from, to);
  if (byte === OPENING || byte === OPENING_BRACE) return afterStructure(bytes, from, to);
  return afterWord(bytes, from, to);
}

/**
 * Visits each field of a record with the ends of its name, without quotes, and of its value, with quotes. A visit that
 * returns true ends the walk.
 * @param {Uint8Array} bytes
 * @param {number} from at the brace
 * @param {number} to
 * @param {(nameFrom: number, nameTo: number, from: number, to: number) => boolean|void} visit
 * @returns {boolean} whether it was a record, as far as the walk came
 */
export function eachField(bytes, from, to, visit) {
  let at = afterSpace(bytes, from + 1, to);
  if (bytes[at] === CLOSING_BRACE) return at === to - 1;
  while (at < to && bytes[at] === QUOTE) {
    const name = at + 1;
    at = afterText(bytes, at, to);
    const nameEnd = at - 1;
    const value = afterColon(bytes, at, to);
    at = afterValue(bytes, value, to);
    if (at > to || at === value) return false;
    if (visit(name, nameEnd, value, at) === true) return true;
    at = afterSpace(bytes, at, to);
    if (bytes[at] !== COMMA) return bytes[at] === CLOSING_BRACE && at === to - 1;
    at = afterSpace(bytes, at + 1, to);
  }
  return false;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at after a name
 * @param {number} to
 * @returns {number} the start of its value; the end where there is no colon
 */
function afterColon(bytes, at, to) {
  const colon = afterSpace(bytes, at, to);
  return bytes[colon] === COLON ? afterSpace(bytes, colon + 1, to) : to;
}

/**
 * Visits the texts of a value: what stands between the quotes, a number, true or false; of a structure those inside it,
 * names too, because nothing else explains them. Null has none.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @param {(from: number, to: number) => boolean|void} visit true ends the walk
 * @returns {boolean} whether a visit ended the walk
 */
export function eachText(bytes, from, to, visit) {
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = afterText(bytes, at, to);
      if (visit(at + 1, end - 1) === true) return true;
      at = end;
    } else if (isMark(byte)) {
      at += 1;
    } else {
      const end = afterWord(bytes, at, to);
      if (!isNull(bytes, at) && visit(at, end) === true) return true;
      at = end;
    }
  }
  return false;
}

/** @param {number|undefined} byte */
function isMark(byte) {
  return endsWord(byte) || byte === COLON || byte === OPENING || byte === OPENING_BRACE;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 */
export function isNull(bytes, from) {
  return bytes[from] === 110; // only null begins with n
}
