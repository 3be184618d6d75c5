/** Page one: who answered whom, what is here, what is not and why, and whom to ask. */

import { checkCard } from "../check.js";
import { element } from "../dom.js";
import { askNode, whyNode } from "./overview_terms.js";
import { hereNode } from "./overview_here.js";
import { notHereNode } from "./overview_not_here.js";
import { promisesNode } from "./overview_promises.js";
import { instantText } from "../values.js";
import { lawText } from "../page.js";
import { filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Description} Description */

const MOST_IDENTIFIERS = 6;

/** @param {Page} page */
export function overviewScreen(page) {
  const { description } = page.state;
  const { texts } = page.reader;
  if (!description) {
    return element("div", { class: "overview" }, [
      element("h1", { id: "screen-title", tabindex: -1 }, [texts.overview]),
      checkCard(page),
    ]);
  }
  return element("div", { class: "overview" }, [
    element("header", { class: "hero" }, [
      element("h1", { id: "screen-title", tabindex: -1 }, [filled(texts.answered, { name: description.controller.name })]),
      factsNode(description, page),
    ]),
    checkCard(page),
    hereNode(description, page),
    notHereNode(description, page),
    description.promises.length ? promisesNode(description, page) : null,
    whyNode(description, page),
    askNode(description, page),
  ]);
}

/**
 * @param {Description} description
 * @param {Page} page
 */
function factsNode(description, page) {
  const { texts } = page.reader;
  const rights = new Map(Object.entries(texts.rights));
  const { controller } = description;
  /** @type {[string, (Node|string)[]][]} */
  const facts = [
    [texts.right, [filled(rights.get(description.right) ?? description.right, { gdpr: lawText(page) })]],
    [texts.date, [instantText(description.created, page.reader)]],
    [texts.reference, [element("span", { class: "reference" }, [description.reference])]],
    [texts.timeZone, [controller.timeZone]],
    [texts.madeWith, [description.software]],
    [texts.searchedWith, [identifiersNode(description, page)]],
  ];
  return element("dl", { class: "facts" }, facts.map(([title, text]) => element("div", {}, [element("dt", {}, [title]), element("dd", {}, text)])));
}

/**
 * @param {Description} description
 * @param {Page} page
 */
function identifiersNode({ identifiers }, { reader: { texts } }) {
  const kinds = new Map(Object.entries(texts.identifiers));
  /** @type {Map<string, string[]>} */
  const byKind = new Map();
  for (const { kind, title, value } of identifiers) {
    const name = kinds.get(kind) ?? (title || kind.replaceAll("_", " "));
    const values = byKind.get(name) ?? [];
    if (!values.includes(value)) byKind.set(name, [...values, value]);
  }
  const lines = [...byKind].map(([kind, values]) => {
    const name = element("span", { class: "kind" }, [filled(texts.identifierKind, { kind })]);
    return element("li", {}, [name, " ", ...valueNodes(values)]);
  });
  return element("ul", { class: "plain-list" }, lines);
}

/**
 * The first values, and the others once they are asked for.
 * @param {string[]} values
 */
function valueNodes(values) {
  const [first, rest] = [values.slice(0, MOST_IDENTIFIERS), values.slice(MOST_IDENTIFIERS)];
  const shown = element("bdi", {}, [first.join(", ")]);
  if (!rest.length) return [shown];
  return [shown, element("details", { class: "rest" }, [element("summary", {}, [`+ ${rest.length}`]), element("bdi", {}, [rest.join(", ")])])];
}

