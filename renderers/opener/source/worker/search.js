/**
 * Search over all values of all tables. Folded blocks of texts answer where they are made; the bytes of the rest are
 * looked through, by the same rules, so that both find the same.
 */

import { codeTitles } from "./codes.js";
import { folded } from "./folding.js";
import { foundAt, matcher } from "./matching.js";
import { narrow } from "./narrow.js";
import { textOf } from "./records.js";
import { decoded, endOf, startOf } from "./rows.js";
import { RECORDS_A_BLOCK, blockOf } from "./texts.js";
import { eachField, eachText } from "./walk.js";

/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("./texts.js").Block} Block */
/** @typedef {import("./codes.js").CodeTitles} CodeTitles */
/** @typedef {import("../protocol.js").Hits} Hits */
/** @typedef {import("../protocol.js").Dataset} Dataset */

/**
 * @typedef {object} Searched a dataset, as search sees it
 * @property {string} name
 * @property {Dataset["fields"]} fields
 * @property {Rows} rows
 * @property {CodeTitles} titles
 * @property {Block[]} blocks
 * @property {Rows|null} beside rows that do not match the schema
 */

/**
 * @typedef {object} Sought
 * @property {string} text folded
 * @property {string} narrow
 * @property {import("./matching.js").Matcher} bytes
 * @property {number} limit
 */

/** A text longer than this is cut to the part that was found. */
const LONGEST = 300;
const STEP = 100;

/**
 * @param {Dataset} dataset
 * @param {Rows} rows
 * @returns {Searched}
 */
export function searched(dataset, rows) {
  const { name, fields } = dataset;
  return { name, fields, rows, titles: codeTitles(fields), blocks: [], beside: null };
}

/**
 * Makes the next block of texts.
 * @param {Searched} table
 * @param {import("./texts.js").Copier} copy
 * @returns {boolean} whether there is more to do
 */
export function makeBlock(table, copy) {
  const first = table.blocks.length * RECORDS_A_BLOCK;
  if (first < table.rows.count) table.blocks.push(blockOf(table.rows, first, table.titles, copy));
  return first + RECORDS_A_BLOCK < table.rows.count;
}

/**
 * @param {string} text as typed
 * @param {number} limit
 * @returns {Sought|null} null where there is nothing to look for
 */
export function sought(text, limit) {
  const whole = folded(text);
  const trimmed = whole.trim() || whole;
  return trimmed === "" ? null : { text: trimmed, narrow: narrow(trimmed), bytes: matcher(trimmed), limit };
}

/**
 * Looks through one table, and pauses now and then.
 * @param {Searched} table
 * @param {Sought} what
 * @param {() => Promise<boolean>} pause false ends the search
 * @returns {Promise<Hits>}
 */
export async function hitsIn(table, what, pause) {
  /** @type {{count: number, indexes: number[]}} */
  const hits = { count: 0, indexes: [] };
  /** @param {number} index */
  const hit = (index) => {
    if (hits.count < what.limit) hits.indexes.push(index);
    hits.count += 1;
  };
  for (let first = 0; first < table.rows.count; first += RECORDS_A_BLOCK) {
    const block = table.blocks[first / RECORDS_A_BLOCK];
    if (block === undefined) searchBytes(table, first, what, hit);
    else searchText(block, what.narrow, hit);
    if (!(await pause())) break;
  }
  const first = hits.indexes.map((index) => described(table, index, what));
  return { dataset: table.name, count: hits.count, first, beside: countBeside(table, what) };
}

/**
 * @param {Block} block
 * @param {string} what narrow
 * @param {(index: number) => void} hit
 */
function searchText(block, what, hit) {
  const text = block.text;
  let record = 0;
  let at = text.indexOf(what);
  while (at !== -1) {
    while (record + 1 < block.count && (block.starts[record + 1] ?? 0) <= at) record += 1;
    hit(block.first + record);
    const next = block.starts[record + 1];
    at = next === undefined ? -1 : text.indexOf(what, next);
  }
}

