/** SHA-256 of what is written, with the browser's own function where the bytes are at hand at once. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Above it, the browser's copy of the bytes costs more memory than its speed is worth. */
export const AT_ONCE = 16 * 2 ** 20;

/** @returns {{write: (chunk: Uint8Array) => void, hash: () => string}} for what is not kept as a whole */
export function hashing() {
  const hash = sha256.create();
  return { write: (chunk) => void hash.update(chunk), hash: () => bytesToHex(hash.digest()) };
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>}
 */
export async function hashOf(bytes) {
  // A page from an address without https has no such function.
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return bytesToHex(sha256(bytes));
  return bytesToHex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}
