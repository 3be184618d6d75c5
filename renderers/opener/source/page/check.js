/** Whether the package is complete and unchanged: being checked, or the answer. */

import { element, fill, give } from "./dom.js";
import { numberFormat } from "./formats.js";
import { counted, filled } from "../texts/texts.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../protocol.js").Finding} Finding */

/** @param {Page} page */
function percent({ reader, state }) {
  return numberFormat(reader.language, { style: "percent", maximumFractionDigits: 0 }).format(state.part);
}

/**
 * @param {Page} page
 * @returns {"checking"|"complete"|"incomplete"}
 */
export function verdict({ state }) {
  if (state.findings.length) return "incomplete";
  return state.complete === null ? "checking" : state.complete ? "complete" : "incomplete";
}

/** @param {Page} page */
function headline(page) {
  const { texts, language } = page.reader;
  const { findings } = page.state;
  const found = verdict(page);
  if (found === "checking") return filled(texts.checkingShort, { percent: percent(page) });
  if (found === "complete") return texts.complete;
  return findings.length ? counted(texts.problems, findings.length, language) : texts.incomplete;
}

/**
 * The state of the check in a few words, for every screen.
 * @param {Page} page
 * @param {() => void} open
 */
export function checkBadge(page, open) {
  const node = element("button", { type: "button", id: "check-badge", class: "badge", onclick: open });
  const draw = () => {
    give(node, { "data-check": verdict(page) });
    fill(node, [element("span", { class: "dot", "aria-hidden": "true" }), headline(page)]);
  };
  draw();
  return { node, draw };
}

/**
 * The state of the check with everything that was found.
 * @param {Page} page
 */
export function checkCard(page) {
  const node = element("section", { id: "check", class: "check", "aria-labelledby": "check-title" });
  const draw = () => {
    const { texts } = page.reader;
    const found = verdict(page);
    give(node, { "data-check": found });
    const title = element("h2", { id: "check-title" }, [found === "checking" ? texts.checkHeading : found === "complete" ? texts.complete : texts.incomplete]);
    fill(node, [element("span", { class: "seal", "aria-hidden": "true" }), element("div", {}, [title, ...details(page)])]);
  };
  draw();
  page.watch(draw);
  return node;
}

/**
 * @param {Page} page
 * @returns {HTMLElement[]}
 */
function details(page) {
  const { reader, state } = page;
  const { texts, language } = reader;
  const found = verdict(page);
  if (found === "complete") {
    return [element("p", {}, [counted(texts.completeText, state.description?.files.length ?? 0, language)])];
  }
  const running = state.complete === null ? [progress(page)] : [];
  if (found === "checking") return [element("p", {}, [texts.checkingText]), ...running];
  return [element("p", {}, [texts.incompleteText]), element("ul", { class: "findings" }, state.findings.map((each) => findingNode(each, page))), ...running];
}

/** @param {Page} page */
function progress(page) {
  const text = filled(page.reader.texts.checking, { percent: percent(page) });
  return element("div", { class: "progress" }, [
    element("progress", { max: 1, value: page.state.part, "aria-label": page.reader.texts.checkHeading }),
    element("span", {}, [text]),
  ]);
}

/**
 * @param {Finding} finding
 * @param {Page} page
 */
function findingNode({ kind, file }, { reader: { texts } }) {
  return element("li", { "data-finding": kind }, [
    element("code", {}, [element("bdi", {}, [file || texts.wholePackage])]),
    " ",
    texts.findings[kind],
  ]);
}
