import assert from "node:assert/strict";
import { test } from "node:test";
import { arranged } from "../../../../renderers/opener/source/worker/arrangement.js";
import { orderOf } from "../../../../renderers/opener/source/worker/order.js";
import { timelineOf } from "../../../../renderers/opener/source/worker/timeline.js";
import { datasetOf, randomFrom, rowsOf } from "./tables.js";

/** @typedef {import("../../../../renderers/opener/source/protocol.js").Arrangement} Arrangement */

/** @type {Arrangement} */
const ALL = { sort: null, filters: [], since: null, until: null };

/**
 * @param {object} spec of the field `value`
 * @param {ReadonlyArray<unknown>} values or texts of JSON where they are wrapped in an object
 * @param {string} [timeZone]
 */
function tableOf(spec, values, timeZone = "Europe/Berlin") {
  const dataset = datasetOf({ value: spec }, "value");
  const rows = rowsOf(values.map((value) => (value instanceof Written ? `{"value":${value.json}}` : { value })));
  const [field] = dataset.fields;
  if (field === undefined) throw new Error("no field");
  const order = () => orderOf(field, rows);
  const isTime = field.kind === "instant" || field.kind === "date";
  const source = { dataset, rows, order, timeline: isTime ? timelineOf(field, order(), timeZone) : null };
  return {
    /** @param {Partial<Arrangement>} arrangement */
    arrange(arrangement) {
      const view = arranged(source, { ...ALL, ...arrangement });
      const indexes = view.indexes === null ? values.map((_, index) => index) : [...view.indexes];
      assert.equal(view.count, indexes.length);
      return { values: indexes.map((index) => written(values[index])), indexes, months: view.months };
    },
  };
}

class Written {
  /** @param {string} json */
  constructor(json) {
    this.json = json;
  }
}

/** @param {unknown} value */
function written(value) {
  return value instanceof Written ? value.json : value;
}

/**
 * @param {object} spec
 * @param {ReadonlyArray<unknown>} values
 * @param {ReadonlyArray<unknown>} sorted
 */
function assertSorted(spec, values, sorted) {
  const table = tableOf(spec, values);
  const [up, down] = [false, true].map((descending) => table.arrange({ sort: { field: "value", descending } }).values);
  assert.deepEqual(up, sorted);
  const nulls = sorted.filter((value) => value === null);
  assert.deepEqual(down, [...sorted.filter((value) => value !== null).reverse(), ...nulls]);
}

test("decimals as text are sorted as numbers, the longest too, and what is empty comes last in both directions", () => {
  const sorted = ["-10.5", "-9", "0", "9", "9.5", "10", "10.05", "100", null, null];
  assertSorted({ type: "string", "x-kind": "decimal" }, [null, "10", "9", "100", "9.5", "-9", "0", null, "-10.5", "10.05"], sorted);
  const long = ["-9007199254740993", "-9007199254740992", "0.1", "9007199254740992.01", "9007199254740992.1", "9007199254740993"];
  assertSorted({ type: "string", "x-kind": "decimal" }, [...long].reverse(), long);
  const longNumbers = ["9007199254740992", "9007199254740993", "90071992547409930"].map((json) => new Written(json));
  assertSorted({ type: "integer" }, [...longNumbers].reverse(), longNumbers.map((each) => each.json));
});

test("numbers, truth and dates are sorted as what they are", () => {
  assertSorted({ type: "integer" }, [10, 9, null, -1, 100], [-1, 9, 10, 100, null]);
  assertSorted({ type: "number" }, [1e21, 2.5, 0.25], [0.25, 2.5, 1e21]);
  assertSorted({ type: "boolean" }, [true, null, false], [false, true, null]);
  assertSorted({ type: "string", format: "date" }, ["2024-02-29", null, "1999-12-31"], ["1999-12-31", "2024-02-29", null]);
});

test("text is sorted without case and accents, and numbers inside it by their size", () => {
  const sorted = ["Abel", "Ädam", "adz", "Łukasz", "SO-9", "SO-212", "so-1006", "Zoë", null];
  assertSorted({ type: "string" }, ["Zoë", "so-1006", null, "Łukasz", "SO-212", "adz", "SO-9", "Ädam", "Abel"], sorted);
});

test("codes are sorted by the titles that the reader sees", () => {
  const oneOf = [{ const: "a", title: "Zuletzt" }, { const: "z", title: "Anfang" }, { const: "m", title: "Öffnung" }];
  assertSorted({ type: "string", oneOf }, ["a", "m", null, "z"], ["z", "m", "a", null]);
});

test("instants are sorted by when they were, whatever their offset", () => {
  const sorted = [
    "2024-03-31T01:00:00+02:00",
    "2024-03-31T00:30:00+01:00",
    "2024-03-30T23:45:00.001Z",
    "2024-03-30T23:45:00.002Z",
    "2024-03-30T20:00:00-05:00",
    null,
  ];
  assertSorted({ type: "string", format: "date-time" }, [...sorted].reverse(), sorted);
});

