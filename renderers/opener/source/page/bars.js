/** Records a month as bars, with the same as a table for whoever does not see them. */

import { button, drawing, element } from "./dom.js";
import { barsOf } from "./periods.js";
import { numberFormat } from "./formats.js";
import { monthText } from "./values.js";
import { filled } from "../texts/texts.js";

/** @typedef {import("./periods.js").Bars} Bars */
/** @typedef {import("./values.js").Reader} Reader */

const HEIGHT = 64;
const STEP = 10;
const GAP = 2;
const LOWEST = 1.5;

/**
 * @param {ReadonlyArray<{month: string, records: number}>} months
 * @param {Reader} reader
 * @param {(when: string) => void} narrow to a month or a year
 * @returns {HTMLElement|null} null where there is nothing to compare
 */
export function barsFigure(months, reader, narrow) {
  const bars = barsOf(months);
  if (!bars) return null;
  const { texts, language } = reader;
  const monthly = bars.unit === "month";
  /** @param {string|undefined} when */
  const named = (when) => monthText(when ?? "", language);
  const [first, last] = [bars.bars[0]?.when, bars.bars.at(-1)?.when];
  const label = filled(monthly ? texts.monthsLabel : texts.yearsLabel, {
    from: named(first),
    to: named(last),
    most: numberFormat(language, {}).format(bars.most.records),
    when: named(bars.most.when),
  });
  return element("figure", { class: "bars", id: "bars" }, [
    element("figcaption", {}, [monthly ? texts.months : texts.years]),
    drawn(bars, label, { reader, narrow }),
    element("div", { class: "axis", "aria-hidden": "true" }, [element("span", {}, [named(first)]), element("span", {}, [named(last)])]),
    asTable(bars, { reader, narrow }),
  ]);
}

/** @typedef {{reader: Reader, narrow: (when: string) => void}} Use */

/**
 * @param {Bars} bars
 * @param {string} label
 * @param {Use} use
 */
function drawn({ bars, most }, label, { reader, narrow }) {
  const shapes = bars.map(({ when, records }, at) => {
    const height = records === 0 ? 0 : Math.max(LOWEST, (records / most.records) * HEIGHT);
    const place = { x: at * STEP, width: STEP };
    const text = `${monthText(when, reader.language)}: ${numberFormat(reader.language, {}).format(records)}`;
    return drawing("g", records ? { onclick: () => narrow(when) } : {}, [
      drawing("title", {}, [text]),
      drawing("rect", { class: "behind", y: 0, height: HEIGHT, ...place }),
      drawing("rect", { class: "bar", x: at * STEP + GAP / 2, y: HEIGHT - height, width: STEP - GAP, height, rx: 1 }),
    ]);
  });
  const box = `0 0 ${bars.length * STEP} ${HEIGHT}`;
  return drawing("svg", { role: "img", "aria-label": label, viewBox: box, preserveAspectRatio: "none" }, shapes);
}

/**
 * @param {Bars} bars
 * @param {Use} use
 */
function asTable({ bars, unit }, { reader, narrow }) {
  const { texts, language } = reader;
  const rows = bars
    .filter(({ records }) => records > 0)
    .map(({ when, records }) => {
      const name = monthText(when, language);
      const control = button(name, () => narrow(when), { class: "link", title: filled(texts.narrow, { when: name }) });
      return element("tr", {}, [
        element("th", { scope: "row" }, [control]),
        element("td", { class: "number" }, [numberFormat(language, {}).format(records)]),
      ]);
    });
  const head = [unit === "month" ? texts.month : texts.year, texts.number].map((title) => element("th", { scope: "col" }, [title]));
  return element("details", {}, [
    element("summary", {}, [texts.asTable]),
    element("table", {}, [element("thead", {}, [element("tr", {}, head)]), element("tbody", {}, rows)]),
  ]);
}
