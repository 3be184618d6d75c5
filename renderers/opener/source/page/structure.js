/** A structure of a record as lists, as deep as it is. */

import { element } from "./dom.js";
import { scalarText, visible } from "./values.js";

/** @typedef {import("./values.js").Reader} Reader */

/**
 * @param {unknown} value
 * @param {Reader} reader
 * @returns {HTMLElement}
 */
export function structureNode(value, reader) {
  if (Array.isArray(value)) {
    return element("ul", { class: "structure" }, value.map((each) => element("li", {}, [structureNode(each, reader)])));
  }
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).flatMap(([name, each]) => [
      element("dt", {}, [element("bdi", {}, [visible(name)])]),
      element("dd", {}, [structureNode(each, reader)]),
    ]);
    return element("dl", { class: "structure" }, pairs);
  }
  return element("bdi", {}, [scalarText(value, reader)]);
}
