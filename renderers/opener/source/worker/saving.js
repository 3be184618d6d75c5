/** What a person saves: one file, or all as an ordinary ZIP that any program opens. */

import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js/lib/zip-core-custom.js";
import { memberBytes } from "./members.js";
import { Trouble } from "./trouble.js";

/** @typedef {import("./package.js").Package} Package */

/**
 * @param {Package} pack
 * @param {string} path
 * @returns {Promise<Uint8Array<ArrayBuffer>>} fails where it does not agree
 */
export async function fileOf(pack, path) {
  if (!isPart(pack, path)) throw new Trouble("unlisted", path);
  const kept = keptBytes(pack, path);
  return kept === null ? memberBytes(pack.members, path) : kept.slice();
}

/**
 * @param {Package} pack
 * @param {string} path
 */
function isPart(pack, path) {
  return pack.members.listed.has(path) || pack.agreeing.has(path);
}

/**
 * @param {Package} pack
 * @param {string} path
 * @returns {Uint8Array<ArrayBuffer>|null}
 */
function keptBytes(pack, path) {
  const dataset = pack.description?.datasets.find((each) => each.files.json === path);
  const rows = dataset === undefined ? undefined : pack.tables.get(dataset.name)?.rows;
  return rows === undefined ? null : /** @type {Uint8Array<ArrayBuffer>} */ (rows.bytes);
}

/**
 * @param {Package} pack
 * @returns {Promise<Uint8Array<ArrayBuffer>>} every member that agrees, compressed, not encrypted
 */
export async function allFiles(pack) {
  const writer = new Uint8ArrayWriter();
  const zip = new ZipWriter(writer, { lastModDate: createdOf(pack), level: 6 });
  for (const path of pack.description?.files ?? []) {
    const bytes = keptBytes(pack, path) ?? (await bytesOrNull(pack, path));
    if (bytes !== null) await zip.add(path, new Uint8ArrayReader(bytes));
  }
  return /** @type {Uint8Array<ArrayBuffer>} */ (await zip.close());
}

/**
 * @param {Package} pack
 * @param {string} path
 */
async function bytesOrNull(pack, path) {
  try {
    return await fileOf(pack, path);
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}

/** @param {Package} pack */
function createdOf(pack) {
  const created = new Date(pack.description?.created ?? "");
  return Number.isNaN(created.getTime()) ? new Date(0) : created;
}
