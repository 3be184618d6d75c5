/** One dataset: its records as a table to sort, filter and open, and everything the package says about it. */

import { barsFigure } from "../bars.js";
import { button, element, fill } from "../dom.js";
import { numberFormat } from "../formats.js";
import { AS_IN_PACKAGE, foreign } from "../page.js";
import { daysOf } from "../periods.js";
import { nameOf, saveButton, whyNot } from "../save.js";
import { readiness } from "../state.js";
import { createTable } from "../table.js";
import { termsNode } from "../terms.js";
import { counted, filled } from "../../texts/texts.js";
import { besideNode } from "./beside.js";
import { periodText } from "./overview_here.js";
import { timeRange } from "./time_range.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Dataset} Dataset */
/** @typedef {import("../../protocol.js").Arrangement} Arrangement */
/** @typedef {{screen: "dataset", dataset: string, arrangement: Arrangement}} DatasetPlace */

/**
 * @param {Page} page
 * @param {Dataset} dataset
 * @param {DatasetPlace} place
 */
export function datasetScreen(page, dataset, place) {
  const { texts, language } = page.reader;
  const own = foreign(page);
  const records = element("div", { class: "records" });
  const period = periodText(dataset, page);
  const count = counted(texts.records, dataset.records, language);
  let drawn = "";
  const draw = () => {
    const now = readiness(page.state, dataset);
    if (now === drawn) return;
    drawn = now;
    fill(records, now === "ready" ? recordsNodes(page, dataset, place) : [element("p", { role: "status" }, [now === "waiting" ? texts.waiting : texts.refused])]);
  };
  draw();
  page.watch(draw);
  return element("div", { class: "dataset" }, [
    element("h1", { id: "screen-title", tabindex: -1, ...own }, [dataset.title]),
    element("p", { class: "lead", ...own }, [dataset.description]),
    element("p", { class: "summary" }, [period ? `${count} \u00b7 ${period}` : count]),
    records,
    dataset.keptBeside > 0 ? besideNode(page, dataset) : null,
    element("section", { "aria-labelledby": "about-title" }, [element("h2", { id: "about-title" }, [texts.about]), termsNode(dataset.terms, page)]),
    columnsNode(page, dataset),
  ]);
}

/**
 * @param {Page} page
 * @param {Dataset} dataset
 * @param {DatasetPlace} place
 * @returns {HTMLElement[]}
 */
function recordsNodes(page, dataset, place) {
  if (dataset.records === 0) return [element("p", {}, [page.reader.texts.nothing]), savingNode(page, dataset)];
  const shown = element("p", { id: "shown", class: "shown", role: "status" });
  const bars = element("div", { class: "bars-place" });
  const range = dataset.periodField === null ? null : timeRange(place.arrangement, page, (days) => arrange(days));
  const clear = button(page.reader.texts.clear, () => page.go({ ...place, arrangement: AS_IN_PACKAGE }), { class: "link", id: "clear" });
  /** @param {Partial<Arrangement>} change */
  const arrange = (change) => {
    // The place keeps it, so that the table is the same after the language changes.
    place.arrangement = { ...place.arrangement, ...change };
    void load();
  };
  const positions = { indexAt: /** @type {(position: number) => Promise<number>} */ (async (position) => position), count: 0 };
  const table = createTable({
    fields: dataset.fields,
    reader: page.reader,
    foreign: foreign(page),
    arrangement: place.arrangement,
    onSort: (sort) => arrange({ sort }),
    onFilter: (filters) => arrange({ filters }),
    openRow: (position) => page.openRecord({ dataset: dataset.name, position, ...positions }),
  });
  const loader = viewLoader({ page, dataset, table, positions, shown });
  /** @param {string} when */
  const narrow = (when) => {
    range?.set(daysOf(when));
    arrange(daysOf(when));
  };
  const load = async () => {
    const months = await loader(place.arrangement);
    if (!months) return;
    clear.hidden = isWhole(place.arrangement);
    fill(bars, [barsFigure(months, page.reader, narrow)]);
  };
  void load();
  const help = element("p", { id: "grid-help", class: "hint" }, [page.reader.texts.tableHelp]);
  const printed = element("p", { class: "printed" }, [page.reader.texts.tablePrinted]);
  const tools = element("div", { class: "tools" }, [range?.node, shown, clear]);
  return [bars, tools, table.node, help, printed, savingNode(page, dataset)];
}

/** @param {Arrangement} arrangement */
function isWhole({ filters, since, until }) {
  return filters.length === 0 && since === null && until === null;
}

/**
 * @typedef {object} Loading
 * @property {Page} page
 * @property {Dataset} dataset
 * @property {import("../table.js").Table} table
 * @property {{indexAt: (position: number) => Promise<number>, count: number}} positions
 * @property {HTMLElement} shown
 */

/**
 * Arranges, and shows the newest of several arrangements only.
 * @param {Loading} loading
 */
function viewLoader({ page, dataset, table, positions, shown }) {
  let newest = 0;
  /** @param {Arrangement} arrangement */
  return async (arrangement) => {
    newest += 1;
    const mine = newest;
    const { name } = dataset;
    try {
      const { view, count, months } = await page.ask({ T: "arrange", dataset: name, arrangement });
      if (mine !== newest) return null;
      /** @type {import("../row_store.js").LoadRows} */
      const load = async (from, many) => (await page.ask({ T: "rows", dataset: name, view, from, count: many })).rows;
      positions.count = count;
      positions.indexAt = async (position) => (await load(position, 1))[0]?.index ?? 0;
      const label = filled(page.reader.texts.tableLabel, { title: dataset.title, records: counted(page.reader.texts.records, count, page.reader.language) });
      table.show(count, load, label);
      fill(shown, [shownText(count, dataset.records, page)]);
      return months;
    } catch (error) {
      fill(shown, [whyNot(error, page)]);
      return null;
    }
  };
}

/**
 * @param {number} count
 * @param {number} all
 * @param {Page} page
 */
function shownText(count, all, { reader: { texts, language } }) {
  if (count === 0) return texts.noMatch;
  if (count === all) return counted(texts.records, count, language);
  return filled(counted(texts.shown, count, language), { all: numberFormat(language, {}).format(all) });
}

/**
 * @param {Page} page
 * @param {Dataset} dataset
 */
function savingNode(page, { files }) {
  const { texts } = page.reader;
  /** @param {string} path */
  const saved = (path) => ({ name: nameOf(path), obtain: () => page.ask({ T: "file", path }) });
  return element("div", { class: "saving" }, [
    files.csv === null ? null : saveButton(page, texts.saveCsv, saved(files.csv)),
    saveButton(page, texts.saveJson, saved(files.json)),
    element("p", { class: "hint" }, [texts.unprotected]),
  ]);
}

/**
 * @param {Page} page
 * @param {Dataset} dataset
 */
function columnsNode(page, { fields }) {
  const { texts } = page.reader;
  const own = foreign(page);
  const lines = fields.map(({ title, description, origin }) =>
    element("div", {}, [
      element("dt", {}, [element("span", own, [title]), " ", element("span", { class: `origin ${origin}` }, [texts.origins[origin]])]),
      element("dd", own, [description]),
    ]),
  );
  return element("details", { class: "columns" }, [element("summary", {}, [texts.columns]), element("dl", {}, lines)]);
}
