import assert from "node:assert/strict";
import { test } from "node:test";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "../../../../renderers/opener/testing.js";
import { LINES, ORDERS, filesOf, sealed } from "./packages.js";
import { checked, descriptionIn } from "./pages.js";

const BESIDE = { ...LINES, beside: [{ row: 1, reasons: [{ field: "item", rule: "type" }], values: { item: "Töpfe" } }] };
const DATASETS = [ORDERS, BESIDE];
const page = await checked(await sealed({ datasets: DATASETS }));
const ALL = { sort: null, filters: [], since: null, until: null };

test("page one has what the documents say", () => {
  const description = descriptionIn(page);
  assert.deepEqual(description.controller, {
    name: "Acme", address: "4 Example Way", contact: "privacy@example.org", country: "GB", timeZone: "Europe/Berlin",
  });
  assert.deepEqual(description.authority, { name: "Example Authority", contact: "https://authority.example.org" });
  assert.deepEqual(description.identifiers, [{ kind: "email", title: "", value: "alex@example.org" }]);
  assert.deepEqual([description.language, description.reference, description.report], ["en", "DSAR-1", true]);
  const [orders, lines] = description.datasets;
  assert.ok(orders !== undefined && lines !== undefined);
  assert.deepEqual(orders.fields.map(({ kind }) => kind), ["text", "instant", "text", "decimal", "text"]);
  assert.deepEqual(orders.fields[2]?.codes.map(({ value, title }) => [value, title]), [["paid", "Bezahlt"], ["sent", "Unterwegs"]]);
  assert.deepEqual([orders.records, orders.periodField, orders.fields[3]?.currencyField], [3, "ordered_at", "currency"]);
  assert.deepEqual([lines.keptBeside, lines.files.beside], [1, "data/nonconforming/order_lines.json"]);
  assert.deepEqual(orders.terms, {
    purposes: [{ title: "Selling", description: "To sell." }, { title: "Tax", description: "" }],
    legalBases: ["A6-1-b", "Tax Act"],
    recipients: [{ name: "Example Parcels", description: "Delivers.", country: "DE" }],
    storage: [{ title: "Seven years", description: "Counted from: the order" }],
    sources: ["Example Agency"],
  });
});

test("promises and what is not here are shown as the manifest has them", async () => {
  const why = { ground: "paper", effort: null, decided_by: "the officer" };
  const dsar = {
    language: "fr",
    promises: [{ id: "p", text: "Letters", datasets: [], answer: "not_searched", records: 0, not_searched: why, elsewhere: true }],
    not_here: [{ what: "Your orders: F", why: "Withheld: others", records: "2" }],
  };
  const description = descriptionIn(await checked(await sealed({ dsar })));
  assert.deepEqual(description.promises, [
    {
      text: "Letters", answer: "not_searched", records: 0, datasets: [], elsewhere: true,
      notSearched: { ground: "paper", effort: null, decidedBy: "the officer" },
    },
  ]);
  assert.deepEqual(description.absences, [{ what: "Your orders: F", why: "Withheld: others", records: "2" }]);
  assert.equal(description.language, "fr");
});

test("a package that does not say its language is read by its README", async () => {
  const made = await sealed({ datasets: [], change: (files) => files.set("README.txt", "SO OEFFNEN SIE DIESES PAKET\n") });
  assert.equal(descriptionIn(await checked(made)).language, "de");
});

test("a person with nothing has empty tables, and a package for another right has fewer documents", async () => {
  const nothing = await checked(await sealed({ datasets: [{ ...ORDERS, records: [] }] }));
  assert.deepEqual([nothing.complete, nothing.tables], [true, ["orders"]]);
  const view = await nothing.ask({ T: "arrange", dataset: "orders", arrangement: ALL });
  assert.deepEqual([view.count, view.months], [0, []]);
  assert.deepEqual(await nothing.ask({ T: "rows", dataset: "orders", view: view.view, from: 0, count: 9 }), { rows: [] });
  const fewer = await sealed({ change: (files) => ["report.pdf", "data/csv/orders.csv"].forEach((path) => files.delete(path)) });
  const portable = await checked(fewer);
  assert.deepEqual([portable.complete, descriptionIn(portable).report], [true, false]);
});

test("a table is shown in its view, and an earlier view has ended", async () => {
  const sort = { field: "total", descending: true };
  const first = await page.ask({ T: "arrange", dataset: "orders", arrangement: ALL });
  const second = await page.ask({ T: "arrange", dataset: "orders", arrangement: { ...ALL, sort } });
  assert.deepEqual(second.months, [{ month: "2024-03", records: 1 }, { month: "2024-04", records: 1 }]);
  const { rows } = await page.ask({ T: "rows", dataset: "orders", view: second.view, from: 1, count: 50 });
  assert.deepEqual(rows.map(({ index, record }) => [index, record["order_id"]]), [[1, "O-10"], [2, "O-1"]]);
  assert.deepEqual(rows[1]?.record["note"], "before\u0000after");
  assert.deepEqual(await page.ask({ T: "rows", dataset: "orders", view: first.view, from: 0, count: 1 }), { rows: [] });
});

test("a record has what belongs to it, and what it belongs to", async () => {
  const order = await page.ask({ T: "record", dataset: "orders", index: 1 });
  assert.deepEqual(order.related, [{ dataset: "order_lines", direction: "down", indexes: [0, 2], count: 2 }]);
  const line = await page.ask({ T: "record", dataset: "order_lines", index: 1 });
  assert.deepEqual(line.related, [{ dataset: "orders", direction: "up", indexes: [0], count: 1 }]);
  assert.deepEqual((await page.ask({ T: "record", dataset: "orders", index: 2 })).related, []);
});

