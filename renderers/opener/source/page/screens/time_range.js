/** From which day until which day records are shown. */

import { element } from "../dom.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {{since: string|null, until: string|null}} Days */

/**
 * @param {Days} days at the beginning
 * @param {Page} page
 * @param {(days: Days) => void} changed
 */
export function timeRange(days, page, changed) {
  const { texts } = page.reader;
  /** @param {string} id */
  const input = (id) => element("input", { type: "date", id, min: "0001-01-01", max: "9999-12-31" });
  const [since, until] = [input("since"), input("until")];
  const read = () => ({ since: since.value || null, until: until.value || null });
  /** @param {Days} wanted */
  const set = (wanted) => {
    since.value = wanted.since ?? "";
    until.value = wanted.until ?? "";
  };
  set(days);
  for (const each of [since, until]) each.addEventListener("change", () => changed(read()));
  const node = element("div", { class: "range" }, [
    element("span", {}, [element("label", { for: "since" }, [texts.since]), " ", since]),
    element("span", {}, [element("label", { for: "until" }, [texts.until]), " ", until]),
  ]);
  return { node, set };
}
