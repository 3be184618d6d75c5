/** The browser's formats, kept because making one takes longer than using it. */

/** @type {Map<string, Intl.DateTimeFormat>} */
const dates = new Map();
/** @type {Map<string, Intl.NumberFormat>} */
const numbers = new Map();

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
export function dateFormat(language, options) {
  return kept(dates, [language, options], () => new Intl.DateTimeFormat(regional(language, wanted()), options));
}

/**
 * @param {string} language
 * @param {Intl.NumberFormatOptions} options
 */
export function numberFormat(language, options) {
  return kept(numbers, [language, options], () => new Intl.NumberFormat(regional(language, wanted()), options));
}

/**
 * A language as it is written where the reader is: a day in `en-GB` is not written as in `en-US`.
 * @param {string} language
 * @param {ReadonlyArray<string>} tags the reader's languages, as the browser has them
 */
export function regional(language, tags) {
  return tags.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** @returns {ReadonlyArray<string>} */
function wanted() {
  return typeof navigator === "object" ? navigator.languages : [];
}

/**
 * @template Format
 * @param {Map<string, Format>} formats
 * @param {unknown} settings
 * @param {() => Format} make
 * @returns {Format}
 */
function kept(formats, settings, make) {
  const name = JSON.stringify(settings);
  const before = formats.get(name);
  if (before !== undefined) return before;
  const format = make();
  formats.set(name, format);
  return format;
}
