/** Decimal numbers written as a language does, digit by digit: they are never read as a float. */

import { numberFormat } from "./formats.js";

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const MOST_DIGITS_OF_INTL = 20;

/**
 * @param {string} text such as `-1842.00`
 * @param {string} language
 * @param {string|null} currency such as `GBP`
 * @returns {string} with every digit of the text; the text itself if it is no decimal number
 */
export function decimalText(text, language, currency = null) {
  const found = DECIMAL.exec(text);
  if (!found) return text;
  const [, sign = "", whole = "", fraction = ""] = found;
  const known = currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : null;
  const format = numberFormat(language, options(fraction.length, known));
  const parts = format.formatToParts(signed(sign, BigInt(whole)));
  const written = parts.map((part) => (part.type === "fraction" ? fraction : part.value)).join("");
  return currency && known === null ? `${written} ${currency}` : written;
}

/**
 * @param {number} length of the fraction
 * @param {string|null} currency
 * @returns {Intl.NumberFormatOptions}
 */
function options(length, currency) {
  const digits = Math.min(length, MOST_DIGITS_OF_INTL);
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return currency === null ? fraction : { ...fraction, style: "currency", currency };
}

/**
 * @param {string} sign
 * @param {bigint} whole
 * @returns {bigint|number} a negative zero keeps the sign of -0.50
 */
function signed(sign, whole) {
  if (!sign) return whole;
  return whole === 0n ? -0 : -whole;
}

/**
 * @param {unknown} value a number as JSON has it
 * @param {string} language
 * @returns {string}
 */
export function numberText(value, language) {
  return decimalText(String(value), language);
}
