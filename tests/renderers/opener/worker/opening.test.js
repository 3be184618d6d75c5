import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "../../../../renderers/opener/testing.js";
import { directoryOf, readMember } from "../../../../renderers/opener/source/worker/archive.js";
import { PageReader } from "../../../../renderers/opener/source/worker/bytes.js";
import { PASSPHRASE, sealed } from "./packages.js";
import { checked, pageOf } from "./pages.js";
import { exchanged, flipped, placeIn, renamed, undirected } from "./tampering.js";

const ORDERS = "data/json/orders.json";
const LINES = "data/json/order_lines.json";
const zip = await sealed();

/**
 * @param {Uint8Array<ArrayBuffer>} changed
 * @param {ReadonlyArray<string>} findings
 */
async function assertFound(changed, findings) {
  const page = await checked(changed);
  assert.deepEqual(page.answer, { opened: true });
  assert.deepEqual(page.findings, findings);
  assert.equal(page.complete, false);
  return page;
}

/**
 * @param {Uint8Array<ArrayBuffer>} changed
 * @param {string} why
 * @param {string} [passphrase]
 */
async function assertRefused(changed, why, passphrase = PASSPHRASE) {
  const page = await checked(changed, passphrase);
  assert.deepEqual(page.answer, { opened: false, why });
  assert.deepEqual(page.events, []);
  return page;
}

test("a package with the right passphrase is complete and unchanged", async () => {
  const page = await checked(zip);
  assert.deepEqual(page.answer, { opened: true });
  assert.deepEqual(page.findings, []);
  assert.equal(page.complete, true);
  assert.deepEqual(page.tables, ["order_lines", "orders"]);
  const names = page.events.map(({ event }) => event).filter((event) => event !== "progress");
  assert.deepEqual(names.slice(0, 4), ["described", "table", "table", "checked"]);
});

test("a wrong passphrase is answered at once, and leaves nothing", async () => {
  const page = await assertRefused(zip, "wrong-passphrase", "copper-lantern-meadow-quick");
  await assert.rejects(page.ask({ T: "file", path: "report.pdf" }), /unreadable/);
  await assertRefused(zip, "wrong-passphrase", "");
});

test("after a wrong passphrase, the right one opens", async () => {
  const page = pageOf(() => zip);
  await page.ask({ T: "open", size: zip.length, passphrase: "wrong" });
  assert.deepEqual(await page.ask({ T: "open", size: zip.length, passphrase: PASSPHRASE }), { opened: true });
  await page.until("checked");
});

test("a changed salt is a changed member, not a wrong passphrase, also in the first members that are asked", async () => {
  const [first, second] = ["data/csv/order_lines.csv", "bag-info.txt"];
  const sizes = [...(await namesIn())].filter((path) => !/README|open.html/.test(path)).map((path) => placeIn(zip, path));
  const smallest = Math.min(...sizes.map(({ data, end }) => end - data));
  assert.equal(placeIn(zip, first ?? "").end - placeIn(zip, first ?? "").data, smallest);
  const once = flipped(zip, placeIn(zip, first ?? "").data);
  await assertFound(once, [`changed ${first}`]);
  await assertFound(flipped(once, placeIn(zip, second ?? "").data), [`changed ${second}`, `changed ${first}`].sort());
  await assertFound(flipped(zip, placeIn(zip, ORDERS).data), [`changed ${ORDERS}`]);
});

test("a changed salt of both manifests does not make the passphrase wrong", async () => {
  const once = flipped(zip, placeIn(zip, "manifest-sha256.txt").data);
  await assertFound(flipped(once, placeIn(zip, "tagmanifest-sha256.txt").data), ["changed tagmanifest-sha256.txt"]);
});

test("a changed byte of a member, or of its authentication code, is that member's, and only its table is missing", async () => {
  const place = placeIn(zip, ORDERS);
  for (const at of [place.data + 16, place.data + 20, place.end - 1]) {
    const page = await assertFound(flipped(zip, at), [`changed ${ORDERS}`]);
    assert.deepEqual(page.tables, ["order_lines"]);
  }
});

test("every byte of a member counts", async () => {
  const { data, end } = placeIn(zip, "bagit.txt");
  for (let at = data; at < end; at += 17) await assertFound(flipped(zip, at), ["changed bagit.txt"]);
});

