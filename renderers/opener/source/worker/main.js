import { ZipReader, Reader, configure } from "@zip.js/zip.js/lib/zip-core-custom.js";
import { sha256 } from "@noble/hashes/sha2.js";

configure({ useWebWorkers: false });
self.onmessage = () => self.postMessage([ZipReader, Reader, sha256].length);