/**
 * Looks for the text anywhere in the bytes first, names included, and only where it is walks over the record. A record
 * whose code has a title with the text is found by the code.
 * @param {Searched} table
 * @param {number} first
 * @param {Sought} what
 * @param {(index: number) => void} hit
 */
function searchBytes(table, first, what, hit) {
  const rows = table.rows;
  const count = Math.min(RECORDS_A_BLOCK, rows.count - first);
  const isHit = new Uint8Array(count);
  const codes = table.titles.codes(what.text).map(matcher);
  for (const sought of [what.bytes, ...codes]) {
    if (!isHit.includes(0)) break;
    for (let place = 0; place < count; place++) {
      const at = foundAt(sought, rows.bytes, startOf(rows, first + place), endOf(rows, first + count - 1));
      if (at < 0) break;
      while (endOf(rows, first + place) <= at) place += 1;
      if (isHit[place] === 0 && placeOf(rows, first + place, table.titles, what) !== null) isHit[place] = 1;
    }
  }
  isHit.forEach((is, place) => {
    if (is === 1) hit(first + place);
  });
}

/**
 * @param {Rows} rows
 * @param {number} index
 * @param {CodeTitles} titles
 * @param {Sought} what
 * @returns {{name: string, from: number, to: number, isTitle: boolean}|null} the first field that has the text, in its
 *   value or in the title of its code
 */
function placeOf(rows, index, titles, what) {
  const bytes = rows.bytes;
  const titleAt = titles.of(bytes);
  /** @type {{name: string, from: number, to: number, isTitle: boolean}|null} */
  let place = null;
  eachField(bytes, startOf(rows, index), endOf(rows, index), (nameFrom, nameTo, from, to) => {
    const inValue = eachText(bytes, from, to, (textFrom, textTo) => foundAt(what.bytes, bytes, textFrom, textTo) >= 0);
    const title = inValue ? null : titleAt(nameFrom, nameTo, from, to);
    if (!inValue && !title?.includes(what.text)) return false;
    place = { name: textOf(decoded(bytes, nameFrom - 1, nameTo + 1)), from, to, isTitle: !inValue };
    return true;
  });
  return place;
}

/**
 * @param {Searched} table
 * @param {number} index
 * @param {Sought} what
 */
function described(table, index, what) {
  const place = placeOf(table.rows, index, table.titles, what);
  if (place === null) return { index, field: "", text: "" };
  const value = textOf(decoded(table.rows.bytes, place.from, place.to));
  const code = table.fields.find((field) => field.name === place.name)?.codes.find((each) => each.value === value);
  return { index, field: place.name, text: excerpt(place.isTitle ? (code?.title ?? value) : value, what.text) };
}

/**
 * @param {string} text
 * @param {string} what folded
 */
function excerpt(text, what) {
  if (text.length <= LONGEST) return text;
  const window = Math.max(LONGEST, what.length * 2);
  for (let at = 0; at < text.length; at += STEP) {
    if (!folded(text.slice(at, at + window)).includes(what)) continue;
    const rest = at + window < text.length ? "\u2026" : "";
    return (at === 0 ? "" : "\u2026") + text.slice(at, at + window) + rest;
  }
  return `${text.slice(0, LONGEST)}\u2026`;
}

/**
 * @param {Searched} table
 * @param {Sought} what
 * @returns {number} how many of the rows kept beside have it among their values
 */
function countBeside(table, what) {
  const rows = table.beside;
  let count = 0;
  for (let index = 0; rows !== null && index < rows.count; index++) {
    const bytes = rows.bytes;
    eachField(bytes, startOf(rows, index), endOf(rows, index), (nameFrom, nameTo, from, to) => {
      if (decoded(bytes, nameFrom, nameTo) !== "values") return false;
      if (eachText(bytes, from, to, (textFrom, textTo) => foundAt(what.bytes, bytes, textFrom, textTo) >= 0)) count += 1;
      return true;
    });
  }
  return count;
}
