/** Tables without a package around them. */

import { fieldsOf } from "../../../../renderers/opener/source/worker/fields.js";
import { cutter } from "../../../../renderers/opener/source/worker/rows.js";
import { hitsIn, makeBlock, searched, sought } from "../../../../renderers/opener/source/worker/search.js";
import { copier } from "../../../../renderers/opener/source/worker/texts.js";
import { arrayOf } from "./packages.js";

/** @typedef {import("../../../../renderers/opener/source/protocol.js").Dataset} Dataset */

/**
 * @param {ReadonlyArray<object|string>} records or lines of JSON
 * @param {number} [chunk] how many bytes are written at once
 */
export function rowsOf(records, chunk = 7) {
  const bytes = new TextEncoder().encode(arrayOf(records));
  const cut = cutter(bytes);
  for (let at = 0; at < bytes.length; at += chunk) cut.written(at, Math.min(at + chunk, bytes.length));
  const rows = cut.rows();
  if (rows === null) throw new Error("no rows");
  return rows;
}

/**
 * @param {{[field: string]: object}} properties
 * @param {string|null} [periodField]
 * @returns {Dataset}
 */
export function datasetOf(properties, periodField = null) {
  return {
    name: "things",
    title: "Things",
    description: "",
    fields: fieldsOf({ properties }),
    periodField,
    records: 0,
    from: null,
    to: null,
    withheld: 0,
    keptBeside: 0,
    keptBack: 0,
    files: { json: "data/json/things.json", csv: null, schema: "", beside: null },
    terms: { purposes: [], legalBases: [], recipients: [], storage: [], sources: [] },
  };
}

/**
 * @param {ReadonlyArray<object|string>} records
 * @param {{[field: string]: object}} properties
 * @param {boolean} ready whether the texts are folded
 */
export function searchable(records, properties, ready) {
  const table = searched(datasetOf(properties), rowsOf(records, 1 << 16));
  const copy = copier();
  while (ready && makeBlock(table, copy));
  return {
    blocks: table.blocks.length,
    /**
     * @param {string} text
     * @param {number} [limit]
     */
    async search(text, limit = 1000) {
      const what = sought(text, limit);
      if (what === null) return { count: 0, indexes: [], first: [] };
      const hits = await hitsIn(table, what, async () => true);
      return { count: hits.count, indexes: hits.first.map(({ index }) => index), first: hits.first };
    },
  };
}

/**
 * The same numbers for the same seed.
 * @param {number} seed
 * @returns {(below: number) => number} a whole number
 */
export function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
