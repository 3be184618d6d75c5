/** Finds the parts of a ZIP, to change them. */

import { Buffer } from "node:buffer";

const CENTRAL = 0x02014b50;

/**
 * @typedef {object} Place of a member
 * @property {number} central its record in the directory
 * @property {number} local its own header
 * @property {number} data its salt, where it is encrypted
 * @property {number} end after its authentication code
 */

/**
 * @param {Uint8Array} zip
 * @param {string} path
 * @returns {Place}
 */
export function placeIn(zip, path) {
  const view = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  let central = view.readUInt32LE(zip.length - 22 + 16);
  while (view.readUInt32LE(central) === CENTRAL) {
    const [name, extra, comment] = [28, 30, 32].map((at) => view.readUInt16LE(central + at));
    const local = view.readUInt32LE(central + 42);
    if (view.toString("utf8", central + 46, central + 46 + (name ?? 0)) === path) {
      const data = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
      return { central, local, data, end: data + view.readUInt32LE(central + 20) };
    }
    central += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  throw new Error(`no ${path} in the archive`);
}

/**
 * @param {Uint8Array<ArrayBuffer>} zip
 * @param {number} at
 * @returns {Uint8Array<ArrayBuffer>} with another byte there
 */
export function flipped(zip, at) {
  const changed = zip.slice();
  changed[at] = (changed[at] ?? 0) ^ 0x55;
  return changed;
}

/**
 * Renames a member in the directory, in its own header, or in both; both names are as long.
 * @param {Uint8Array<ArrayBuffer>} zip
 * @param {string} path
 * @param {string} name
 * @param {{central?: boolean, local?: boolean}} [where]
 */
export function renamed(zip, path, name, { central = true, local = true } = {}) {
  if (path.length !== name.length) throw new Error("names must be as long");
  const changed = zip.slice();
  const place = placeIn(zip, path);
  const bytes = new TextEncoder().encode(name);
  if (central) changed.set(bytes, place.central + 46);
  if (local) changed.set(bytes, place.local + 30);
  return changed;
}

/**
 * @param {Uint8Array<ArrayBuffer>} zip
 * @param {string} one
 * @param {string} other
 */
export function exchanged(zip, one, other) {
  const between = "?".repeat(one.length);
  return renamed(renamed(renamed(zip, one, between), other, one), between, other);
}

/**
 * @param {Uint8Array<ArrayBuffer>} zip
 * @param {string} path
 * @returns {Uint8Array<ArrayBuffer>} without the member in the directory; its bytes stay
 */
export function undirected(zip, path) {
  const view = Buffer.from(zip);
  const { central } = placeIn(zip, path);
  const length = 46 + [28, 30, 32].reduce((sum, at) => sum + view.readUInt16LE(central + at), 0);
  const changed = Buffer.concat([view.subarray(0, central), view.subarray(central + length)]);
  const end = changed.length - 22;
  for (const at of [8, 10]) changed.writeUInt16LE(changed.readUInt16LE(end + at) - 1, end + at);
  changed.writeUInt32LE(changed.readUInt32LE(end + 12) - length, end + 12);
  return new Uint8Array(changed);
}
