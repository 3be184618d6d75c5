/** The ZIP: its directory, read strictly, whether the passphrase opens it, and one member's content. */

import {
  ERR_BAD_FORMAT,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_PASSWORD,
  ERR_SPLIT_ZIP_FILE,
  ZipReader,
  configure,
} from "@zip.js/zip.js/lib/zip-core-custom.js";
import { Trouble } from "./trouble.js";

/** What this many bytes are inflated to, ten times as much or more, is in memory at once. */
const CHUNK = 64 * 1024;

configure({ useWebWorkers: false, chunkSize: CHUNK });

/** @typedef {import("@zip.js/zip.js/lib/zip-core-custom.js").FileEntry} FileEntry */
/** @typedef {import("./bytes.js").PageReader} PageReader */

export const TAG_MANIFEST = "tagmanifest-sha256.txt";
export const MANIFEST = "manifest-sha256.txt";
/** All other members must be encrypted: who has no passphrase could replace a member by one that needs none. */
const MAY_BE_PLAIN = new Set(["README.txt", "open.html"]);

/** Nothing that a package needs; an archive beyond is refused before anything is unpacked. */
export const LIMITS = { members: 100_000, bytes: 16 * 2 ** 30, kept: 2 ** 30, ratio: 1100 };

const AES_256 = 3;
const AE_2 = 2;
const DEFLATED = 8;
const LOCAL_HEADER = [0x50, 0x4b, 3, 4];

/**
 * @param {PageReader} reader
 * @returns {Promise<Map<string, FileEntry>>} the members by path
 */
export async function directoryOf(reader) {
  /** @type {Map<string, FileEntry>} */
  const members = new Map();
  let bytes = 0;
  try {
    const zip = new ZipReader(reader, { strictness: "strict" });
    for await (const entry of zip.getEntriesGenerator()) {
      bytes += entry.uncompressedSize;
      if (members.size >= LIMITS.members || bytes > LIMITS.bytes) throw new Trouble("changed", "");
      // A folder of its own is no file of a package, and is found as unlisted.
      members.set(entry.filename, /** @type {FileEntry} */ (entry));
    }
  } catch (error) {
    throw await unreadable(error, reader);
  }
  if (![MANIFEST, TAG_MANIFEST].some((path) => isSealed(members.get(path)))) throw new Trouble("not-ours", "");
  return members;
}

/**
 * @param {unknown} error
 * @param {PageReader} reader
 * @returns {Promise<Trouble>}
 */
async function unreadable(error, reader) {
  if (error instanceof Trouble) return error;
  const { message, filename } = /** @type {{message?: string, filename?: string}} */ (error);
  const first = await reader.readUint8Array(0, LOCAL_HEADER.length);
  if (!LOCAL_HEADER.every((byte, index) => first[index] === byte)) return new Trouble("not-a-zip", "");
  if (message === ERR_EOCDR_NOT_FOUND || (message === ERR_BAD_FORMAT && reader.size < 22)) return new Trouble("cut-off", "");
  if (message === ERR_SPLIT_ZIP_FILE || message === ERR_ENCRYPTED_CENTRAL_DIRECTORY) return new Trouble("not-ours", "");
  return new Trouble("changed", filename ?? "");
}

/**
 * @param {FileEntry|undefined} entry
 * @returns {boolean} whether it is encrypted as our members are
 */
export function isSealed(entry) {
  const aes = entry?.encrypted ? entry.extraFieldAES : undefined;
  return aes?.strength === AES_256 && aes.vendorVersion === AE_2;
}

/** How many members are asked about a passphrase before it is called wrong. */
const ASKED = 8;

/**
 * Each member can tell a wrong passphrase with a probability of 65,535 in 65,536, from its salt, which somebody may have
 * changed: so two must agree, and none is called wrong while others open.
 * @param {ReadonlyMap<string, FileEntry>} members
 * @param {string} passphrase
 * @returns {Promise<boolean>}
 */
export async function opens(members, passphrase) {
  if (passphrase === "") return false;
  const sealed = [...members.values()].filter(isSealed).sort((one, other) => one.compressedSize - other.compressedSize);
  let opened = 0;
  let refused = 0;
  for (const [asked, entry] of sealed.entries()) {
    if (opened >= 2 || (asked >= ASKED && refused >= 2)) break;
    try {
      await entry.getData(new WritableStream(), { password: passphrase, checkPasswordOnly: true, strictness: "strict" });
      opened += 1;
    } catch (error) {
      if (error instanceof Error && error.message === ERR_INVALID_PASSWORD) refused += 1;
    }
  }
  return opened >= 2 || refused < 2;
}

/**
 * Reads a member to its end, and fails where its authentication code, its checksum, its size or its header disagree.
 * @param {FileEntry} entry
 * @param {string} passphrase
 * @param {(chunk: Uint8Array) => void} write
 * @returns {Promise<void>}
 */
export async function readMember(entry, passphrase, write) {
  const size = entry.uncompressedSize;
  if (!isSealed(entry) && (entry.encrypted || !MAY_BE_PLAIN.has(entry.filename))) throw new Error("not sealed");
  if (size > LIMITS.ratio * entry.compressedSize) throw new Error("larger than can be compressed into it");
  let read = 0;
  /** @param {Uint8Array} chunk */
  const take = (chunk) => {
    read += chunk.length;
    if (read > size) throw new Error("longer than the directory says");
    write(chunk);
    release(chunk);
  };
  await content(entry, passphrase, take);
  if (read !== size) throw new Error("shorter than the directory says");
  // AE-2 has zero here, which nothing else looks at.
  if (isSealed(entry) && (entry.signature || entry.localDirectory?.signature)) throw new Error("a checksum of AE-2");
}

/** @param {string} passphrase */
function checked(passphrase) {
  return {
    password: passphrase,
    strictness: /** @type {const} */ ("strict"),
    checkAuthenticationCode: true,
    checkCrc32: true,
    checkOverlappingEntry: true,
  };
}

/**
 * A sealed member is inflated here: the reader of the ZIP would do so too, and copy each chunk once more.
 * @param {FileEntry} entry
 * @param {string} passphrase
 * @param {(chunk: Uint8Array) => void} write
 */
async function content(entry, passphrase, write) {
  const sink = new WritableStream({ write });
  if (!isSealed(entry) || entry.compressionMethod !== DEFLATED) return void (await entry.getData(sink, checked(passphrase)));
  const inflater = new DecompressionStream("deflate-raw");
  const written = inflater.readable.pipeTo(sink);
  // What fails here ends the reading too, which fails with it.
  written.catch(() => undefined);
  const compressed = /** @type {WritableStream} */ (inflater.writable);
  await entry.getData(compressed, { ...checked(passphrase), passThrough: "compressed" });
  await written;
}

/**
 * Frees a chunk's memory at once, where the browser can: by itself it may wait until there are hundreds of megabytes.
 * @param {Uint8Array} chunk
 */
function release(chunk) {
  const buffer = /** @type {{transfer?: (length: number) => ArrayBuffer}} */ (chunk.buffer);
  buffer.transfer?.(0);
}
