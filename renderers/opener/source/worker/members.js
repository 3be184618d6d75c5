/** Reads members, and believes none of them before its authentication code and its hash agree. */

import { LIMITS, readMember } from "./archive.js";
import { AT_ONCE, hashOf, hashing } from "./hashes.js";
import { cutter } from "./rows.js";
import { Trouble } from "./trouble.js";

/** @typedef {import("./archive.js").FileEntry} FileEntry */
/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("./manifests.js").Listed} Listed */

/**
 * @typedef {object} Members
 * @property {ReadonlyMap<string, FileEntry>} directory
 * @property {string} passphrase
 * @property {Listed} listed grows as manifests are read
 * @property {boolean} closed nothing more is read
 * @property {(bytes: number) => void} progress
 */

const OPENER = "open.html";

/**
 * @param {Members} members
 * @param {string} path
 * @returns {Promise<void>} fails with a Trouble that says what is wrong with the member
 */
export async function checkMember(members, path) {
  const entry = entryOf(members, path);
  if (entry.uncompressedSize <= AT_ONCE) {
    await read(members, entry, () => undefined);
    return;
  }
  const hash = hashing();
  await content(members, entry, hash.write);
  compare(members, path, hash.hash());
}

/**
 * @param {Members} members
 * @param {string} path
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function memberBytes(members, path) {
  return read(members, entryOf(members, path), () => undefined);
}

/**
 * @param {Members} members
 * @param {string} path
 * @param {number} records how many there must be
 * @returns {Promise<Rows>}
 */
export async function memberRows(members, path, records) {
  const entry = entryOf(members, path);
  /** @type {ReturnType<typeof cutter>|null} */
  let cut = null;
  await read(members, entry, (bytes, from, to) => {
    cut ??= cutter(bytes);
    cut.written(from, to);
  });
  const rows = /** @type {ReturnType<typeof cutter>|null} */ (cut)?.rows() ?? null;
  if (rows === null || rows.count !== records) throw new Trouble("unreadable", path);
  return rows;
}

/**
 * @param {Members} members
 * @param {FileEntry} entry
 * @param {(bytes: Uint8Array<ArrayBuffer>, from: number, to: number) => void} written
 */
async function read(members, entry, written) {
  const path = entry.filename;
  const size = entry.uncompressedSize;
  const bytes = room(size, path);
  const hash = size > AT_ONCE ? hashing() : null;
  let length = 0;
  await content(members, entry, (chunk) => {
    bytes.set(chunk, length);
    hash?.write(chunk);
    length += chunk.length;
    written(bytes, length - chunk.length, length);
  });
  compare(members, path, hash === null ? await hashOf(bytes) : hash.hash());
  return bytes;
}

/**
 * @param {number} size
 * @param {string} path
 */
function room(size, path) {
  try {
    if (size <= LIMITS.kept) return new Uint8Array(size);
  } catch {
    // The browser has no room for it.
  }
  throw new Trouble("unreadable", path);
}

/**
 * @param {Members} members
 * @param {FileEntry} entry
 * @param {(chunk: Uint8Array) => void} write
 */
async function content(members, entry, write) {
  const path = entry.filename;
  try {
    await readMember(entry, members.passphrase, (chunk) => {
      if (members.closed) throw new Error("closed");
      members.progress(chunk.length);
      write(chunk);
    });
  } catch {
    throw new Trouble(path === OPENER ? "other-page" : "changed", path);
  }
}

/**
 * @param {Members} members
 * @param {string} path
 * @param {string} hash
 */
function compare(members, path, hash) {
  const listed = members.listed.get(path);
  // Only the manifest of the manifest is listed nowhere; nobody asks for other members that are not listed.
  if (listed === undefined || listed === hash) return;
  const isAnother = [...members.listed.values()].includes(hash);
  if (isAnother) throw new Trouble("exchanged", path);
  throw new Trouble(path === OPENER ? "other-page" : "changed", path);
}

/**
 * @param {Members} members
 * @param {string} path
 * @returns {FileEntry}
 */
function entryOf(members, path) {
  const entry = members.directory.get(path);
  if (entry === undefined) throw new Trouble("missing", path);
  if (entry.directory) throw new Trouble("unlisted", path);
  return entry;
}
