/** The head of a table: a button to sort and a field to filter for each column. */

import { element, fill, give } from "./dom.js";
import { filled } from "../texts/texts.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("../protocol.js").Arrangement} Arrangement */
/** @typedef {import("./values.js").Reader} Reader */

/**
 * @typedef {object} HeadSettings
 * @property {ReadonlyArray<Field>} fields
 * @property {Reader} reader
 * @property {{lang?: string}} foreign
 * @property {Arrangement} arrangement at the beginning
 * @property {(sort: Arrangement["sort"]) => void} onSort
 * @property {(filters: Arrangement["filters"]) => void} onFilter
 */

const PAUSE = 250;

/** @param {HeadSettings} settings */
export function tableHead(settings) {
  const { fields, arrangement } = settings;
  let sort = arrangement.sort;
  const headers = fields.map((field, at) => element("div", { role: "columnheader", class: `cell ${field.kind}`, "aria-colindex": at + 1 }));
  const draw = () => headers.forEach((header, at) => drawHeader(header, fields[at], sort, settings));
  headers.forEach((header, at) => {
    const field = fields[at];
    if (!field) return;
    const title = element("button", { type: "button", ...settings.foreign, "data-sort": field.name, onclick: () => {
      sort = nextSort(sort, field.name);
      draw();
      settings.onSort(sort);
    } });
    header.append(title);
  });
  draw();
  const node = element("div", { role: "rowgroup", class: "grid-head" }, [
    element("div", { role: "row", class: "grid-row", "aria-rowindex": 1 }, headers),
    filterRow(settings),
  ]);
  return { node };
}

/**
 * @param {HTMLElement} header
 * @param {Field|undefined} field
 * @param {Arrangement["sort"]} sort
 * @param {HeadSettings} settings
 */
function drawHeader(header, field, sort, settings) {
  const control = header.querySelector("button");
  if (!field || !control) return;
  const mine = sort?.field === field.name ? sort : null;
  const order = mine === null ? "none" : mine.descending ? "descending" : "ascending";
  const next = { none: "sortUp", ascending: "sortDown", descending: "sortNone" };
  const text = settings.reader.texts[/** @type {"sortUp"|"sortDown"|"sortNone"} */ (next[order])];
  give(header, { "aria-sort": order });
  give(control, { title: filled(text, { title: field.title }) });
  const arrow = { none: "\u2195", ascending: "\u2191", descending: "\u2193" }[order];
  fill(control, [element("span", { class: "column-title" }, [field.title]), element("span", { class: "arrow", "aria-hidden": "true" }, [arrow])]);
}

/**
 * @param {Arrangement["sort"]} sort
 * @param {string} field
 * @returns {Arrangement["sort"]}
 */
function nextSort(sort, field) {
  if (sort?.field !== field) return { field, descending: false };
  return sort.descending ? null : { field, descending: true };
}

/** @param {HeadSettings} settings */
function filterRow({ fields, reader, arrangement, onFilter }) {
  const texts = new Map(arrangement.filters.map(({ field, contains }) => [field, contains]));
  let timer = 0;
  const tell = () => onFilter([...texts].filter(([, contains]) => contains).map(([field, contains]) => ({ field, contains })));
  const cells = fields.map((field, at) => {
    const input = element("input", {
      type: "search",
      value: texts.get(field.name) ?? "",
      "data-filter": field.name,
      "aria-label": filled(reader.texts.filter, { title: field.title }),
      placeholder: reader.texts.filterShort,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => {
        texts.set(field.name, input.value.trim());
        clearTimeout(timer);
        timer = window.setTimeout(tell, PAUSE);
      },
    });
    return element("div", { role: "gridcell", class: "cell filter", "aria-colindex": at + 1 }, [input]);
  });
  return element("div", { role: "row", class: "grid-row filters", "aria-rowindex": 2 }, cells);
}
