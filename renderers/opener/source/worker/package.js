/**
 * An opened package: checks it, member by member, in the order in which a reader needs them, and sends what agrees to
 * the page.
 */

import { MANIFEST, TAG_MANIFEST } from "./archive.js";
import { NOTICE, PACKAGE, README, describe, schemaPaths } from "./description.js";
import { keeping } from "./keeping.js";
import { listedIn } from "./manifests.js";
import { checkMember, memberBytes, memberRows } from "./members.js";
import { relationsOf } from "./relations.js";
import { makeBlock, searched } from "./search.js";
import { copier } from "./texts.js";
import { Trouble } from "./trouble.js";

/** @typedef {import("../protocol.js").Description} Description */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("../protocol.js").Event} Event */
/** @typedef {import("../protocol.js").Finding} Finding */
/** @typedef {import("./members.js").Members} Members */
/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("./search.js").Searched} Searched */
/** @typedef {import("./timeline.js").Timeline} Timeline */

/**
 * @typedef {object} Package
 * @property {Members} members
 * @property {(event: Event) => void} send
 * @property {Description|null} description
 * @property {Map<string, Searched>} tables by dataset, those whose JSON member agrees
 * @property {Map<string, Rows>} beside rows that do not match the schema, by dataset
 * @property {Map<string, Finding>} findings by file
 * @property {Set<string>} agreeing paths of members that agree
 * @property {number} asked questions that are being answered
 * @property {boolean} searchable whether all texts are folded
 * @property {(dataset: string, field: string, make: () => Float64Array) => Float64Array} orders that are kept
 * @property {(dataset: string, field: string, make: () => Timeline) => Timeline} timelines that are kept
 * @property {ReturnType<typeof relationsOf>} related
 */

/** Above it, the folded texts would cost more memory than a phone or an old computer has. */
const FOLDED_AT_MOST = 300 * 2 ** 20;

/**
 * @param {Members} members
 * @param {(event: Event) => void} send
 * @returns {Package}
 */
export function packageOf(members, send) {
  return {
    members,
    send: (event) => (members.closed ? undefined : send(event)),
    description: null,
    tables: new Map(),
    beside: new Map(),
    findings: new Map(),
    agreeing: new Set(),
    asked: 0,
    searchable: false,
    orders: keeping(),
    timelines: keeping(),
    related: () => [],
  };
}

/**
 * Checks everything, and makes the texts for searching.
 * @param {Package} pack
 * @param {() => Promise<unknown>} pause lets questions be answered
 */
export async function run(pack, pause) {
  try {
    await check(pack);
  } catch {
    find(pack, "unreadable", "");
  }
  pack.send({ event: "checked", complete: pack.findings.size === 0 });
  await makeSearchable(pack, pause);
}

/** @param {Package} pack */
async function check(pack) {
  if (await readManifests(pack)) compareDirectory(pack);
  await readDescription(pack);
  await readTables(pack);
  await checkRest(pack);
}

/**
 * @param {Package} pack
 * @param {() => Promise<unknown>} pause
 */
async function makeSearchable(pack, pause) {
  const bytes = [...pack.tables.values()].reduce((sum, table) => sum + table.rows.bytes.length, 0);
  if (bytes > FOLDED_AT_MOST) return;
  const copy = copier();
  for (const table of pack.tables.values()) {
    while (!pack.members.closed && makeBlock(table, copy)) {
      // Whoever searches meanwhile does not wait for what makes searching faster.
      do await pause();
      while (pack.asked > 0);
    }
  }
  pack.searchable = true;
  pack.send({ event: "searchable" });
}

/**
 * @param {Package} pack
 * @param {Finding["kind"]} kind
 * @param {string} file
 */
function find(pack, kind, file) {
  if (pack.members.closed || pack.findings.has(file)) return;
  pack.findings.set(file, { kind, file });
  pack.send({ event: "finding", finding: { kind, file } });
}

/**
 * Reads a member, and sends a finding where it does not agree.
 * @template T
 * @param {Package} pack
 * @param {string} path
 * @param {Promise<T>} reading
 * @returns {Promise<T|null>}
 */
