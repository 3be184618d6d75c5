/** One record, whole, in a dialog beside the table. */

import { button, element, fill } from "./dom.js";
import { filled } from "../texts/texts.js";
import { numberFormat } from "./formats.js";
import { foreign } from "./page.js";
import { recordFields } from "./record_fields.js";
import { relatedNodes } from "./related.js";
import { datasetOf } from "./state.js";
import { whyNot } from "./save.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Opened} Opened */

/**
 * @param {Page} page
 * @param {(position: number|null) => void} closed with where it was, if it is still the record first opened or one beside
 */
export function recordDialog(page, closed) {
  const content = element("div", { class: "record-content" });
  const dialog = element("dialog", { id: "record", class: "record", "aria-labelledby": "record-title" }, [content]);
  /** @type {Opened[]} */
  const trail = [];
  const close = () => dialog.close();
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  dialog.addEventListener("close", () => {
    const first = trail[0];
    const only = trail.length === 1 && first ? first.position : null;
    trail.length = 0;
    dialog.remove();
    closed(only);
  });
  const back = () => {
    trail.pop();
    void draw();
  };
  const draw = async () => {
    const opened = trail.at(-1);
    if (opened) await drawRecord({ page, opened, content, close, back: trail.length > 1 ? back : null, step });
    if (opened && opened === trail.at(-1)) content.querySelector("h2")?.focus();
  };
  /** @param {number} by */
  const step = (by) => {
    const opened = trail.at(-1);
    if (opened) trail[trail.length - 1] = { ...opened, position: opened.position + by };
    void draw();
  };
  /** @param {Opened} opened */
  const open = (opened) => {
    trail.push(opened);
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    void draw();
  };
  return { open, close };
}

/**
 * @typedef {object} Drawn
 * @property {Page} page
 * @property {Opened} opened
 * @property {HTMLElement} content
 * @property {() => void} close
 * @property {(() => void)|null} back
 * @property {(by: number) => void} step
 */

/** @param {Drawn} drawn */
async function drawRecord(drawn) {
  const { page, opened, content } = drawn;
  const dataset = datasetOf(page.state, opened.dataset);
  if (!dataset) return;
  try {
    const index = await opened.indexAt(opened.position);
    const { record, related } = await page.ask({ T: "record", dataset: dataset.name, index });
    const shown = { record, reader: page.reader, foreign: foreign(page) };
    const fields = recordFields(dataset.fields, shown);
    fill(content, [barNode(drawn), headingNode(drawn, dataset.title), ...fields, ...relatedNodes(related, page)]);
  } catch (error) {
    fill(content, [barNode(drawn), headingNode(drawn, dataset.title), element("p", { role: "alert" }, [whyNot(error, page)])]);
  }
  content.scrollTop = 0;
}

/**
 * @param {Drawn} drawn
 * @param {string} title
 */
function headingNode({ page, opened }, title) {
  const { texts, language } = page.reader;
  const format = numberFormat(language, {});
  const place = filled(texts.recordOf, { n: format.format(opened.position + 1), all: format.format(opened.count) });
  return element("h2", { id: "record-title", tabindex: -1 }, [
    element("span", foreign(page), [title]),
    " ",
    element("small", {}, [`${texts.record} ${place}`]),
  ]);
}

/** @param {Drawn} drawn */
function barNode({ page, opened, close, back, step }) {
  const { texts } = page.reader;
  const { position, count } = opened;
  return element("div", { class: "record-bar" }, [
    back ? button("\u21a9", back, { class: "icon", "aria-label": texts.back, title: texts.back }) : null,
    button("\u2191", () => step(-1), { class: "icon", "aria-label": texts.previous, title: texts.previous, disabled: position === 0 }),
    button("\u2193", () => step(1), { class: "icon", "aria-label": texts.next, title: texts.next, disabled: position + 1 >= count }),
    element("span", { class: "grow" }),
    button("\u2715", close, { class: "icon", "aria-label": texts.closeRecord, title: texts.closeRecord }),
  ]);
}
