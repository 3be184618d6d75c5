/** Values as the reader writes them: in their language, and in the time zone of the controller. */

import { counted } from "../texts/texts.js";
import { decimalText, numberText } from "./decimals.js";
import { dateFormat, numberFormat } from "./formats.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("../protocol.js").DataRecord} DataRecord */
/** @typedef {import("../texts/texts.js").Language} Language */
/** @typedef {import("../texts/texts.js").Texts} Texts */

/** @typedef {{language: Language, texts: Texts, timeZone: string}} Reader */

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const MONTH = /^\d{4}-\d\d$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const UNMASKED = 4;
const MASK = "\u2022";
const SHORTEST_MASKED = 8;

/**
 * @param {Field} field
 * @param {unknown} value
 * @param {DataRecord} record
 * @param {Reader} reader
 * @returns {string} on one line or more; empty where there is no value
 */
export function valueText(field, value, record, reader) {
  if (value === null || value === undefined) return "";
  const code = field.codes.find((each) => each.value === String(value));
  if (code) return code.title;
  return plainText(field, value, record, reader);
}

/** @type {{[kind in Field["kind"]]: (value: unknown, reader: Reader, currency: string|null) => string}} */
const WRITTEN = {
  text: (value) => visible(String(value)),
  phone: (value) => visible(String(value)),
  integer: (value, { language }) => numberText(value, language),
  number: (value, { language }) => numberText(value, language),
  decimal: (value, { language }, currency) => decimalText(String(value), language, currency),
  boolean: (value, { texts }) => (value === true ? texts.yes : value === false ? texts.no : String(value)),
  instant: (value, reader) => instantText(String(value), reader),
  date: (value, { language }) => dayText(String(value), language),
  bytes: (value, { texts, language }) => counted(texts.bytes, bytesIn(String(value)), language),
  structure: (value, reader) => structureText(value, reader),
};

/**
 * @param {Field} field
 * @param {unknown} value
 * @param {DataRecord} record
 * @param {Reader} reader
 */
function plainText(field, value, record, reader) {
  if (typeof value === "object") return structureText(value, reader);
  const currency = field.currencyField === null ? null : record[field.currencyField];
  return WRITTEN[field.kind](value, reader, typeof currency === "string" ? currency : null);
}

/**
 * A value whose reader has not asked for it: its last characters.
 * @param {string} text
 */
export function maskedText(text) {
  const characters = [...text];
  const shown = characters.length < SHORTEST_MASKED ? 0 : UNMASKED;
  return MASK.repeat(characters.length - shown) + characters.slice(characters.length - shown).join("");
}

/**
 * @param {string} text RFC 3339
 * @param {Reader} reader
 */
export function instantText(text, { language, timeZone }) {
  const at = INSTANT.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return text;
  const format = { dateStyle: /** @type {const} */ ("medium"), timeStyle: /** @type {const} */ ("medium") };
  return dateFormat(language, { ...format, ...zone(timeZone) }).format(at);
}

/**
 * @param {string} text a day, or an instant of which the day is wanted
 * @param {string} language
 */
export function dayText(text, language) {
  const at = DAY.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return text;
  return dateFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(at);
}

/**
 * @param {string} text a day or an instant
 * @param {Reader} reader
 */
export function dayOf(text, { language, timeZone }) {
  const at = INSTANT.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return dayText(text, language);
  return dateFormat(language, { dateStyle: "medium", ...zone(timeZone) }).format(at);
}

/**
 * @param {string} month such as `2024-03`, or a year such as `2024`
 * @param {string} language
 */
export function monthText(month, language) {
  const at = MONTH.test(month) ? Date.parse(`${month}-01`) : NaN;
  if (Number.isNaN(at)) return month;
  return dateFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }).format(at);
}

/** @param {string} timeZone of a register; one that the browser does not know is left to the browser */
function zone(timeZone) {
  try {
    return { timeZone: dateFormat("en", { timeZone }).resolvedOptions().timeZone };
  } catch {
    return {};
  }
}

/**
 * A structure on one line, its names as they are.
 * @param {unknown} value
 * @param {Reader} reader
 * @returns {string}
 */
export function structureText(value, reader) {
  if (Array.isArray(value)) return value.map((each) => structureText(each, reader)).join(", ");
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([name, each]) => `${visible(name)}: ${nested(each, reader)}`);
    return parts.join(" \u00b7 ");
  }
  return scalarText(value, reader);
}

/**
 * @param {unknown} value
 * @param {Reader} reader
 */
function nested(value, reader) {
  const text = structureText(value, reader);
  return typeof value === "object" && value !== null ? `(${text})` : text;
}

/**
 * A value of a structure, which has no field of its own.
 * @param {unknown} value
 * @param {Reader} reader
 */
export function scalarText(value, { language, texts }) {
  if (value === null || value === undefined) return "\u2013";
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  return typeof value === "number" ? numberText(value, language) : visible(String(value));
}

/**
 * Text with its control characters as pictures; line feeds and tabs stay.
 * @param {string} text
 */
export function visible(text) {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (character) => {
    const code = character.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}

/** @param {string} base64 */
function bytesIn(base64) {
  const letters = base64.replace(/[=\s]/g, "").length;
  return Math.floor((letters * 3) / 4);
}

/**
 * @param {number} bytes
 * @param {string} language
 */
export function sizeText(bytes, language) {
  const units = /** @type {const} */ (["byte", "kilobyte", "megabyte", "gigabyte"]);
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const unit = units[power] ?? "byte";
  const value = bytes / 1000 ** power;
  return numberFormat(language, { style: "unit", unit, maximumFractionDigits: value < 10 && power ? 1 : 0 }).format(value);
}
