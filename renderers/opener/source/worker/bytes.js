/** The package's bytes, which only the page can read. Members lie one after the other, so it reads ahead. */

import { Reader } from "@zip.js/zip.js/lib/zip-core-custom.js";
import { Trouble } from "./trouble.js";

/** @typedef {(offset: number, length: number) => Promise<ArrayBuffer>} Ask */

/** @typedef {{offset: number, end: number, bytes: Promise<ArrayBuffer>}} Window */

const AHEAD = 2 * 1024 * 1024;
/** A file may be saved while others are checked. */
const READERS = 2;

/** @extends {Reader<null>} */
export class PageReader extends Reader {
  /**
   * @param {number} size
   * @param {Ask} ask
   */
  constructor(size, ask) {
    super(null);
    this.size = size;
    this.ask = ask;
    /** @type {Window[]} the newest first */
    this.windows = [];
  }

  /**
   * @override
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array>} shorter only at the end of the file
   */
  async readUint8Array(offset, length) {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array(0);
    const window = this.windowWith(offset, end);
    const bytes = await window.bytes;
    if (bytes.byteLength !== window.end - window.offset) throw new Trouble("cut-off", "");
    // A copy, because the reader may change it.
    return new Uint8Array(bytes.slice(offset - window.offset, end - window.offset));
  }

  /**
   * @param {number} offset
   * @param {number} end
   */
  windowWith(offset, end) {
    const known = this.windows.find((window) => offset >= window.offset && end <= window.end);
    if (known !== undefined) return known;
    const windowEnd = Math.min(Math.max(end, offset + AHEAD), this.size);
    const window = { offset, end: windowEnd, bytes: this.ask(offset, windowEnd - offset) };
    this.windows = [window, ...this.windows.slice(0, READERS - 1)];
    return window;
  }
}
