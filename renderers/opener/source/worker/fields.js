/** The fields of a dataset, from the JSON Schema of one record. */

import { at, list, text, textOrNull } from "./json.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("./json.js").Json} Json */

/** @type {ReadonlySet<string>} */
const KINDS = new Set(["text", "phone", "integer", "number", "decimal", "boolean", "instant", "date", "bytes", "structure"]);
/** @type {ReadonlySet<string>} */
const ORIGINS = new Set(["provided", "observed", "derived", "acquired"]);
/** @type {{[type: string]: Field["kind"]}} */
const BY_TYPE = { integer: "integer", number: "number", boolean: "boolean", object: "structure", array: "structure" };
/** @type {{[format: string]: Field["kind"]}} */
const BY_FORMAT = { "date-time": "instant", date: "date" };

/**
 * @param {Json} schema
 * @returns {Field[]} in the schema's order
 */
export function fieldsOf(schema) {
  const properties = at(schema, "properties");
  if (typeof properties !== "object" || properties === null) return [];
  return Object.keys(properties).map((name) => fieldOf(name, at(properties, name)));
}

/**
 * @param {string} name
 * @param {Json} spec
 * @returns {Field}
 */
function fieldOf(name, spec) {
  const origin = text(at(spec, "x-origin"));
  return {
    name,
    title: text(at(spec, "title")) || name,
    description: text(at(spec, "description")),
    kind: kindOf(spec),
    origin: ORIGINS.has(origin) ? /** @type {Field["origin"]} */ (origin) : "observed",
    codes: codesOf(spec),
    currencyField: textOrNull(at(spec, "x-currency-field")),
    masked: at(spec, "x-masked") === true,
  };
}

/**
 * @param {Json} spec
 * @returns {Field["kind"]}
 */
function kindOf(spec) {
  const type = text(list(at(spec, "type")).find((each) => each !== "null") ?? null);
  if (type !== "string") return BY_TYPE[type] ?? "text";
  const kind = text(at(spec, "x-kind"));
  if (KINDS.has(kind)) return /** @type {Field["kind"]} */ (kind);
  if (at(spec, "contentEncoding") === "base64") return "bytes";
  return BY_FORMAT[text(at(spec, "format"))] ?? "text";
}

/**
 * @param {Json} spec
 * @returns {Field["codes"]}
 */
function codesOf(spec) {
  const coded = list(at(spec, "oneOf")).filter((each) => at(each, "const") !== null);
  return coded.map((each) => ({
    value: String(at(each, "const")),
    title: text(at(each, "title")),
    description: text(at(each, "description")),
  }));
}
