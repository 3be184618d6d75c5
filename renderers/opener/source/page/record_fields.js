/** The fields of one record: title, value, explanation, and where it came from. */

import { button, element, fill } from "./dom.js";
import { counted, filled } from "../texts/texts.js";
import { structureNode } from "./structure.js";
import { maskedText, valueText } from "./values.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("../protocol.js").DataRecord} DataRecord */
/** @typedef {import("./values.js").Reader} Reader */

/** @typedef {{record: DataRecord, reader: Reader, foreign: {lang?: string}}} Shown */

/**
 * @param {ReadonlyArray<Field>} fields
 * @param {Shown} shown
 * @returns {HTMLElement[]}
 */
export function recordFields(fields, shown) {
  const { record, reader } = shown;
  const filledIn = fields.filter((field) => !isEmpty(record[field.name]));
  const empty = fields.filter((field) => isEmpty(record[field.name]));
  const list = element("dl", { class: "fields" }, filledIn.map((field) => fieldNode(field, shown)));
  if (!empty.length) return [list];
  const rest = element("details", {}, [
    element("summary", {}, [counted(reader.texts.empty, empty.length, reader.language)]),
    element("dl", { class: "fields" }, empty.map((field) => fieldNode(field, shown))),
  ]);
  return [list, rest];
}

/** @param {unknown} value */
function isEmpty(value) {
  return value === null || value === undefined || value === "";
}

/**
 * @param {Field} field
 * @param {Shown} shown
 */
function fieldNode(field, { record, reader, foreign }) {
  const { texts } = reader;
  const value = record[field.name];
  const origin = element("span", { class: `origin ${field.origin}`, title: texts.originsLong[field.origin] }, [texts.origins[field.origin]]);
  return element("div", { class: "field", "data-field": field.name }, [
    element("dt", {}, [element("span", foreign, [field.title]), origin]),
    element("dd", { class: "value" }, [isEmpty(value) ? element("i", {}, [texts.noValue]) : valueNode(field, value, { record, reader, foreign })]),
    field.description ? element("dd", { class: "explanation", ...foreign }, [field.description]) : null,
    storedNode(field, value, { record, reader, foreign }),
  ]);
}

/**
 * @param {Field} field
 * @param {unknown} value
 * @param {Shown} shown
 * @returns {HTMLElement}
 */
function valueNode(field, value, { record, reader, foreign }) {
  if (typeof value === "object") return structureNode(value, reader);
  const text = valueText(field, value, record, reader);
  if (field.masked) return maskedNode(text, reader);
  const code = field.codes.find((each) => each.value === String(value));
  return element("div", {}, [
    element("bdi", { class: "text", dir: "auto", ...(code ? foreign : {}) }, [text]),
    code?.description ? element("p", { class: "explanation", ...foreign }, [code.description]) : null,
  ]);
}

/**
 * What the package has, where it is shown in other words.
 * @param {Field} field
 * @param {unknown} value
 * @param {Shown} shown
 */
function storedNode(field, value, { record, reader }) {
  if (field.masked || (field.kind !== "instant" && !field.codes.length) || isEmpty(value)) return null;
  const stored = String(value);
  if (stored === valueText(field, value, record, reader)) return null;
  return element("dd", { class: "stored" }, [filled(reader.texts.stored, { text: stored })]);
}

/**
 * @param {string} text
 * @param {Reader} reader
 */
function maskedNode(text, { texts }) {
  const value = element("bdi", { class: "text" }, [maskedText(text)]);
  let whole = false;
  const control = button(texts.reveal, () => {
    whole = !whole;
    fill(value, [whole ? text : maskedText(text)]);
    fill(control, [whole ? texts.conceal : texts.reveal]);
  }, { class: "link" });
  return element("div", { class: "masked" }, [value, " ", control]);
}

/**
 * A record in a few words, for a link to it.
 * @param {ReadonlyArray<Field>} fields
 * @param {DataRecord} record
 * @param {Reader} reader
 */
export function recordInBrief(fields, record, reader) {
  const [most, longest] = [4, 90];
  const saying = fields.filter((field) => !field.masked && field.kind !== "boolean" && !isEmpty(record[field.name]));
  // Numbers of records say little; where there is nothing else, they must do.
  const named = saying.filter((field) => !field.name.endsWith("_id"));
  const chosen = named.length ? named : saying;
  const texts = chosen.slice(0, most).map((field) => valueText(field, record[field.name], record, reader));
  const brief = texts.join(" \u00b7 ");
  return brief.length > longest ? `${brief.slice(0, longest)}\u2026` : brief;
}