test("what is equal stays in the package's own order, in both directions", () => {
  const table = tableOf({ type: "integer" }, [2, 1, 2, 1, 2]);
  assert.deepEqual(table.arrange({ sort: { field: "value", descending: false } }).indexes, [1, 3, 0, 2, 4]);
  assert.deepEqual(table.arrange({ sort: { field: "value", descending: true } }).indexes, [0, 2, 4, 1, 3]);
});

test("a filter looks at values and titles of codes, without case and accents; what is empty has no text", () => {
  const oneOf = [{ const: "a", title: "Geöffnet" }, { const: "z", title: "Zu" }];
  const table = tableOf({ type: "string", oneOf }, ["a", "z", null, "Größe"]);
  assert.deepEqual(table.arrange({ filters: [{ field: "value", contains: "GEOFF" }] }).values, ["a"]);
  assert.deepEqual(table.arrange({ filters: [{ field: "value", contains: "grosse" }] }).values, ["Größe"]);
  assert.deepEqual(table.arrange({ filters: [{ field: "value", contains: "null" }] }).values, []);
  assert.deepEqual(table.arrange({ filters: [{ field: "value", contains: "" }] }).indexes, [0, 1, 2, 3]);
  const two = [{ field: "value", contains: "r" }, { field: "value", contains: "z" }];
  assert.deepEqual(table.arrange({ filters: two }).values, []);
});

test("a day begins where the controller is, also when the clocks change", () => {
  // In Berlin, 31 March 2024 had 23 hours, and 27 October 25.
  const values = [
    "2024-03-30T22:59:59.999Z",
    "2024-03-30T23:00:00Z",
    "2024-03-31T21:59:59Z",
    "2024-04-01T00:00:00+02:00",
    "2024-10-26T22:00:00Z",
    "2024-10-27T22:59:59Z",
    "2024-10-27T23:00:00Z",
    null,
  ];
  const table = tableOf({ type: "string", format: "date-time" }, values);
  assert.deepEqual(table.arrange({ since: "2024-03-31", until: "2024-03-31" }).indexes, [1, 2]);
  assert.deepEqual(table.arrange({ since: "2024-10-27", until: "2024-10-27" }).indexes, [4, 5]);
  assert.deepEqual(table.arrange({ since: "2024-04-01" }).indexes, [3, 4, 5, 6]);
  assert.deepEqual(table.arrange({ until: "2024-03-30" }).indexes, [0]);
  assert.deepEqual(table.arrange({}).months, [
    { month: "2024-03", records: 3 },
    { month: "2024-04", records: 1 },
    { month: "2024-10", records: 3 },
  ]);
});

test("a day without a midnight begins at one o'clock", () => {
  const values = ["2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z"];
  const table = tableOf({ type: "string", format: "date-time" }, values, "America/Sao_Paulo");
  assert.deepEqual(table.arrange({ since: "2018-11-04" }).indexes, [1]);
});

test("dates are the same days everywhere", () => {
  const values = ["2024-03-31", "2024-04-01", null, "1988-02-29"];
  const table = tableOf({ type: "string", format: "date" }, values, "Pacific/Kiritimati");
  assert.deepEqual(table.arrange({ since: "2024-03-31", until: "2024-03-31" }).indexes, [0]);
  assert.deepEqual(table.arrange({ until: "2024-03-30" }).indexes, [3]);
  assert.deepEqual(table.arrange({}).months.map(({ month }) => month), ["1988-02", "2024-03", "2024-04"]);
});

test("months are those of the calendar in the controller's time zone, for any instant", (t) => {
  const random = randomFrom(5);
  let shifted = 0;
  for (const zone of ["Europe/London", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]) {
    const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit" });
    const values = Array.from({ length: 400 }, (_, index) => {
      // Half of them within a day of the first of a month.
      const first = Date.UTC(1970 + random(70), random(12), 1);
      return new Date(first + (index % 2 === 0 ? random(2 * 86_400_000) - 86_400_000 : random(27) * 86_400_000)).toISOString();
    });
    /** @type {Map<string, number>} */
    const expected = new Map();
    for (const value of values) {
      const parts = Object.fromEntries(format.formatToParts(new Date(value)).map((part) => [part.type, part.value]));
      const month = `${parts["year"]}-${parts["month"]}`;
      expected.set(month, (expected.get(month) ?? 0) + 1);
      shifted += Number(!value.startsWith(month));
    }
    const { months } = tableOf({ type: "string", format: "date-time" }, values, zone).arrange({});
    assert.deepEqual(months, [...expected].sort().map(([month, records]) => ({ month, records })));
  }
  t.diagnostic(`${shifted} of 2000 instants are in another month than in UTC`);
  assert.ok(shifted > 100);
});

test("what is no time is in no month and between no days", () => {
  const table = tableOf({ type: "string", format: "date-time" }, ["yesterday", "2024-03-01T12:00:00", "2024-03-01T12:00:00Z"]);
  assert.deepEqual(table.arrange({ since: "0001-01-01" }).indexes, [2]);
  assert.deepEqual(table.arrange({}).months, [{ month: "2024-03", records: 1 }]);
});