test("a changed checksum or size in a header is a change of its member", async () => {
  const { local, central } = placeIn(zip, ORDERS);
  await assertFound(flipped(zip, local + 14), [`changed ${ORDERS}`]);
  await assertFound(flipped(zip, central + 16), [`changed ${ORDERS}`]);
  await assertFound(flipped(zip, local + 22), [`changed ${ORDERS}`]);
});

test("a member longer than the directory says is changed", async () => {
  const { local, central } = placeIn(zip, ORDERS);
  // Both sizes, one byte less.
  const shorter = zip.slice();
  for (const at of [local + 22, central + 24]) shorter[at] = (shorter[at] ?? 0) - 1;
  await assertFound(shorter, [`changed ${ORDERS}`]);
});

test("a size that cannot be compressed into the member is refused before anything is unpacked", async () => {
  const { local, central } = placeIn(zip, "report.pdf");
  const bomb = zip.slice();
  for (const at of [local + 22, central + 24]) bomb.set([0, 0, 0, 0x3f], at);
  await assertFound(bomb, ["changed report.pdf"]);
  const entry = (await directoryOf(new PageReader(bomb.length, async (from, length) => bomb.slice(from, from + length).buffer))).get("report.pdf");
  assert.ok(entry !== undefined);
  await assert.rejects(readMember(entry, PASSPHRASE, () => assert.fail("unpacked")), /larger/);
});

test("exchanged names are found on both files", async () => {
  const made = await sealed({ change: (files) => files.set("data/json/xrders.json", "[]\n") });
  const page = await assertFound(exchanged(made, ORDERS, "data/json/xrders.json"), [
    "exchanged data/json/orders.json",
    "exchanged data/json/xrders.json",
  ]);
  assert.deepEqual(page.tables, ["order_lines"]);
});

test("a member left out of the directory is missing", async () => {
  const page = await assertFound(undirected(zip, LINES), [`missing ${LINES}`]);
  assert.deepEqual(page.tables, ["orders"]);
});

test("a member that no manifest lists is unlisted, and is not given out", async () => {
  const added = await sealed({ tamper: (files) => files.set("data/extra.txt", "more") });
  const page = await assertFound(added, ["unlisted data/extra.txt"]);
  await assert.rejects(page.ask({ T: "file", path: "data/extra.txt" }), /unlisted/);
});

test("a member with another content of the same passphrase is changed", async () => {
  await assertFound(await sealed({ tamper: (files) => files.set("report.pdf", "%PDF another") }), ["changed report.pdf"]);
});

test("a changed README is found, and a changed open.html is another page", async () => {
  await assertFound(flipped(zip, placeIn(zip, "README.txt").data), ["changed README.txt"]);
  await assertFound(flipped(zip, placeIn(zip, "open.html").data), ["other-page open.html"]);
  await assertFound(await sealed({ tamper: (files) => files.set("open.html", "another") }), ["other-page open.html"]);
  await assertFound(await sealed({ tamper: (files) => files.set("README.txt", "another") }), ["changed README.txt"]);
});

test("a member that needs no passphrase is not believed, because anybody could have put it there", async () => {
  const page = await assertFound(await sealed({ plain: ["README.txt", "open.html", ORDERS] }), [`changed ${ORDERS}`]);
  assert.deepEqual(page.tables, ["order_lines"]);
  await assertFound(await sealed({ plain: ["tagmanifest-sha256.txt"] }), ["changed tagmanifest-sha256.txt"]);
  await assertRefused(await sealed({ plain: [...(await namesIn())] }), "not-ours");
});

async function namesIn() {
  /** @type {string[]} */
  const names = [];
  await sealed({ tamper: (files) => void names.push(...files.keys()) });
  return names;
}

test("a name that differs in one header is a change", async () => {
  await assertFound(renamed(zip, ORDERS, "data/json/0rders.json", { central: false }), [`changed ${ORDERS}`]);
  await assertFound(renamed(zip, ORDERS, "data/json/0rders.json", { local: false }), [
    `missing ${ORDERS}`,
    "unlisted data/json/0rders.json",
  ]);
});

