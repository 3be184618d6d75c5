/** The two manifests of the bag (BagIt 1.0): a hash and a path on each line. */

import { MANIFEST, TAG_MANIFEST } from "./archive.js";

const LINE = /^([0-9a-fA-F]{64})[ \t]+\*?(\S.*)$/;
/** @type {{[code: string]: string}} */
const ENCODED = { "%0A": "\n", "%0D": "\r", "%25": "%" };

/** @typedef {Map<string, string>} Listed hashes by path */

/**
 * @param {string} name of the manifest
 * @param {Uint8Array} bytes
 * @returns {Listed|null} null where it is no manifest of this name: that of the payload lists data/ only, the other all
 *   files but those and itself, the manifest of the payload among them
 */
export function listedIn(name, bytes) {
  /** @type {Listed} */
  const listed = new Map();
  for (const line of linesOf(bytes)) {
    const [, hash, encoded] = LINE.exec(line) ?? [];
    if (hash === undefined || encoded === undefined) return null;
    const path = encoded.replace(/%(?:0A|0D|25)/gi, (code) => ENCODED[code.toUpperCase()] ?? code);
    if (listed.has(path) || path === TAG_MANIFEST || path.startsWith("data/") !== (name === MANIFEST)) return null;
    listed.set(path, hash.toLowerCase());
  }
  return name === TAG_MANIFEST && !listed.has(MANIFEST) ? null : listed;
}

/** @param {Uint8Array} bytes */
function linesOf(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.split(/\r\n|\n|\r/).filter((line) => line !== "");
  } catch {
    return ["not UTF-8"];
  }
}
