import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, Failure } from "../../../../renderers/opener/source/page/ask.js";
import { excerpt, parts } from "../../../../renderers/opener/source/page/highlight.js";
import { barsOf, daysOf } from "../../../../renderers/opener/source/page/periods.js";
import { after, readiness, UNKNOWN } from "../../../../renderers/opener/source/page/state.js";

/** @typedef {import("../../../../renderers/opener/source/page/ask.js").Port} Port */
/** @typedef {import("../../../../renderers/opener/source/page/ask.js").News} News */
/** @typedef {import("../../../../renderers/opener/source/protocol.js").FromWorker} FromWorker */
/** @typedef {import("../../../../renderers/opener/source/protocol.js").ToWorker} ToWorker */

/** @param {import("../../../../renderers/opener/source/page/ask.js").ReadBytes} [read] */
function connected(read = () => Promise.resolve(new ArrayBuffer(3))) {
  /** @type {ToWorker[]} */
  const sent = [];
  /** @type {News[]} */
  const heard = [];
  /** @type {Port} */
  const port = { postMessage: (message) => sent.push(message), onmessage: null };
  const ask = connect(port, read, (news) => heard.push(news));
  /** @param {FromWorker} data */
  const say = (data) => port.onmessage?.(/** @type {MessageEvent<FromWorker>} */ ({ data }));
  return { ask, sent, heard, say };
}

test("each answer goes to its question, in any order", async () => {
  const { ask, say } = connected();
  const first = ask({ T: "file", path: "a" });
  const second = ask({ T: "close" });
  say({ number: 2, answer: null });
  say({ number: 1, answer: { bytes: "a" } });
  assert.deepEqual([await first, await second], [{ bytes: "a" }, null]);
});

test("a question that fails says what is wrong with which file", async () => {
  const { ask, say } = connected();
  const question = ask({ T: "file", path: "a" });
  say({ number: 1, failed: "changed", file: "a" });
  await assert.rejects(question, (error) => error instanceof Failure && error.kind === "changed" && error.file === "a");
});

test("the file's bytes are answered and are no news; a file that is gone ends early", async () => {
  const here = connected();
  here.say({ event: "read", read: 7, offset: 1, length: 3 });
  const gone = connected(() => Promise.reject(new Error("gone")));
  gone.say({ event: "read", read: 8, offset: 1, length: 3 });
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(here.sent, [{ bytes: new ArrayBuffer(3), read: 7 }]);
  assert.deepEqual(gone.sent, [{ bytes: new ArrayBuffer(0), read: 8 }]);
  assert.deepEqual(here.heard, []);
});

/** @param {News[]} events */
const state = (...events) => events.reduce(after, UNKNOWN);
/** @type {News} */
const CHANGED = { event: "finding", finding: { kind: "changed", file: "data/json/orders.json" } };
const ORDERS = /** @type {import("../../../../renderers/opener/source/protocol.js").Dataset} */ ({
  name: "orders",
  files: { json: "data/json/orders.json", csv: null, schema: "", beside: null },
});

test("a package with a finding is not complete, whatever comes after", () => {
  assert.equal(state().complete, null);
  assert.equal(state({ event: "checked", complete: true }).complete, true);
  assert.equal(state(CHANGED, { event: "checked", complete: true }).complete, false);
});

test("a dataset is shown only when its table is", () => {
  assert.equal(readiness(state(), ORDERS), "waiting");
  assert.equal(readiness(state({ event: "table", dataset: "orders" }), ORDERS), "ready");
  assert.equal(readiness(state(CHANGED), ORDERS), "refused");
  assert.equal(readiness(state({ event: "checked", complete: false }), ORDERS), "refused");
});

test("progress never goes back, or beyond the end", () => {
  const done = [1, 3, 2, 9].map((each) => ({ event: /** @type {const} */ ("progress"), done: each, of: 4 }));
  assert.deepEqual(done.map((_, at) => state(...done.slice(0, at + 1)).part), [0.25, 0.75, 0.75, 1]);
  assert.equal(state({ event: "progress", done: 0, of: 0 }).part, 0);
});

test("months without records are bars without height", () => {
  const bars = barsOf([{ month: "2024-02", records: 3 }, { month: "2023-12", records: 5 }]);
  assert.deepEqual(bars?.bars.map((bar) => [bar.when, bar.records]), [["2023-12", 5], ["2024-01", 0], ["2024-02", 3]]);
  assert.equal(bars?.most.when, "2023-12");
});

test("many months become years, and centuries no bars at all", () => {
  const bars = barsOf([{ month: "2001-02", records: 3 }, { month: "2001-03", records: 1 }, { month: "2024-01", records: 5 }]);
  assert.equal(bars?.unit, "year");
  assert.deepEqual(bars?.bars.at(0), { when: "2001", records: 4 });
  assert.equal(barsOf([{ month: "0001-01", records: 1 }, { month: "2024-01", records: 5 }]), null);
  assert.equal(barsOf([{ month: "2024-01", records: 5 }]), null);
  assert.equal(barsOf([]), null);
});

test("a month has its days", () => {
  assert.deepEqual(daysOf("2024-02"), { since: "2024-02-01", until: "2024-02-29" });
  assert.deepEqual(daysOf("2023-12"), { since: "2023-12-01", until: "2023-12-31" });
  assert.deepEqual(daysOf("2023"), { since: "2023-01-01", until: "2023-12-31" });
});

/**
 * @param {string} text
 * @param {string} wanted
 */
const hits = (text, wanted) => parts(text, wanted).filter((part) => part.hit).map((part) => part.text);

test("hits are marked in any case, and without accents", () => {
  assert.deepEqual(hits("Caf\u00e9 CAFE cafe\u0301", "caf\u00c9"), ["Caf\u00e9", "CAFE", "cafe\u0301"]);
  assert.deepEqual(hits("stra\u00dfe", "tra"), ["tra"]);
  assert.deepEqual(hits("\ufb01nd", "fi"), ["\ufb01"]);
  assert.deepEqual(hits("\ufb01nd", "i"), ["\ufb01"]);
  assert.deepEqual(hits("aaa", "aa"), ["aa"]);
  assert.deepEqual(hits("anything", ""), []);
  assert.deepEqual(hits("\u{1f600}x", "x"), ["x"]);
});

test("the parts of a text are the text", () => {
  for (const wanted of ["", "a", "i", "zzz", "\u0301"]) {
    const text = "\ufb01 cafe\u0301 \u{1f600} ba";
    assert.equal(parts(text, wanted).map((part) => part.text).join(""), text, wanted);
  }
});

test("a long text is cut to what is around the hit", () => {
  const text = `${"a".repeat(500)}Needle${"b".repeat(500)}`;
  const cut = excerpt(text, "needle");
  assert.ok(cut.includes("Needle") && cut.length < 260 && cut.startsWith("\u2026") && cut.endsWith("\u2026"));
  assert.equal(excerpt("short", "x"), "short");
});