test("of many related records two hundred are named, and a number is not the text that looks like it", async () => {
  const many = { name: "many", fields: { to: {} }, records: [...Array.from({ length: 500 }, () => ({ to: 1 })), { to: null }], refersTo: { to: "one.id" } };
  const one = { name: "one", fields: { id: {} }, records: [{ id: 1 }, { id: "1" }, { id: null }] };
  const made = await checked(await sealed({ datasets: [many, one] }));
  const [related] = (await made.ask({ T: "record", dataset: "one", index: 0 })).related;
  assert.deepEqual([related?.count, related?.indexes.length, related?.indexes[199]], [500, 200, 199]);
  for (const index of [1, 2]) assert.deepEqual((await made.ask({ T: "record", dataset: "one", index })).related, []);
});

test("a record belongs to another by all fields of a key", async () => {
  const days = { name: "days", fields: { id: {}, day: {} }, records: [{ id: 1, day: "11" }, { id: 1, day: "12" }, { id: null, day: "12" }, { id: 11, day: "1" }] };
  const parts = { name: "parts", fields: { of: {}, on: {} }, records: [{ of: 1, on: "12" }, { of: 1, on: "11" }, { of: 1, on: "12" }, { of: 1, on: null }], refersTo: { "of,on": "days.id,day" } };
  const made = await checked(await sealed({ datasets: [days, parts] }));
  /** @param {string} dataset @param {number} index */
  const related = async (dataset, index) => (await made.ask({ T: "record", dataset, index })).related;
  assert.deepEqual(await related("days", 1), [{ dataset: "parts", direction: "down", indexes: [0, 2], count: 2 }]);
  assert.deepEqual(await related("parts", 1), [{ dataset: "days", direction: "up", indexes: [0], count: 1 }]);
  for (const [dataset, index] of /** @type {[string, number][]} */ ([["days", 2], ["days", 3], ["parts", 3]])) {
    assert.deepEqual(await related(dataset, index), []);
  }
});

test("rows kept beside are shown, and a search counts them", async () => {
  const { rows } = await page.ask({ T: "beside", dataset: "order_lines", from: 0, count: 5 });
  assert.deepEqual(rows, BESIDE.beside);
  const hits = (await page.ask({ T: "search", text: "topfe", limit: 5 })).hits;
  assert.deepEqual(hits, [{ dataset: "order_lines", count: 0, first: [], beside: 1 }]);
  assert.deepEqual((await page.ask({ T: "search", text: "type", limit: 5 })).hits, []);
});

test("a search goes over all tables, and says whether the texts are ready", async () => {
  await page.until("searchable");
  const { ready, hits } = await page.ask({ T: "search", text: "o-1", limit: 1 });
  assert.equal(ready, true);
  assert.deepEqual(hits.map(({ dataset, count, first }) => [dataset, count, first.length]), [["orders", 2, 1], ["order_lines", 2, 1]]);
});

test("a file is saved as it is in the package, and again", async () => {
  const files = filesOf({ datasets: DATASETS });
  for (const path of ["report.pdf", "data/json/orders.json", "data/csv/orders.csv", "README.txt", "report.pdf"]) {
    const { bytes } = await page.ask({ T: "file", path });
    assert.equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), files.get(path));
  }
  // What was given away must not be what the table is made of.
  const { record } = await page.ask({ T: "record", dataset: "orders", index: 0 });
  assert.equal(record["order_id"], "O-2");
  await assert.rejects(page.ask({ T: "file", path: "no/such.txt" }), /unlisted no\/such.txt/);
});

test("all is saved as an ordinary ZIP, without what does not agree", async () => {
  const made = await checked(await sealed({ tamper: (files) => files.set("report.pdf", "another") }));
  const { bytes } = await made.ask({ T: "all" });
  const entries = await new ZipReader(new Uint8ArrayReader(new Uint8Array(bytes))).getEntries();
  const names = entries.map(({ filename }) => filename);
  assert.deepEqual(names, descriptionIn(made).files.filter((path) => path !== "report.pdf"));
  assert.ok(["README.txt", "open.html", "manifest-sha256.txt", "tagmanifest-sha256.txt"].every((path) => names.includes(path)));
  const files = filesOf({});
  for (const entry of entries) {
    if (entry.directory || !files.has(entry.filename)) continue;
    assert.equal(entry.encrypted, false);
    const content = await entry.getData(new Uint8ArrayWriter(), { checkCrc32: true });
    assert.equal(new TextDecoder().decode(content), files.get(entry.filename));
  }
});

test("a question about a dataset without a table says why there is none", async () => {
  const made = await checked(await sealed({ tamper: (files) => files.set("data/json/orders.json", "[]\n") }));
  await assert.rejects(made.ask({ T: "arrange", dataset: "orders", arrangement: ALL }), /changed data\/json\/orders.json/);
  await assert.rejects(made.ask({ T: "file", path: "data/json/orders.json" }), /changed/);
});

test("a record that is no JSON is unreadable when it is looked at", async () => {
  const made = await checked(await sealed({ datasets: [{ ...ORDERS, records: ['{"order_id":"\\x"}'] }] }));
  await assert.rejects(made.ask({ T: "record", dataset: "orders", index: 0 }), /unreadable data\/json\/orders.json/);
});
