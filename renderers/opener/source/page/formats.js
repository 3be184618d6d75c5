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
  return kept(dates, [language, options], () => new Intl.DateTimeFormat(language, options));
}

/**
 * @param {string} language
 * @param {Intl.NumberFormatOptions} options
 */
export function numberFormat(language, options) {
  return kept(numbers, [language, options], () => new Intl.NumberFormat(language, options));
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
