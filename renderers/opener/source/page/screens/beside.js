/** Rows that do not match their schema, as they are stored, some at a time. */

import { button, element } from "../dom.js";
import { nameOf, saveButton, whyNot } from "../save.js";
import { structureNode } from "../structure.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Dataset} Dataset */

const AT_ONCE = 20;

/**
 * @param {Page} page
 * @param {Dataset} dataset
 */
export function besideNode(page, dataset) {
  const { texts } = page.reader;
  const list = element("ol", { class: "beside" });
  let shown = 0;
  const add = async () => {
    try {
      const { rows } = await page.ask({ T: "beside", dataset: dataset.name, from: shown, count: AT_ONCE });
      list.append(...rows.map((row) => element("li", {}, [structureNode(row, page.reader)])));
      shown += rows.length;
      more.hidden = shown >= dataset.keptBeside || rows.length === 0;
    } catch (error) {
      list.append(element("li", {}, [whyNot(error, page)]));
    }
  };
  const more = button(texts.more, () => void add(), { class: "plain" });
  const { beside } = dataset.files;
  void add();
  return element("section", { id: "beside", "aria-labelledby": "beside-title" }, [
    element("h2", { id: "beside-title" }, [texts.besideHeading]),
    element("p", {}, [texts.besideText]),
    list,
    element("div", { class: "saving" }, [
      more,
      beside === null ? null : saveButton(page, texts.save, { name: nameOf(beside), obtain: () => page.ask({ T: "file", path: beside }) }),
    ]),
  ]);
}
