/** Parts of a document of JSON whose form is not certain. */

/** @typedef {null|boolean|number|string|ReadonlyArray<unknown>|{readonly [name: string]: unknown}} Json */

/**
 * @param {Uint8Array|undefined} bytes
 * @returns {Json} null where it is no JSON
 */
export function parsedObject(bytes) {
  if (bytes === undefined) return null;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/**
 * @param {Json} value
 * @param {...string} names
 * @returns {Json} null where there is none
 */
export function at(value, ...names) {
  /** @type {unknown} */
  let part = value;
  for (const name of names) {
    if (typeof part !== "object" || part === null || Array.isArray(part) || !Object.hasOwn(part, name)) return null;
    part = /** @type {{[name: string]: unknown}} */ (part)[name];
  }
  return /** @type {Json} */ (part ?? null);
}

/**
 * @param {Json} value
 * @returns {Json[]} one value as a list of one, as JSON-LD has it; nothing as an empty list
 */
export function list(value) {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** @param {Json} value */
export function text(value) {
  return typeof value === "string" ? value : "";
}

/** @param {Json} value */
export function textOrNull(value) {
  return typeof value === "string" ? value : null;
}

/** @param {Json} value */
export function number(value) {
  return typeof value === "number" ? value : 0;
}
