/** What is wrong with a package, as an error on the way to the page. */

/** @typedef {import("../protocol.js").Finding} Finding */

export class Trouble extends Error {
  /**
   * @param {Finding["kind"]} kind
   * @param {string} file a path of the package, or empty
   */
  constructor(kind, file) {
    super(kind);
    this.kind = kind;
    this.file = file;
  }
}
