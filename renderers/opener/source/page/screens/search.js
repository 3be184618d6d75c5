/** Search over every value of every record, with the results by dataset. */

import { button, element, fill, give } from "../dom.js";
import { numberFormat } from "../formats.js";
import { excerpt, parts } from "../highlight.js";
import { AS_IN_PACKAGE, foreign } from "../page.js";
import { whyNot } from "../save.js";
import { datasetOf } from "../state.js";
import { visible } from "../values.js";
import { counted, filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Hits} Hits */
/** @typedef {import("../../protocol.js").Dataset} Dataset */
/** @typedef {{screen: "search", text: string}} SearchPlace */

/** Until the texts are prepared, a search takes longer than somebody types a letter. */
const PAUSE = 150;
const LIMIT = 20;
const SHOWN = 5;

/**
 * @param {Page} page
 * @param {SearchPlace} place
 */
export function searchScreen(page, place) {
  const { texts } = page.reader;
  const input = element("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", "aria-describedby": "search-hint", value: place.text });
  const status = element("p", { id: "search-status", role: "status", class: "shown" });
  const preparing = element("p", { id: "search-preparing", class: "hint" });
  const results = element("div", { id: "results" });
  const run = searcher({ page, place, status, results });
  let timer = 0;
  input.addEventListener("input", () => {
    place.text = input.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => void run(), page.state.searchable ? 0 : PAUSE);
  });
  const draw = () => {
    const { searchable, complete } = page.state;
    const text = complete === null ? texts.searchLoading : searchable ? "" : texts.searchPreparing;
    if (preparing.textContent !== text) fill(preparing, [text]);
  };
  let known = page.state.tables.size;
  draw();
  page.watch(() => {
    draw();
    // A dataset that can be searched from now on may have more.
    if (known !== page.state.tables.size) void run();
    known = page.state.tables.size;
  });
  void run();
  return element("div", { class: "search" }, [
    element("h1", { id: "screen-title", tabindex: -1 }, [texts.search]),
    element("div", { role: "search" }, [
      element("label", { for: "search" }, [texts.searchLabel]),
      input,
      element("p", { id: "search-hint", class: "hint" }, [texts.searchHint]),
    ]),
    preparing,
    status,
    results,
  ]);
}

/**
 * @param {{page: Page, place: SearchPlace, status: HTMLElement, results: HTMLElement}} parts
 */
function searcher({ page, place, status, results }) {
  let newest = 0;
  return async () => {
    const { texts } = page.reader;
    newest += 1;
    const mine = newest;
    const text = place.text.trim();
    if (!text) {
      fill(status, []);
      fill(results, []);
      return;
    }
    try {
      const { hits } = await page.ask({ T: "search", text, limit: LIMIT });
      if (mine !== newest) return;
      const found = hits.filter(({ count }) => count > 0);
      fill(status, [summary(found, text, page)]);
      fill(results, found.map((each) => groupNode(each, text, page)));
    } catch (error) {
      if (mine === newest) fill(status, [whyNot(error, page) || texts.failed]);
    }
  };
}

/**
 * @param {ReadonlyArray<Hits>} hits
 * @param {string} text
 * @param {Page} page
 */
function summary(hits, text, { reader: { texts, language } }) {
  if (!hits.length) return filled(texts.foundNothing, { text });
  const count = hits.reduce((sum, each) => sum + each.count, 0);
  return filled(texts.found, {
    records: counted(texts.records, count, language),
    datasets: counted(texts.inDatasets, hits.length, language),
  });
}

/**
 * @param {Hits} hits
 * @param {string} text
 * @param {Page} page
 */
function groupNode(hits, text, page) {
  const dataset = datasetOf(page.state, hits.dataset);
  if (!dataset) return null;
  const { texts, language } = page.reader;
  const list = element("ul", {}, hits.first.map((_, at) => hitNode({ hits, dataset, page }, at, text)));
  const later = [...list.children].slice(SHOWN);
  /** @param {boolean} hidden */
  const fold = (hidden) => later.forEach((each) => give(each, { hidden }));
  fold(true);
  const more = button(texts.more, () => {
    fold(false);
    more.remove();
    later[0]?.querySelector("button")?.focus();
    rest.hidden = hits.count <= hits.first.length;
  }, { class: "link" });
  const rest = allNode({ hits, dataset, page }, text);
  rest.hidden = true;
  return element("section", { class: "hits", "data-dataset": dataset.name }, [
    element("h2", {}, [
      element("span", foreign(page), [dataset.title]),
      " ",
      element("span", { class: "count" }, [counted(texts.records, hits.count, language)]),
    ]),
    list,
    later.length ? more : null,
    rest,
  ]);
}

/** @typedef {{hits: Hits, dataset: Dataset, page: Page}} Group */

/**
 * @param {Group} group
 * @param {number} at
 * @param {string} text
 */
function hitNode({ hits, dataset, page }, at, text) {
  const hit = hits.first[at];
  if (!hit) return null;
  const title = dataset.fields.find((field) => field.name === hit.field)?.title ?? hit.field;
  const open = () =>
    page.openRecord({
      dataset: dataset.name,
      position: at,
      count: hits.first.length,
      indexAt: async (position) => hits.first[position]?.index ?? hit.index,
    });
  const found = parts(visible(excerpt(hit.text, text)), text);
  const marked = found.map((part) => (part.hit ? element("mark", {}, [part.text]) : part.text));
  const control = element("button", { type: "button", class: "hit", "data-index": hit.index, onclick: open }, [
    element("span", { class: "hit-field", ...foreign(page) }, [filled(page.reader.texts.hitIn, { title })]),
    " ",
    element("bdi", { class: "hit-text", dir: "auto" }, marked),
    " ",
    element("span", { class: "hit-record" }, [filled(page.reader.texts.hitRecord, { n: numberFormat(page.reader.language, {}).format(hit.index + 1) })]),
  ]);
  return element("li", {}, [control]);
}

/**
 * The dataset with only the records that match, where all hits are in one column.
 * @param {Group} group
 * @param {string} text
 */
function allNode({ hits, dataset, page }, text) {
  const fields = new Set(hits.first.map(({ field }) => field));
  const [only = ""] = fields;
  const filters = fields.size === 1 ? [{ field: only, contains: text }] : [];
  const go = () => page.go({ screen: "dataset", dataset: dataset.name, arrangement: { ...AS_IN_PACKAGE, filters } });
  return element("button", { type: "button", class: "link", onclick: go }, [page.reader.texts.moreHits]);
}
