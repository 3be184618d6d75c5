import assert from "node:assert/strict";
import { test } from "node:test";
import { rowStore } from "../../../../renderers/opener/source/page/row_store.js";
import {
  columnWidths,
  rowsShown,
  rowTop,
  scrollTopFor,
  spacerHeight,
  TALLEST,
} from "../../../../renderers/opener/source/page/scale.js";
import { moved } from "../../../../renderers/opener/source/page/table_keys.js";

/** @typedef {import("../../../../renderers/opener/source/page/row_store.js").Row} Row */

const FEW = { count: 100, rowHeight: 40, viewport: 500 };
const MANY = { count: 1_000_000, rowHeight: 40, viewport: 500 };

test("few rows are as tall as they are", () => {
  assert.equal(spacerHeight(FEW), 4000);
  assert.deepEqual(rowsShown(0, FEW), { from: 0, to: 13 });
  assert.deepEqual(rowsShown(420, FEW), { from: 10, to: 23 });
  assert.equal(rowTop(10, 420, FEW), 400);
});

test("a million rows are no taller than Firefox can show, and the last is reached", () => {
  assert.equal(spacerHeight(MANY), TALLEST);
  const bottom = TALLEST - MANY.viewport;
  assert.equal(rowsShown(bottom, MANY).to, 1_000_000);
  assert.ok(Math.abs(rowTop(999_999, bottom, MANY) + 40 - TALLEST) < 0.01);
  assert.deepEqual(rowsShown(0, MANY), { from: 0, to: 13 });
});

test("every row of a million is seen whole where it is scrolled to", () => {
  for (const row of [0, 1, 12, 13, 14, 499_999, 999_986, 999_999]) {
    for (const before of [0, TALLEST / 3, TALLEST - MANY.viewport]) {
      const top = scrollTopFor(row, before, MANY);
      const seen = rowTop(row, top, MANY) - top;
      assert.ok(seen > -0.01 && seen + 40 < 500.01, `${row} from ${before}: ${seen}`);
    }
  }
});

test("a row that is seen is not scrolled to", () => {
  assert.equal(scrollTopFor(3, 100, FEW), 100);
  assert.equal(scrollTopFor(2, 100, FEW), 80);
  assert.equal(scrollTopFor(20, 100, FEW), 340);
});

test("no rows are shown above the first or below the last", () => {
  assert.deepEqual(rowsShown(-50, FEW), { from: 0, to: 13 });
  assert.deepEqual(rowsShown(0, { ...FEW, count: 0 }), { from: 0, to: 0 });
});

test("columns fit what is in them, and one long text does not make them wide", () => {
  const rows = Array.from({ length: 20 }, (_, at) => ["ab", at === 3 ? "x".repeat(300) : "x".repeat(15), "y".repeat(90)]);
  assert.deepEqual(columnWidths(["A", "B", "C"], rows), [8, 24, 34]);
  assert.deepEqual(columnWidths(["A rather long title"], []), [22]);
});

/** @param {number} count */
function recorded(count) {
  /** @type {[number, number][]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const answers = [];
  /** @type {(from: number, many: number) => Promise<Row[]>} */
  const load = (from, many) => {
    asked.push([from, many]);
    const rows = Array.from({ length: many }, (_, at) => ({ index: from + at, record: {} }));
    return new Promise((resolve) => answers.push(() => resolve(rows)));
  };
  const store = rowStore(count, load, () => {});
  const answer = async () => {
    answers.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { store, asked, answer };
}

test("what is seen is asked for first, then a screen on both sides", async () => {
  const { store, asked, answer } = recorded(1000);
  store.want(100, 120);
  await answer();
  assert.equal(store.row(119)?.index, 119);
  store.want(100, 120);
  assert.deepEqual(asked, [[100, 20], [80, 60]]);
  await answer();
  store.want(100, 120);
  assert.equal(asked.length, 2);
});

test("one request is made at a time, and the next is for what is seen by then", async () => {
  const { store, asked, answer } = recorded(1000);
  for (const from of [0, 200, 400, 600]) store.want(from, from + 10);
  assert.deepEqual(asked, [[0, 10]]);
  await answer();
  assert.deepEqual(asked, [[0, 10], [600, 10]]);
});

test("rows after the last are not asked for", () => {
  const { store, asked } = recorded(5);
  store.want(0, 5);
  assert.deepEqual(asked, [[0, 5]]);
});

test("rows far away are forgotten", async () => {
  const { store, answer } = recorded(100_000);
  for (let from = 0; from < 5000; from += 300) {
    store.want(from, from + 300);
    await answer();
  }
  assert.equal(store.row(0), undefined);
  assert.notEqual(store.row(4700), undefined);
});

const LIMITS = { rows: 50, columns: 4, page: 10 };

test("keys move the active cell, and never out of the table", () => {
  const cell = { row: 20, column: 2 };
  /** @type {[string, boolean, number, number][]} */
  const moves = [
    ["ArrowDown", false, 21, 2],
    ["ArrowUp", false, 19, 2],
    ["ArrowLeft", false, 20, 1],
    ["ArrowRight", false, 20, 3],
    ["PageDown", false, 30, 2],
    ["PageUp", false, 10, 2],
    ["Home", false, 20, 0],
    ["End", false, 20, 3],
    ["Home", true, 0, 0],
    ["End", true, 49, 3],
  ];
  for (const [key, control, row, column] of moves) assert.deepEqual(moved(cell, key, control, LIMITS), { row, column }, key);
  assert.deepEqual(moved({ row: 49, column: 3 }, "PageDown", false, LIMITS), { row: 49, column: 3 });
  assert.deepEqual(moved({ row: 0, column: 0 }, "ArrowLeft", false, LIMITS), { row: 0, column: 0 });
  assert.equal(moved(cell, "a", false, LIMITS), null);
  assert.equal(moved(cell, "toString", false, LIMITS), null);
});
