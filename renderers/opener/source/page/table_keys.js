/** Where a key moves the active cell of a table. */

/** @typedef {{row: number, column: number}} Cell */
/** @typedef {{rows: number, columns: number, page: number}} Limits */

/**
 * @param {Cell} cell
 * @param {string} key
 * @param {boolean} control
 * @param {Limits} limits
 * @returns {Cell|null} null for a key that moves nothing
 */
export function moved({ row, column }, key, control, limits) {
  const last = { row: limits.rows - 1, column: limits.columns - 1 };
  /** @type {{[key: string]: Cell}} */
  const targets = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + limits.page, column },
    PageUp: { row: row - limits.page, column },
    Home: control ? { row: 0, column: 0 } : { row, column: 0 },
    End: control ? last : { row, column: last.column },
  };
  const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
  if (!target) return null;
  return { row: within(target.row, last.row), column: within(target.column, last.column) };
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.max(0, Math.min(most, value));
}