test("a changed manifest is found, and nothing is shown that it should have proven", async () => {
  const page = await assertFound(flipped(zip, placeIn(zip, "manifest-sha256.txt").data + 20), ["changed manifest-sha256.txt"]);
  assert.deepEqual(page.tables, []);
  const other = await assertFound(flipped(zip, placeIn(zip, "tagmanifest-sha256.txt").data + 20), [
    "changed tagmanifest-sha256.txt",
  ]);
  assert.deepEqual(other.tables, []);
  const left = await assertFound(undirected(zip, "manifest-sha256.txt"), ["missing manifest-sha256.txt"]);
  assert.deepEqual(left.tables, []);
});

test("a manifest with content of its own is not what the other lists", async () => {
  const made = await sealed({ tamper: (files) => files.set("manifest-sha256.txt", `${"0".repeat(64)}  data/x\n`) });
  await assertFound(made, ["changed manifest-sha256.txt"]);
});

test("a manifest that leaves out the other, or lists what is not its own, proves nothing", async () => {
  const { tag, own } = { tag: "tagmanifest-sha256.txt", own: "manifest-sha256.txt" };
  /** @type {ReadonlyArray<[string, string, (text: string) => string]>} */
  const changes = [
    [tag, "changed", (text) => text.replace(/.* manifest-sha256.txt\n/, "")],
    [tag, "changed", (text) => text.replace("bagit.txt", "data/x.txt")],
    [tag, "changed", (text) => `${text}${text}`],
    [own, "unreadable", (text) => text.replaceAll("data/", "other/")],
  ];
  for (const [path, kind, change] of changes) {
    const made = await sealed({
      tamper: (files) => {
        files.set(path, change(String(files.get(path))));
        if (path === own) files.set(tag, `${createHash("sha256").update(String(files.get(own))).digest("hex")}  ${own}\n`);
      },
    });
    const page = await checked(made);
    assert.ok(page.findings.includes(`${kind} ${path}`), page.findings.join());
    assert.deepEqual([page.complete, page.tables], [false, []]);
  }
});

test("appended bytes are a change", async () => {
  const appended = new Uint8Array(zip.length + 3);
  appended.set(zip);
  await assertRefused(appended, "changed");
});

test("a download that was cut off is something else than what is no ZIP", async () => {
  for (const length of [zip.length - 1, zip.length - 100, zip.length >> 1, 30, 4]) {
    await assertRefused(zip.slice(0, length), "cut-off");
  }
  await assertRefused(new Uint8Array(0), "not-a-zip");
  await assertRefused(new TextEncoder().encode("%PDF-1.7 ".repeat(100)), "not-a-zip");
});

test("another tool's encrypted ZIP is not ours", async () => {
  const writer = new Uint8ArrayWriter();
  const other = new ZipWriter(writer, { password: PASSPHRASE, encryptionStrength: 3 });
  await other.add("photos/", undefined, { directory: true });
  await other.add("photos/one.txt", new Uint8ArrayReader(new Uint8Array(10)));
  const made = /** @type {Uint8Array<ArrayBuffer>} */ (await other.close());
  await assertRefused(made, "not-ours");
  await assertRefused(made, "not-ours", "wrong");
});

test("a weaker encryption than ours is not believed", async () => {
  await assertRefused(await sealed({ strength: 1 }), "not-ours");
});

test("what agrees and is not what the manifest says is unreadable", async () => {
  const counts = await sealed({ change: (files) => files.set(LINES, '[\n{"order_id":"O-2"}\n]\n') });
  assert.deepEqual((await assertFound(counts, [`unreadable ${LINES}`])).tables, ["orders"]);
  for (const content of ["[\n1,\n2,\n3\n]\n", '[\n{"a":1},\n{"a":1}\n{"a":1}\n]\n', "{}", "", '[\n{"a":1},\n{"a" 1},\n{"a":1}\n]\n']) {
    await assertFound(await sealed({ change: (files) => files.set(LINES, content) }), [`unreadable ${LINES}`]);
  }
  await assertFound(await sealed({ change: (files) => files.set("datapackage.json", "{}") }), ["unreadable datapackage.json"]);
});

test("a closed package answers nothing more, and sends nothing more", async () => {
  const page = pageOf(() => zip);
  await page.ask({ T: "open", size: zip.length, passphrase: PASSPHRASE });
  assert.equal(await page.ask({ T: "close" }), null);
  const before = page.events.length;
  await assert.rejects(page.ask({ T: "search", text: "tent", limit: 1 }), /unreadable/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(page.events.length, before);
});
