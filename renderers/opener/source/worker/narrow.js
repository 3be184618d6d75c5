/**
 * Folded texts of one byte a letter. Browsers keep a text with two bytes a letter as soon as one of its letters needs them,
 * and one picture of a face among thousands of records would double their memory. So each letter beyond ASCII becomes
 * three of Latin 1: the first from a range of its own, so that nothing is found at the middle of another.
 */

const BASE = 48;
const FIRST = 0xa0;
const NEXT = FIRST + BASE;
/** What browsers call latin1 differs from it below 0xa0 only. */
const decoder = new TextDecoder("latin1");

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {string} text there must be room for three bytes a letter
 * @returns {number} after it
 */
export function putNarrow(bytes, at, text) {
  let next = at;
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place);
    if (unit < 128) {
      bytes[next++] = unit;
    } else {
      bytes[next++] = FIRST + Math.floor(unit / (BASE * BASE));
      bytes[next++] = NEXT + (Math.floor(unit / BASE) % BASE);
      bytes[next++] = NEXT + (unit % BASE);
    }
  }
  return next;
}

/** @param {Uint8Array} bytes of narrow texts */
export function decodedNarrow(bytes) {
  return decoder.decode(bytes);
}

/** @param {string} text */
export function narrow(text) {
  const bytes = new Uint8Array(text.length * 3);
  return decodedNarrow(bytes.subarray(0, putNarrow(bytes, 0, text)));
}
