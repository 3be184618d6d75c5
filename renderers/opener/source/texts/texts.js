/** Which texts a reader gets, and how values come into them. */

import { english } from "./en.js";
import { french } from "./fr.js";
import { german } from "./de.js";

/** @typedef {import("./en.js").Texts} Texts */
/** @typedef {"en"|"de"|"fr"} Language */
/** @typedef {import("./en.js").Counted} Counted */

/** @type {{[language in Language]: Texts}} */
const TEXTS = { en: english, de: german, fr: french };

/** Each language by the name that its speakers give it. */
export const LANGUAGES = /** @type {const} */ ({ en: "English", de: "Deutsch", fr: "Français" });

/**
 * @param {Language} language
 * @returns {Texts}
 */
export function textsOf(language) {
  return TEXTS[language];
}

/**
 * The first language of a list that the page speaks; English if there is none.
 * @param {ReadonlyArray<string>} wanted BCP 47 tags, such as `de-AT`
 * @returns {Language}
 */
export function spoken(wanted) {
  const primary = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return primary.find(isSpoken) ?? "en";
}

/**
 * @param {string} language
 * @returns {language is Language}
 */
export function isSpoken(language) {
  return Object.hasOwn(TEXTS, language);
}

/**
 * A text with its values. Values are data: a brace in them is no placeholder.
 * @param {string} text
 * @param {{[name: string]: string}} values
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/**
 * A text that depends on a number, with the number as the language writes it for `{n}`.
 * @param {Counted} forms
 * @param {number} count
 * @param {Language} language
 */
export function counted(forms, count, language) {
  const form = new Intl.PluralRules(language).select(count);
  const text = form === "one" ? forms.one : form === "many" ? (forms.many ?? forms.other) : forms.other;
  return text.replace("{n}", new Intl.NumberFormat(language).format(count));
}
