/** The records that a record belongs to, and those that belong to it, as links. */

import { button, element } from "./dom.js";
import { numberFormat } from "./formats.js";
import { foreign } from "./page.js";
import { recordInBrief } from "./record_fields.js";
import { datasetOf } from "./state.js";

/** @typedef {import("../protocol.js").Related} Related */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("./page.js").Page} Page */

const AT_ONCE = 10;

/**
 * @param {ReadonlyArray<Related>} related
 * @param {Page} page
 * @returns {HTMLElement[]}
 */
export function relatedNodes(related, page) {
  const { texts } = page.reader;
  /** @type {["up"|"down", string][]} */
  const directions = [["up", texts.belongsTo], ["down", texts.belongsToIt]];
  return directions.flatMap(([direction, heading]) => {
    const groups = related.filter((each) => each.direction === direction && each.count > 0);
    const shown = groups.map((group) => groupNode(group, page)).filter((node) => node !== null);
    return shown.length ? [element("section", { class: "related" }, [element("h3", {}, [heading]), ...shown])] : [];
  });
}

/**
 * @param {Related} group
 * @param {Page} page
 */
function groupNode(group, page) {
  const dataset = datasetOf(page.state, group.dataset);
  if (!dataset) return null;
  const list = element("ul", {});
  const { texts, language } = page.reader;
  const more = button(texts.more, () => add(), { class: "link" });
  let shown = 0;
  const add = () => {
    const next = group.indexes.slice(shown, shown + AT_ONCE);
    list.append(...next.map((index, at) => linkNode({ dataset, group, page }, index, shown + at)));
    shown += next.length;
    more.hidden = shown >= group.indexes.length;
  };
  add();
  const count = numberFormat(language, {}).format(group.count);
  return element("div", {}, [
    element("h4", {}, [element("span", foreign(page), [dataset.title]), " ", element("span", { class: "count" }, [count])]),
    list,
    more,
  ]);
}

/**
 * @param {{dataset: Dataset, group: Related, page: Page}} place
 * @param {number} index
 * @param {number} position in the group
 */
function linkNode({ dataset, group, page }, index, position) {
  const { texts, language } = page.reader;
  const text = element("bdi", {}, [`${texts.record} ${numberFormat(language, {}).format(index + 1)}`]);
  const open = () =>
    page.openRecord({
      dataset: dataset.name,
      position,
      count: group.indexes.length,
      indexAt: async (at) => group.indexes[at] ?? index,
    });
  page
    .ask({ T: "record", dataset: dataset.name, index })
    .then(({ record }) => {
      text.textContent = recordInBrief(dataset.fields, record, page.reader) || text.textContent;
    })
    .catch(() => {}); // Its number is a name too.
  const control = element("button", { type: "button", class: "related-link", onclick: open }, [text]);
  return element("li", {}, [control]);
}
