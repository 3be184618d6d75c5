/**
 * A table of any number of rows: only those that are seen exist, and they are used again for others when it scrolls.
 * To programs that read it aloud it is a grid with all its rows; the keyboard moves one active cell.
 */

import { element, fill, give } from "./dom.js";
import { rowStore } from "./row_store.js";
import { columnWidths, rowsShown, rowTop, scrollTopFor, spacerHeight } from "./scale.js";
import { tableHead } from "./table_head.js";
import { moved } from "./table_keys.js";
import { maskedText, valueText } from "./values.js";

/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("./row_store.js").Row} Row */
/** @typedef {import("./row_store.js").RowStore} RowStore */
/** @typedef {import("./row_store.js").LoadRows} LoadRows */
/** @typedef {import("./table_head.js").HeadSettings} HeadSettings */
/** @typedef {import("./table_keys.js").Cell} Cell */

/**
 * @typedef {object} TableSettings
 * @property {(position: number) => void} openRow
 */

/**
 * @typedef {object} Table
 * @property {HTMLElement} node
 * @property {(count: number, load: LoadRows, label: string) => void} show
 * @property {(position: number) => void} focusRow
 */

const HEAD_ROWS = 2;
const SPARE_ROWS = 2;
const ROW_HEIGHT = 2.5;
const PADDING = 1.5;
const SAMPLE = 14;

/**
 * @param {HeadSettings & TableSettings} settings
 * @returns {Table}
 */
export function createTable(settings) {
  const { fields } = settings;
  const head = tableHead(settings);
  const body = element("div", { role: "rowgroup", class: "grid-body" });
  const node = element(
    "div",
    { role: "grid", id: "records", class: "grid", tabindex: 0, "aria-colcount": fields.length, "aria-describedby": "grid-help" },
    [head.node, body],
  );
  const seen = { node, head: head.node, body, settings, active: { row: 0, column: 0 }, count: 0, sized: false };
  /** @type {Parts} */
  const table = { ...seen, slots: [], first: 0, shows: 0, drawn: new WeakMap(), written: new WeakMap(), store: rowStore(0, async () => [], () => {}) };

  let frame = 0;
  const draw = () => {
    frame = 0;
    drawRows(table);
  };
  node.addEventListener("scroll", () => (frame ||= requestAnimationFrame(draw)), { passive: true });
  new ResizeObserver(draw).observe(node);
  node.addEventListener("keydown", (event) => onKey(table, event));
  node.addEventListener("focus", draw);
  body.addEventListener("click", (event) => onClick(table, event));
  return {
    node,
    show: (count, load, label) => {
      Object.assign(table, { count, shows: table.shows + 1, active: { row: 0, column: 0 }, store: rowStore(count, load, draw) });
      give(node, { "aria-rowcount": count + HEAD_ROWS, "aria-label": label });
      node.scrollTop = 0;
      draw();
    },
    focusRow: (position) => {
      activate(table, { row: position, column: table.active.column });
      node.focus({ preventScroll: true });
    },
  };
}

/**
 * @typedef {object} Parts
 * @property {HTMLElement} node
 * @property {HTMLElement} head
 * @property {HTMLElement} body
 * @property {HeadSettings & TableSettings} settings
 * @property {Cell} active
 * @property {number} count
 * @property {boolean} sized whether columns have got their widths
 * @property {number} first row that has an element
 * @property {number} shows how many arrangements were shown
 * @property {WeakMap<HTMLElement, string>} drawn what each element shows
 * @property {HTMLElement[]} slots rows that are used again and again
 * @property {WeakMap<Row, string[]>} written the texts of rows, which take longer to make than to show
 * @property {RowStore} store
 */

/** @param {Parts} table */
function measures(table) {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const viewport = Math.max(1, table.node.clientHeight - table.head.offsetHeight);
  return { count: table.count, rowHeight: Math.round(ROW_HEIGHT * root), viewport };
}

/** @param {Parts} table */
function drawRows(table) {
  const sizes = measures(table);
  table.body.style.height = `${spacerHeight(sizes)}px`;
  const { scrollTop } = table.node;
  const { from, to } = rowsShown(scrollTop, sizes);
  table.store.want(from, to);
  size(table);
  const first = Math.max(0, from - SPARE_ROWS);
  const needed = Math.min(table.count, to + SPARE_ROWS) - first;
  while (table.slots.length < needed) table.slots.push(newSlot(table));
  turn(table, first);
  table.slots.forEach((slot, at) => {
    slot.hidden = at >= needed;
    if (at >= needed) return;
    const position = first + at;
    slot.style.transform = `translateY(${rowTop(position, scrollTop, sizes)}px)`;
    slot.style.height = `${sizes.rowHeight}px`;
    drawRow(table, slot, position);
  });
  const shown = table.active.row >= from - SPARE_ROWS && table.active.row < to + SPARE_ROWS && table.count > 0;
  give(table.node, { "aria-activedescendant": shown ? cellId(table.active) : null });
}

/**
 * Rows that leave on one side are used on the other, so that those that stay are not written anew, and the order of the
 * elements is that of the rows.
 * @param {Parts} table
 * @param {number} first
 */
