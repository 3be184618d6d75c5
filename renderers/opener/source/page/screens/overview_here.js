/** Each dataset with records, how many, and from when. */

import { element, fill } from "../dom.js";
import { foreign, placeOf } from "../page.js";
import { readiness } from "../state.js";
import { dayOf } from "../values.js";
import { counted, filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Dataset} Dataset */
/** @typedef {import("../../protocol.js").Description} Description */

/**
 * @param {Description} description
 * @param {Page} page
 */
export function hereNode({ datasets }, page) {
  const { texts, language } = page.reader;
  const present = datasets.filter((dataset) => dataset.records > 0);
  const empty = datasets.filter((dataset) => dataset.records === 0);
  const records = present.reduce((sum, dataset) => sum + dataset.records, 0);
  const summary = filled(texts.hereText, {
    records: counted(texts.records, records, language),
    datasets: counted(texts.inDatasets, present.length, language),
  });
  return element("section", { id: "here", "aria-labelledby": "here-title" }, [
    element("h2", { id: "here-title" }, [texts.here]),
    element("p", {}, [present.length ? summary : texts.nothingHere]),
    element("ul", { class: "cards" }, present.map((dataset) => cardNode(dataset, page))),
    empty.length ? emptyNode(empty, page) : null,
  ]);
}

/**
 * @param {Dataset} dataset
 * @param {Page} page
 */
function cardNode(dataset, page) {
  const { texts, language } = page.reader;
  const state = element("span", { class: "card-state" });
  const control = element("button", { type: "button", class: "card", "data-dataset": dataset.name, onclick: () => page.go(placeOf(dataset)) }, [
    element("strong", foreign(page), [dataset.title]),
    element("span", { class: "card-facts" }, [
      element("span", { class: "count" }, [counted(texts.records, dataset.records, language)]),
      element("span", { class: "period" }, [periodText(dataset, page)]),
    ]),
    state,
  ]);
  const draw = () => {
    const now = readiness(page.state, dataset);
    control.dataset["readiness"] = now;
    fill(state, [now === "refused" ? texts.notShown : ""]);
  };
  draw();
  page.watch(draw);
  return element("li", {}, [control]);
}

/**
 * @param {Dataset} dataset
 * @param {Page} page
 */
export function periodText({ from, to }, page) {
  if (from === null || to === null) return "";
  const days = { from: dayOf(from, page.reader), to: dayOf(to, page.reader) };
  return days.from === days.to ? filled(page.reader.texts.periodOne, days) : filled(page.reader.texts.period, days);
}

/**
 * @param {Dataset[]} datasets
 * @param {Page} page
 */
function emptyNode(datasets, page) {
  const titles = datasets.map((dataset) => element("li", foreign(page), [dataset.title]));
  return element("details", {}, [element("summary", {}, [page.reader.texts.emptyDatasets]), element("ul", {}, titles)]);
}
