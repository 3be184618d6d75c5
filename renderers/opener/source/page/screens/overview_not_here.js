/** What is not here, and why: each kind under its own heading, or that nothing was left out. */

import { element } from "../dom.js";
import { foreign } from "../page.js";
import { counted, filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Dataset} Dataset */
/** @typedef {import("../../protocol.js").Description} Description */
/** @typedef {import("../../texts/texts.js").Counted} Counted */

/**
 * @param {Description} description
 * @param {Page} page
 */
export function notHereNode(description, page) {
  const { texts } = page.reader;
  /** @param {string|null} name */
  const titled = (name) => description.datasets.find((dataset) => dataset.name === name)?.title ?? name ?? "";
  const gaps = description.gaps.map(({ source, dataset, reason }) => filled(texts.gap, { source: dataset ? titled(dataset) : source, reason }));
  const notCovered = description.notCovered.map(({ title, reason }) => filled(texts.gap, { source: title, reason }));
  const fields = description.fieldsLeftOut.map(({ dataset, title, reason }) => filled(texts.fieldLeftOut, { title, dataset: titled(dataset), reason }));
  const elsewhere = description.promises.filter(({ elsewhere: yes, notSearched }) => yes || notSearched);
  const reasons = elsewhere.map(({ text, notSearched }) => filled(texts.gap, { source: text, reason: notSearched?.ground ?? texts.elsewhere }));
  const groups = [
    groupNode(texts.gaps, gaps, page),
    groupNode(texts.notCovered, notCovered, page),
    groupNode(texts.answers.not_searched, reasons, page),
    groupNode(texts.fieldsLeftOut, fields, page),
    countsNode(description.datasets, page),
  ];
  const told = groups.some((group) => group !== null);
  return element("section", { id: "not-here", "aria-labelledby": "not-here-title" }, [
    element("h2", { id: "not-here-title" }, [texts.notHere]),
    ...groups,
    told ? null : element("p", {}, [texts.nothingMissing]),
  ]);
}

/**
 * @param {string} title
 * @param {string[]} lines
 * @param {Page} page
 */
function groupNode(title, lines, page) {
  if (!lines.length) return null;
  return element("div", { class: "group" }, [
    element("h3", {}, [title]),
    element("ul", {}, lines.map((line) => element("li", foreign(page), [line]))),
  ]);
}

/**
 * @param {ReadonlyArray<Dataset>} datasets
 * @param {Page} page
 */
function countsNode(datasets, page) {
  const { texts, language } = page.reader;
  const lines = datasets.flatMap((dataset) => {
    /** @type {[Counted, number][]} */
    const counts = [[texts.withheld, dataset.withheld], [texts.keptBack, dataset.keptBack], [texts.beside, dataset.keptBeside]];
    return counts
      .filter(([, count]) => count > 0)
      .map(([forms, count]) => filled(texts.ofDataset, { dataset: dataset.title, what: counted(forms, count, language) }));
  });
  return lines.length ? element("ul", { class: "group" }, lines.map((line) => element("li", {}, [line]))) : null;
}
