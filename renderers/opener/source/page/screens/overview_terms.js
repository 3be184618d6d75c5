/** Why the data is held and who received it, and whom to ask. */

import { element } from "../dom.js";
import { foreign } from "../page.js";
import { countryText, termsNode } from "../terms.js";
import { filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../../protocol.js").Description} Description */

/**
 * @param {Description} description
 * @param {Page} page
 */
export function whyNode({ datasets }, page) {
  const { texts } = page.reader;
  const held = datasets.filter(({ terms, records }) => records > 0 || terms.purposes.length > 0 || terms.recipients.length > 0);
  if (!held.length) return null;
  const each = held.map((dataset) =>
    element("details", { class: "why" }, [element("summary", foreign(page), [dataset.title]), termsNode(dataset.terms, page)]),
  );
  return element("section", { id: "why", "aria-labelledby": "why-title" }, [
    element("h2", { id: "why-title" }, [texts.whyHeading]),
    element("h3", {}, [texts.recipientsHeading]),
    recipientsNode(held, page),
    element("h3", {}, [texts.about]),
    element("p", {}, [texts.whyText]),
    ...each,
  ]);
}

/**
 * Each recipient once, with what was received.
 * @param {Description["datasets"]} datasets
 * @param {Page} page
 */
function recipientsNode(datasets, page) {
  const { texts, language } = page.reader;
  /** @type {Map<string, {country: string|null, titles: string[]}>} */
  const received = new Map();
  for (const { title, terms } of datasets) {
    for (const { name, country } of terms.recipients) {
      if (name) received.set(name, { country, titles: [...(received.get(name)?.titles ?? []), title] });
    }
  }
  if (!received.size) return element("p", {}, [texts.noRecipients]);
  const lines = [...received].map(([name, { country, titles }]) =>
    element("li", {}, [
      element("strong", foreign(page), [name]),
      country ? ` (${countryText(country, language)})` : null,
      element("span", { class: "received", ...foreign(page) }, [titles.join(", ")]),
    ]),
  );
  return element("ul", { class: "recipients" }, lines);
}

/**
 * @param {Description} description
 * @param {Page} page
 */
export function askNode({ controller, authority, reference }, page) {
  const { texts } = page.reader;
  /** @type {[string, string][]} */
  const own = [[texts.contact, controller.contact], [texts.address, controller.address]];
  /** @type {[string, string][]} */
  const theirs = authority ? [[texts.authority, authority.name], [texts.contact, authority.contact]] : [];
  return element("section", { id: "ask", "aria-labelledby": "ask-title" }, [
    element("h2", { id: "ask-title" }, [texts.askHeading]),
    element("p", {}, [filled(texts.askText, { name: controller.name, reference })]),
    contactNode(own),
    authority ? element("p", {}, [texts.authorityText]) : null,
    theirs.length ? contactNode(theirs) : null,
  ]);
}

/** @param {[string, string][]} lines an address is text, so that nothing of the package can be followed by mistake */
function contactNode(lines) {
  const shown = lines.filter(([, text]) => text);
  return element("dl", { class: "facts" }, shown.map(([title, text]) => element("div", {}, [element("dt", {}, [title]), element("dd", {}, [element("bdi", {}, [text])])])));
}
