/** What tests need of the packages, which lie here and not beside them. */

export { TextReader, Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-custom.js";