function turn(table, first) {
  const { slots, body } = table;
  const by = first - table.first;
  table.first = first;
  if (Math.abs(by) >= slots.length) return;
  const moved = by > 0 ? slots.splice(0, by) : slots.splice(slots.length + by);
  if (by > 0) {
    slots.push(...moved);
    body.append(...moved);
  } else {
    slots.unshift(...moved);
    body.prepend(...moved);
  }
}

/** @param {Cell} cell */
function cellId({ row, column }) {
  return `cell-${row}-${column}`;
}

/** @param {Parts} table */
function newSlot({ body, settings }) {
  const cells = settings.fields.map((field, at) =>
    element("div", { role: "gridcell", class: `cell ${field.kind}`, dir: "auto", "aria-colindex": at + 1 }),
  );
  const slot = element("div", { role: "row", class: "grid-row" }, cells);
  body.append(slot);
  return slot;
}

/**
 * @param {Parts} table
 * @param {HTMLElement} slot
 * @param {number} position
 */
function drawRow(table, slot, position) {
  const row = table.store.row(position);
  const column = table.active.row === position ? table.active.column : -1;
  const shown = `${table.shows} ${position} ${row?.index} ${column}`;
  if (table.drawn.get(slot) === shown) return;
  table.drawn.set(slot, shown);
  const texts = row ? rowTexts(table, row) : [];
  give(slot, {
    "aria-rowindex": position + 1 + HEAD_ROWS,
    "aria-busy": row ? null : "true",
    "data-position": position,
    "data-index": row?.index,
  });
  slot.classList.toggle("odd", position % 2 === 1);
  [...slot.children].forEach((cell, at) => {
    cell.id = cellId({ row: position, column: at });
    cell.classList.toggle("active", at === column);
    const text = texts[at] ?? "";
    if (cell.textContent !== text) fill(cell, [text]);
  });
}

/**
 * @param {Parts} table
 * @param {Row} row
 */
function rowTexts({ settings, written }, row) {
  const before = written.get(row);
  if (before) return before;
  const { record } = row;
  const texts = settings.fields.map((field) => {
    const text = valueText(field, record[field.name], record, settings.reader);
    return field.masked ? maskedText(text) : text;
  });
  written.set(row, texts);
  return texts;
}

/**
 * Columns get their widths from the first rows that arrive, and keep them.
 * @param {Parts} table
 */
function size(table) {
  if (table.sized) return;
  const { fields } = table.settings;
  const positions = Array.from({ length: Math.min(SAMPLE, table.count) }, (_, at) => at);
  const rows = positions.map((position) => table.store.row(position)).filter((row) => row !== undefined);
  const texts = rows.map((row) => rowTexts(table, row));
  const letters = columnWidths(fields.map((field) => field.title), texts);
  const widths = letters.map((each) => `calc(${each}ch + ${PADDING}rem)`);
  const tracks = widths.map((width, at) => (at === fields.length - 1 ? `minmax(${width}, 1fr)` : width));
  table.node.style.setProperty("--columns", tracks.join(" "));
  const all = letters.reduce((sum, each) => sum + each, 0);
  table.node.style.setProperty("--width", `calc(${all}ch + ${letters.length * PADDING}rem)`);
  table.sized = rows.length > 0 && rows.length === positions.length;
}

/**
 * @param {Parts} table
 * @param {Cell} cell
 */
function activate(table, cell) {
  table.active = cell;
  const sizes = measures(table);
  const top = scrollTopFor(cell.row, table.node.scrollTop, sizes);
  if (top !== table.node.scrollTop) table.node.scrollTop = top;
  drawRows(table);
  const shown = document.getElementById(cellId(cell));
  if (!shown) return;
  const { offsetLeft: left, offsetWidth: width } = shown;
  const { node } = table;
  if (left < node.scrollLeft) node.scrollLeft = left;
  else if (left + width > node.scrollLeft + node.clientWidth) node.scrollLeft = left + Math.min(width, node.clientWidth) - node.clientWidth;
}

/**
 * @param {Parts} table
 * @param {KeyboardEvent} event
 */
function onKey(table, event) {
  if (event.target !== table.node || table.count === 0 || event.altKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    table.settings.openRow(table.active.row);
    return;
  }
  const { viewport, rowHeight } = measures(table);
  const page = Math.max(1, Math.floor(viewport / rowHeight) - 1);
  const limits = { rows: table.count, columns: table.settings.fields.length, page };
  const cell = moved(table.active, event.key, event.ctrlKey, limits);
  if (!cell) return;
  event.preventDefault();
  activate(table, cell);
}

/**
 * @param {Parts} table
 * @param {MouseEvent} event
 */
function onClick(table, event) {
  const cell = event.target instanceof Element ? event.target.closest("[role=gridcell]") : null;
  const row = cell?.parentElement;
  if (!cell || !row || row.getAttribute("aria-busy") || String(getSelection() ?? "")) return;
  const position = Number(row.dataset["position"]);
  table.active = { row: position, column: [...row.children].indexOf(cell) };
  drawRows(table);
  table.settings.openRow(position);
}
