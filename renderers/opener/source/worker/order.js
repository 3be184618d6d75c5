/**
 * How the values of a field are ordered: as a reader would, whatever they are stored as. Each record gets a number, so
 * that a table can be sorted by comparing numbers.
 */

import { eachToken } from "./columns.js";
import { folded } from "./folding.js";
import { survives, textOf } from "./records.js";
import { dateOf, instantOf } from "./time.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {(one: string, other: string) => number} Comparison */

/**
 * @param {Field} field
 * @param {Rows} rows
 * @returns {Float64Array} the order of each record; not a number where it has no value
 */
export function orderOf(field, rows) {
  if (field.codes.length > 0) return ranks(rows, field, titlesOf(field), byText);
  switch (field.kind) {
    case "instant":
      return numbers(rows, field, instantOf);
    case "date":
      return numbers(rows, field, dateOf);
    case "boolean":
      return numbers(rows, field, (text) => Number(text === "true"));
    case "integer":
    case "number":
    case "decimal":
      return areShort(rows, field) ? numbers(rows, field, Number) : ranks(rows, field, new Map(), byNumber);
    default:
      return ranks(rows, field, new Map(), byText);
  }
}

/**
 * @param {Field} field
 * @returns {Map<string, string>} what the page shows for a code
 */
export function titlesOf(field) {
  return new Map(field.codes.map((code) => [code.value, code.title]));
}

/**
 * @param {Rows} rows
 * @param {Field} field
 * @param {(text: string) => number} numberOf
 */
function numbers(rows, field, numberOf) {
  const order = new Float64Array(rows.count);
  eachToken(rows, field.name, (token, index) => {
    order[index] = token === null ? NaN : numberOf(textOf(token));
  });
  return order;
}

/**
 * @param {Rows} rows
 * @param {Field} field
 * @returns {boolean} whether numbers of 64 bits tell all values apart
 */
function areShort(rows, field) {
  let short = true;
  eachToken(rows, field.name, (token) => {
    short &&= token === null || survives(textOf(token));
  });
  return short;
}

/**
 * The rank of each record's value among all different values.
 * @param {Rows} rows
 * @param {Field} field
 * @param {ReadonlyMap<string, string>} titles
 * @param {(texts: string[]) => Comparison} comparison
 */
function ranks(rows, field, titles, comparison) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const order = new Float64Array(rows.count);
  eachToken(rows, field.name, (token, index) => {
    if (token === null) order[index] = NaN;
    else {
      const number = numbers.get(token) ?? numbers.size;
      if (number === numbers.size) numbers.set(token, number);
      order[index] = number;
    }
  });
  const texts = [...numbers.keys()].map((token) => titles.get(textOf(token)) ?? textOf(token));
  const compare = comparison(texts);
  /** @param {number} place */
  const at = (place) => texts[place] ?? "";
  const sorted = Uint32Array.from(texts, (_, place) => place).sort((one, other) => compare(at(one), at(other)));
  const rank = new Float64Array(texts.length);
  sorted.forEach((place, index) => {
    rank[place] = index;
  });
  return order.map((number) => rank[number] ?? NaN);
}

/**
 * Text without case and accents, with numbers inside it by their size: SO-212 before SO-1006.
 * @param {ReadonlyArray<string>} texts
 * @returns {Comparison}
 */
function byText(texts) {
  const keys = new Map(texts.map((text) => [text, natural(folded(text))]));
  return (one, other) => plainly(keys.get(one) ?? "", keys.get(other) ?? "") || plainly(one, other);
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

/** @type {Comparison} */
function plainly(one, other) {
  return one < other ? -1 : Number(one > other);
}

/** @returns {Comparison} */
function byNumber() {
  return (one, other) => {
    const difference = Number(one) - Number(other);
    return difference === 0 || Number.isNaN(difference) ? exactly(one, other) : difference;
  };
}

const DECIMAL = /^(-?)0*(\d*)\.?(\d*?)0*$/;

/**
 * Orders decimals that are the same as numbers of 64 bits.
 * @type {Comparison}
 */
function exactly(one, other) {
  const [, sign, whole, fraction] = DECIMAL.exec(one) ?? [];
  const [, otherSign, otherWhole, otherFraction] = DECIMAL.exec(other) ?? [];
  if (whole === undefined || otherWhole === undefined || sign !== otherSign) return 0;
  const width = Math.max(whole.length, otherWhole.length);
  const order = plainly(whole.padStart(width, "0") + fraction, otherWhole.padStart(width, "0") + otherFraction);
  return sign === "-" ? -order : order;
}
