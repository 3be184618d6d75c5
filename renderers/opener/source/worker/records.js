/**
 * A record's text, and its values. A number that would not survive as a number (above 2^53, or with more digits than
 * fit) becomes the text of its digits.
 */

const MAY_BE_LONG = /\d[\d.]{15}|\d[eE]\+?\d{3}/;
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * @param {string} digits a number of JSON
 * @returns {boolean} whether a number shows it as it is written
 */
export function survives(digits) {
  if (digits.length < 16 && !/[eE]\+?\d{3}/.test(digits)) return true;
  return String(Number(digits)) === digits;
}

/**
 * @param {string} text JSON
 * @returns {unknown}
 */
export function parsed(text) {
  if (!MAY_BE_LONG.test(text)) return JSON.parse(text);
  JSON.parse(text); // what follows is for valid JSON only
  return JSON.parse(text.replace(TEXT_OR_NUMBER, (token) => (token[0] === '"' || survives(token) ? token : `"${token}"`)));
}

/**
 * @param {string|null} token a value of JSON
 * @returns {string} as a reader would write it; a structure as its JSON, null as nothing
 */
export function textOf(token) {
  if (token === null) return "";
  if (token[0] !== '"') return token;
  return token.includes("\\") ? String(JSON.parse(token)) : token.slice(1, -1);
}
