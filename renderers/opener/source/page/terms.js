/** Why a dataset is held, who received it, and how long it is kept. */

import { element } from "./dom.js";
import { foreign, lawText } from "./page.js";
import { filled } from "../texts/texts.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../protocol.js").Terms} Terms */

/**
 * @param {Terms} terms
 * @param {Page} page
 */
export function termsNode(terms, page) {
  const { texts, language } = page.reader;
  const bases = new Map(Object.entries(texts.legalBases));
  const own = foreign(page);
  /** @type {[string, HTMLElement[]][]} */
  const parts = [
    [texts.purposes, terms.purposes.map(({ title, description }) => entryNode(title, description, own))],
    [texts.legalBasis, terms.legalBases.map((basis) => element("li", bases.has(basis) ? {} : own, [filled(bases.get(basis) ?? basis, { gdpr: lawText(page) })]))],
    [texts.recipients, terms.recipients.map(({ name, description, country }) => entryNode(country ? `${name} (${countryText(country, language)})` : name, description, own))],
    [texts.storage, terms.storage.map(({ title, description }) => entryNode(title, description, own))],
    [texts.sources, terms.sources.map((source) => element("li", own, [source]))],
  ];
  const always = [texts.purposes, texts.recipients, texts.storage];
  const shown = parts.filter(([title, entries]) => entries.length > 0 || always.includes(title));
  return element("dl", { class: "terms" }, shown.flatMap(([title, entries]) => [
    element("dt", {}, [title]),
    element("dd", {}, [entries.length ? element("ul", {}, entries) : texts.notSaid]),
  ]));
}

/**
 * @param {string} title
 * @param {string} description
 * @param {{lang?: string}} own
 */
function entryNode(title, description, own) {
  return element("li", own, [element("strong", {}, [title || description]), title && description ? ` \u2013 ${description}` : null]);
}

/**
 * @param {string} code
 * @param {string} language
 */
export function countryText(code, language) {
  try {
    return new Intl.DisplayNames(language, { type: "region" }).of(code) ?? code;
  } catch {
    return code; // Not the code of a country.
  }
}
