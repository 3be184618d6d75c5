/** Saving by the browser: bytes become a file that is no longer encrypted, which the buttons say. */

import { button, element, fill } from "./dom.js";
import { Failure } from "./ask.js";
import { filled } from "../texts/texts.js";

/** @typedef {import("./page.js").Page} Page */

const KEPT = 60_000;

/** @type {{[ending: string]: string}} */
const TYPES = {
  csv: "text/csv",
  json: "application/json",
  jsonld: "application/ld+json",
  pdf: "application/pdf",
  txt: "text/plain",
  zip: "application/zip",
};

/**
 * @param {string} path
 * @returns {string} never a type that a browser would run
 */
export function typeOf(path) {
  return TYPES[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
}

/** @param {string} path */
export function nameOf(path) {
  return path.split("/").at(-1) ?? path;
}

/**
 * @param {string} name
 * @param {ArrayBuffer} bytes
 */
function give(name, bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: typeOf(name) }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

/**
 * A button that saves what is obtained when it is pressed.
 * @param {Page} page
 * @param {string} text
 * @param {{name: string, label?: string, class?: string, obtain: () => Promise<{bytes: ArrayBuffer}>}} what
 */
export function saveButton(page, text, what) {
  const { texts } = page.reader;
  const control = button(text, () => void save(), { "aria-label": what.label, class: what.class ?? "plain", "data-save": what.name });
  const save = async () => {
    if (control.getAttribute("aria-busy")) return;
    control.setAttribute("aria-busy", "true");
    fill(control, [texts.saving]);
    try {
      give(what.name, (await what.obtain()).bytes);
      page.notify(filled(texts.saved, { name: what.name }));
    } catch (error) {
      page.notify(filled(texts.notSaved, { name: what.name, why: whyNot(error, page) }));
    } finally {
      control.removeAttribute("aria-busy");
      fill(control, [text]);
    }
  };
  return control;
}

/**
 * @param {unknown} error
 * @param {Page} page
 */
export function whyNot(error, page) {
  const { texts } = page.reader;
  return error instanceof Failure ? texts.findings[error.kind] : texts.failed;
}
