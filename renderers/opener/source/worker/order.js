/** How the values of a field are ordered: as a reader would, whatever they are stored as. */

import { folded } from "./folding.js";
import { textOf } from "./records.js";
import { instantOf } from "./time.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("./columns.js").Column} Column */

/**
 * @typedef {(one: number, other: number) => number} Comparison of two records by their positions
 */

/**
 * @param {Field} field
 * @param {Column} column
 * @returns {Comparison}
 */
export function comparisonOf(field, column) {
  if (field.codes.length > 0) return byText(titled(field, column));
  if (["integer", "number", "decimal"].includes(field.kind)) return byNumber(column);
  if (field.kind === "instant") return byInstant(column);
  if (field.kind === "date" || field.kind === "boolean") return plainly(column);
  return byText(column.map((token) => (token === null ? null : textOf(token))));
}

/**
 * @param {Field} field
 * @param {Column} column
 * @returns {Column} what the page shows for a code
 */
export function titled(field, column) {
  const titles = new Map(field.codes.map((code) => [code.value, code.title]));
  return column.map((token) => (token === null ? null : (titles.get(textOf(token)) ?? textOf(token))));
}

/**
 * Text without case and accents, with numbers inside it by their size: SO-212 before SO-1006.
 * @param {Column} texts
 * @returns {Comparison}
 */
function byText(texts) {
  const first = plainly(texts.map((text) => (text === null ? null : natural(folded(text)))));
  const second = plainly(texts);
  return (one, other) => first(one, other) || second(one, other);
}

/**
 * Puts the number of its digits before each number, as a letter.
 * @param {string} text
 */
function natural(text) {
  return text.replace(/\d+/g, (digits) => {
    const significant = digits.replace(/^0+(?=\d)/, "");
    return `0${String.fromCharCode(Math.min(significant.length, 0xd000))}${significant}`;
  });
}

/**
 * @param {Column} values
 * @returns {Comparison}
 */
function plainly(values) {
  return (one, other) => {
    const [a, b] = [values[one] ?? "", values[other] ?? ""];
    return a < b ? -1 : Number(a > b);
  };
}

/**
 * @param {Column} column
 * @returns {Comparison}
 */
function byNumber(column) {
  const digits = column.map((token) => (token === null ? null : textOf(token)));
  const numbers = Float64Array.from(digits, Number);
  return (one, other) => {
    const difference = (numbers[one] ?? 0) - (numbers[other] ?? 0);
    return difference === 0 || Number.isNaN(difference) ? exactly(digits[one] ?? "", digits[other] ?? "") : difference;
  };
}

const DECIMAL = /^(-?)0*(\d*)\.?(\d*?)0*$/;

/**
 * Orders decimals that are the same as numbers of 64 bits.
 * @param {string} one
 * @param {string} other
 */
function exactly(one, other) {
  const [, sign, whole, fraction] = DECIMAL.exec(one) ?? [];
  const [, otherSign, otherWhole, otherFraction] = DECIMAL.exec(other) ?? [];
  if (whole === undefined || otherWhole === undefined || sign !== otherSign) return 0;
  const width = Math.max(whole.length, otherWhole.length);
  const [a, b] = [whole.padStart(width, "0") + fraction, otherWhole.padStart(width, "0") + otherFraction];
  const order = a < b ? -1 : Number(a > b);
  return sign === "-" ? -order : order;
}

/**
 * @param {Column} column
 * @returns {Comparison}
 */
function byInstant(column) {
  const instants = Float64Array.from(column, (token) => (token === null ? NaN : instantOf(textOf(token))));
  const texts = plainly(column);
  return (one, other) => {
    const difference = (instants[one] ?? NaN) - (instants[other] ?? NaN);
    return difference === 0 || Number.isNaN(difference) ? texts(one, other) : difference;
  };
}
