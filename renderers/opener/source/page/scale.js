/**
 * Where rows stand in a scroller. Firefox shows nothing of an element that is too tall, so what scrolls is never taller
 * than a limit, and with more rows than fit into it, scrolling goes faster than the rows.
 */

export const TALLEST = 8_000_000;

/** @typedef {{count: number, rowHeight: number, viewport: number}} Measures */

/** @param {Measures} measures */
export function spacerHeight({ count, rowHeight }) {
  return Math.min(TALLEST, count * rowHeight);
}

/**
 * @param {Measures} measures
 * @returns {number} how many pixels of rows go by for a pixel that is scrolled
 */
function ratio(measures) {
  const { count, rowHeight, viewport } = measures;
  const spacer = spacerHeight(measures);
  return count * rowHeight > spacer ? (count * rowHeight - viewport) / (spacer - viewport) : 1;
}

/**
 * The first row of which anything is seen, and the one after the last.
 * @param {number} scrollTop
 * @param {Measures} measures
 */
export function rowsShown(scrollTop, measures) {
  const { count, rowHeight, viewport } = measures;
  const offset = Math.max(0, scrollTop) * ratio(measures);
  const from = Math.max(0, Math.min(count, Math.floor(offset / rowHeight)));
  return { from, to: Math.min(count, Math.ceil((offset + viewport) / rowHeight)) };
}

/**
 * @param {number} row
 * @param {number} scrollTop
 * @param {Measures} measures
 * @returns {number} pixels below the top of the spacer
 */
export function rowTop(row, scrollTop, measures) {
  const top = Math.max(0, scrollTop);
  return top + row * measures.rowHeight - top * ratio(measures);
}

/**
 * The place to scroll to, so that a row is seen whole; the present one if it is.
 * @param {number} row
 * @param {number} scrollTop
 * @param {Measures} measures
 */
export function scrollTopFor(row, scrollTop, measures) {
  const { rowHeight, viewport } = measures;
  const factor = ratio(measures);
  const offset = scrollTop * factor;
  const top = row * rowHeight;
  if (top < offset) return top / factor;
  const above = top + rowHeight - viewport;
  return above > offset ? above / factor : scrollTop;
}

/**
 * Widths that fit what is in the columns, within limits.
 * @param {ReadonlyArray<string>} titles
 * @param {ReadonlyArray<ReadonlyArray<string>>} rows the texts of some rows
 * @returns {number[]} in letters
 */
export function columnWidths(titles, rows) {
  const [narrowest, moderate, widest] = [8, 24, 34];
  return titles.map((title, column) => {
    const lengths = rows.map((texts) => (texts[column] ?? "").length).sort((a, b) => a - b);
    // A few long texts do not make a whole column wide.
    const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    const longest = Math.min(moderate, lengths.at(-1) ?? 0);
    const needed = Math.max(usual, longest, Math.min(title.length + 3, moderate));
    return Math.max(narrowest, Math.min(widest, needed));
  });
}
