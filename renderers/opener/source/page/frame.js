/** What surrounds every screen: where one can go, the state of the check, and the language. */

import { checkBadge, verdict } from "./check.js";
import { button, element, fill, give } from "./dom.js";
import { numberFormat } from "./formats.js";
import { foreign, placeOf } from "./page.js";
import { isSpoken, LANGUAGES } from "../texts/texts.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Place} Place */
/** @typedef {import("../texts/texts.js").Language} Language */

/**
 * @typedef {object} Actions
 * @property {(language: Language) => void} speak
 * @property {() => void} close
 */

/**
 * @param {Page} page
 * @param {Actions} actions
 */
export function frame(page, actions) {
  const content = element("main", { id: "content", tabindex: -1 });
  const skip = button(page.reader.texts.skip, () => content.focus(), { class: "skip" });
  if (page.place.screen === "start") {
    const top = element("header", { class: "top" }, [brand(page), element("span", { class: "grow" }), languageSelect(page, actions)]);
    return { nodes: [skip, top, content], content, draw: () => {}, mark: () => {} };
  }
  const nav = navigation(page);
  const badge = checkBadge(page, () => page.go({ screen: "overview" }));
  const menu = button(page.reader.texts.menu, () => {
    const open = nav.node.classList.toggle("open");
    give(menu, { "aria-expanded": open ? "true" : "false" });
  }, { class: "menu plain", "aria-expanded": "false", "aria-controls": "navigation" });
  const top = element("header", { class: "top" }, [
    menu,
    brand(page),
    element("span", { class: "grow" }),
    badge.node,
    languageSelect(page, actions),
    closeButton(page, actions),
  ]);
  const mark = () => {
    nav.node.classList.remove("open");
    give(menu, { "aria-expanded": "false" });
    nav.mark();
  };
  return { nodes: [skip, top, element("div", { class: "middle" }, [nav.node, content])], content, draw: badge.draw, mark };
}

/**
 * @param {Page} page
 * @param {Actions} actions
 */
function closeButton({ reader: { texts } }, { close }) {
  const label = { "aria-label": texts.close, title: texts.close };
  return element("button", { type: "button", class: "plain", id: "close", ...label, onclick: close }, [
    element("span", { class: "when-wide" }, [texts.close]),
    element("span", { class: "when-narrow", "aria-hidden": "true" }, ["\u2715"]),
  ]);
}

/** @param {Page} page */
function brand(page) {
  const name = page.state.description?.controller.name;
  return element("div", { class: "brand" }, [element("bdi", {}, [name ?? page.reader.texts.title])]);
}

/**
 * @param {Page} page
 * @param {Actions} actions
 */
function languageSelect(page, { speak }) {
  const options = Object.entries(LANGUAGES).map(([tag, name]) =>
    element("option", { value: tag, lang: tag, selected: tag === page.reader.language }, [name]),
  );
  const select = element("select", { id: "language", "aria-label": page.reader.texts.language }, options);
  select.addEventListener("change", () => {
    if (isSpoken(select.value)) speak(select.value);
  });
  return select;
}

/** @param {Page} page */
function navigation(page) {
  const { texts, language } = page.reader;
  const own = foreign(page);
  const datasets = (page.state.description?.datasets ?? []).filter((dataset) => dataset.records > 0 || dataset.keptBeside > 0);
  /** @type {[Place, Node[]][]} */
  const general = [
    [{ screen: "overview" }, [document.createTextNode(texts.overview)]],
    [{ screen: "search", text: "" }, [document.createTextNode(texts.search)]],
    [{ screen: "files" }, [document.createTextNode(texts.files)]],
  ];
  /** @type {[Place, Node[]][]} */
  const tables = datasets.map((dataset) => [
    placeOf(dataset),
    [element("span", own, [dataset.title]), element("span", { class: "count" }, [numberFormat(language, {}).format(dataset.records)])],
  ]);
  const controls = new Map([...general, ...tables].map(([place, label]) => [place, element("button", { type: "button", "data-go": nameOfPlace(place), onclick: () => page.go(place) }, label)]));
  /** @param {[Place, Node[]][]} places */
  const list = (places) => element("ul", {}, places.map(([place]) => element("li", {}, [controls.get(place) ?? ""])));
  const mark = () => {
    for (const [place, control] of controls) {
      give(control, { "aria-current": nameOfPlace(place) === nameOfPlace(page.place) ? "page" : null });
    }
  };
  const node = element("nav", { id: "navigation", "aria-label": texts.menu });
  fill(node, [list(general), tables.length ? element("h2", { id: "datasets-title" }, [texts.datasets]) : null, labelled(list(tables))]);
  mark();
  return { node, mark };
}

/** @param {HTMLElement} list */
function labelled(list) {
  give(list, { id: "datasets", "aria-labelledby": "datasets-title" });
  return list.childElementCount ? list : null;
}

/**
 * @param {Place} place
 * @returns {string}
 */
export function nameOfPlace(place) {
  return place.screen === "dataset" ? `dataset:${place.dataset}` : place.screen;
}

/**
 * What is announced of the check: its end and every problem, not each step.
 * @param {Page} page
 */
export function checkSpoken(page) {
  const { texts } = page.reader;
  return { checking: "", complete: texts.complete, incomplete: texts.incomplete }[verdict(page)];
}