async function agreed(pack, path, reading) {
  try {
    const content = await reading;
    pack.agreeing.add(path);
    return content;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    // Its bytes agree, even though they are not what they should be.
    if (error.kind === "unreadable") pack.agreeing.add(path);
    find(pack, error.kind, error.file);
    return null;
  }
}

/**
 * @param {Package} pack
 * @returns {Promise<boolean>} whether both are there: else nobody knows what should be
 */
async function readManifests(pack) {
  for (const name of [TAG_MANIFEST, MANIFEST]) {
    const bytes = await agreed(pack, name, memberBytes(pack.members, name));
    const listed = bytes === null ? null : listedIn(name, bytes);
    if (listed === null) {
      find(pack, name === MANIFEST ? "unreadable" : "changed", name);
      return false;
    }
    for (const [path, hash] of listed) pack.members.listed.set(path, hash);
  }
  return true;
}

/** @param {Package} pack */
function compareDirectory(pack) {
  const { listed, directory } = pack.members;
  for (const path of listed.keys()) if (!directory.has(path)) find(pack, "missing", path);
  for (const path of directory.keys()) if (path !== TAG_MANIFEST && !listed.has(path)) find(pack, "unlisted", path);
}

/**
 * @param {Package} pack
 * @returns {string[]} paths that are listed, there, and not looked at yet, the smallest first
 */
function waiting(pack) {
  const { listed, directory } = pack.members;
  /** @param {string} path */
  const size = (path) => directory.get(path)?.uncompressedSize ?? 0;
  const paths = [...listed.keys()].filter((path) => directory.has(path));
  return paths
    .filter((path) => !pack.agreeing.has(path) && !pack.findings.has(path))
    .sort((one, other) => size(one) - size(other));
}

/** @param {Package} pack */
async function readDescription(pack) {
  /** @type {Map<string, Uint8Array>} */
  const bytes = new Map();
  /** @param {string} path */
  const read = async (path) => {
    if (!waiting(pack).includes(path)) return;
    const content = await agreed(pack, path, memberBytes(pack.members, path));
    if (content !== null) bytes.set(path, content);
  };
  for (const path of [PACKAGE, NOTICE, README]) await read(path);
  await Promise.all(schemaPaths(bytes.get(PACKAGE)).map(read));
  const files = [...pack.members.listed.keys(), TAG_MANIFEST].filter((path) => pack.members.directory.has(path));
  const described = describe({ bytes, files: files.sort() });
  if (described === null) {
    if (bytes.has(PACKAGE)) find(pack, "unreadable", PACKAGE);
    return;
  }
  pack.description = described.description;
  pack.related = relationsOf(described.keys, (dataset) => pack.tables.get(dataset)?.rows ?? null);
  pack.send({ event: "described", description: described.description });
}

/** @param {Package} pack */
async function readTables(pack) {
  const datasets = pack.description?.datasets ?? [];
  for (const path of waiting(pack)) {
    if (pack.members.closed) return;
    const beside = datasets.find((dataset) => dataset.files.beside === path);
    if (beside !== undefined) await readBeside(pack, beside, path);
    const dataset = datasets.find((each) => each.files.json === path);
    // Without its schema, nobody knows what a field is.
    if (dataset === undefined || dataset.fields.length === 0) continue;
    const rows = await agreed(pack, path, memberRows(pack.members, path, dataset.records));
    if (rows === null) continue;
    pack.tables.set(dataset.name, { ...searched(dataset, rows), beside: pack.beside.get(dataset.name) ?? null });
    pack.send({ event: "table", dataset: dataset.name });
  }
}

/**
 * @param {Package} pack
 * @param {Dataset} dataset
 * @param {string} path
 */
async function readBeside(pack, dataset, path) {
  const rows = await agreed(pack, path, memberRows(pack.members, path, dataset.keptBeside));
  if (rows === null) return;
  pack.beside.set(dataset.name, rows);
  const table = pack.tables.get(dataset.name);
  if (table !== undefined) table.beside = rows;
}

/** @param {Package} pack */
async function checkRest(pack) {
  for (const path of waiting(pack)) {
    if (pack.members.closed) return;
    await agreed(pack, path, checkMember(pack.members, path));
  }
}
