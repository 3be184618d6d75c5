/** What is not here, and why: the list of the report, or that nothing was left out. */

import { element } from "../dom.js";
import { foreign } from "../page.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Description} Description */

/**
 * @param {Description} description
 * @param {Page} page
 */
export function notHereNode(description, page) {
  const { texts } = page.reader;
  const lines = description.absences.map((absence) => lineNode(absence, page));
  return element("section", { id: "not-here", "aria-labelledby": "not-here-title" }, [
    element("h2", { id: "not-here-title" }, [texts.notHere]),
    lines.length ? element("ul", { class: "absences" }, lines) : element("p", {}, [texts.nothingMissing]),
  ]);
}

/**
 * @param {Description["absences"][number]} absence
 * @param {Page} page
 */
function lineNode({ what, why, records }, page) {
  const { texts } = page.reader;
  const number = records === "" ? null : element("span", { class: "absence-records" }, [`${texts.absentRecords} ${records}`]);
  return element("li", {}, [element("strong", foreign(page), [what]), element("span", foreign(page), [why]), number]);
}
