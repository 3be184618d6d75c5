/** Each promise of the privacy notice, with what became of it. */

import { button, element } from "../dom.js";
import { foreign, placeOf } from "../page.js";
import { datasetOf } from "../state.js";
import { counted, filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Description} Description */
/** @typedef {import("../../protocol.js").PromiseAnswer} PromiseAnswer */

/**
 * @param {Description} description
 * @param {Page} page
 */
export function promisesNode({ promises }, page) {
  const { texts } = page.reader;
  return element("section", { id: "promises", "aria-labelledby": "promises-title" }, [
    element("h2", { id: "promises-title" }, [texts.promises]),
    element("ul", { class: "promises" }, promises.map((promise) => promiseNode(promise, page))),
  ]);
}

/**
 * @param {PromiseAnswer} promise
 * @param {Page} page
 */
function promiseNode(promise, page) {
  const { texts, language } = page.reader;
  const answers = new Map(Object.entries(texts.answers));
  const code = promise.answer.replaceAll(" ", "_");
  const answer = answers.get(code) ?? promise.answer;
  const count = promise.records > 0 ? ` \u00b7 ${counted(texts.records, promise.records, language)}` : "";
  return element("li", { "data-answer": code }, [
    element("p", { class: "promise", ...foreign(page) }, [promise.text]),
    element("p", { class: "answer" }, [element("span", { class: "tag" }, [answer]), count]),
    linksNode(promise, page),
    ...reasonNodes(promise, page),
  ]);
}

/**
 * @param {PromiseAnswer} promise
 * @param {Page} page
 */
function linksNode(promise, page) {
  const datasets = promise.datasets.map((name) => datasetOf(page.state, name)).filter((dataset) => dataset !== undefined);
  const links = datasets.filter((dataset) => dataset.records > 0).map((dataset) => button(dataset.title, () => page.go(placeOf(dataset)), { class: "link", ...foreign(page) }));
  return links.length ? element("p", { class: "links" }, links) : null;
}

/**
 * @param {PromiseAnswer} promise
 * @param {Page} page
 */
function reasonNodes({ notSearched, elsewhere }, page) {
  const { texts } = page.reader;
  /** @type {[string, string|null|undefined][]} */
  const reasons = [[texts.ground, notSearched?.ground], [texts.effort, notSearched?.effort], [texts.decidedBy, notSearched?.decidedBy]];
  const lines = reasons.flatMap(([form, text]) => (text ? [filled(form, { text })] : []));
  const shown = elsewhere ? [...lines, texts.elsewhere] : lines;
  return shown.map((line) => element("p", { class: "reason" }, [line]));
}
