import assert from "node:assert/strict";
import { test } from "node:test";
import { folded } from "../../../../renderers/opener/source/worker/folding.js";
import { randomFrom, searchable } from "./tables.js";

const LETTERS = [
  ..."abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 .-@/\"\\,:{}[]",
  ..."äöüßéèêñçøłđæœåžşğİıſﬁ½ｆｕｌｌ",
  ..."ΣςσάЖйкёאבגקמَّدمحمدпр",
  ..."北京張偉東한국어กำหนด😀𝔘",
  "\n", "\t", "\u0000", "\u001e", "\u001f", "\u00a0", "a\u0301", "\u2028",
];
const CODES = { type: "string", oneOf: [{ const: "p1", title: "Überwiesen" }, { const: "s2", title: "Straße frei" }] };
const FIELDS = { name: {}, other: {}, number: { type: "integer" }, code: CODES, more: { type: "object" } };
const random = randomFrom(19);

/** @param {number} longest */
function anyText(longest) {
  return Array.from({ length: 1 + random(longest) }, () => LETTERS[random(LETTERS.length)]).join("");
}

/** @param {number} index */
function anyRecord(index) {
  // Of the second block, one in two hundred has half of a pair, which UTF-8 does not know.
  const half = index > 2048 && index % 200 === 7 ? "\ud83d" : "";
  return {
    name: anyText(8) + half,
    other: random(4) === 0 ? null : anyText(30),
    number: random(2) === 0 ? random(100_000) : -random(100) / 8,
    code: ["p1", "s2", "unknown", null][random(4)],
    more: [null, [anyText(3), random(50)], { [anyText(3)]: { deep: anyText(5), no: true } }][random(3)],
  };
}

/**
 * @param {unknown} value
 * @returns {string[]} every text in a value
 */
function textsIn(value) {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [String(value)];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value)].flatMap(textsIn);
}

/** @type {ReadonlyArray<(text: string) => string>} */
const SPELLINGS = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => text.normalize("NFD").replace(/\p{M}/gu, ""),
  (text) => text.normalize("NFD"),
  (text) => text.normalize("NFC").toUpperCase(),
  (text) => {
    const letters = [...text];
    const from = random(letters.length);
    return letters.slice(from, from + 1 + random(letters.length)).join("");
  },
];

/**
 * @param {unknown} record
 * @returns {string[]} all that must be found in it
 */
function findable(record) {
  const code = Object(record).code;
  const titles = CODES.oneOf.filter((each) => each.const === code).map(({ title }) => title);
  return [...Object.values(Object(record)).flatMap(textsIn), ...titles];
}

/** @param {string[]} values */
function anySpelling(values) {
  const value = values[random(values.length)] ?? "";
  return SPELLINGS[random(SPELLINGS.length)]?.(value) ?? "";
}

test("any value of any record is found, in any spelling, before and after the texts are ready, and nothing else", async (t) => {
  const records = Array.from({ length: 2500 }, (_, index) => anyRecord(index));
  const texts = records.map((record) => findable(record).map(folded));
  const tables = [false, true].map((ready) => searchable(records, FIELDS, ready));
  assert.deepEqual(tables.map(({ blocks }) => blocks), [0, 2]);
  let compared = 0;
  for (let draw = 0; draw < 140; draw++) {
    const index = random(records.length);
    const typed = anySpelling(findable(records[index]));
    const what = folded(typed).trim() || folded(typed);
    if (what === "") continue;
    compared += 1;
    const expected = texts.flatMap((each, at) => (each.some((text) => text.includes(what)) ? [at] : []));
    assert.ok(expected.includes(index), `${JSON.stringify(typed)} is not in record ${index}`);
    for (const table of tables) {
      const hits = await table.search(typed, 5000);
      assert.deepEqual([hits.count, hits.indexes], [expected.length, expected], JSON.stringify(typed));
    }
  }
  t.diagnostic(`${compared} of 140 draws were compared; the others are of marks only`);
  assert.ok(compared >= 130);
});

const PEOPLE = [
  { name: "Müller, Jürgen", code: "p1", number: 12345678901234567890n.toString() },
  { name: "STRASSE ßtraße", code: null, number: 7 },
  { name: "Łukasz Ørsted ｆｕｌｌ", code: "s2", number: 70 },
  { name: "محمّد عليّ", code: "p1", number: 1.5 },
  { name: "張偉 北京", code: null, number: null },
  { name: 'a "quoted" \\ path\nnext', code: null, number: null },
];

for (const ready of [false, true]) {
  const when = ready ? "after" : "before";
  const table = searchable(PEOPLE, FIELDS, ready);

  /**
   * @param {string} text
   * @param {number[]} indexes
   */
  const assertFound = async (text, indexes) => assert.deepEqual((await table.search(text)).indexes, indexes, text);

  test(`neither case nor accents nor width matter ${when} the texts are ready`, async () => {
    await assertFound("mueller", []);
    for (const text of ["muller", "MÜLLER", "m\u0075\u0308ller", "ürGen"]) await assertFound(text, [0]);
    for (const text of ["strasse sstrasse", "ßtrasse", "STRAßE S", "sse s"]) await assertFound(text, [1]);
    for (const text of ["lukasz", "orsted", "ØRSTED", "FULL", "Ｆull"]) await assertFound(text, [2]);
    for (const text of ["محمد", "علي"]) await assertFound(text, [3]);
    for (const text of ["張偉", "北京"]) await assertFound(text, [4]);
    for (const text of ['"QUOTED"', "\\ path", "path\nnext"]) await assertFound(text, [5]);
  });

  test(`codes are found by their titles, names of fields and null are not found ${when} the texts are ready`, async () => {
    await assertFound("uberwiesen", [0, 3]);
    await assertFound("strasse frei", [2]);
    await assertFound("p1", [0, 3]);
    for (const text of ["name", "code", "null", '","', "{", ":"]) await assertFound(text, []);
  });

  test(`a text does not reach from one value into the next ${when} the texts are ready`, async () => {
    for (const text of ["jurgen p1", "jurgenp1", "p11.5", "p1uberwiesen", "北京張"]) await assertFound(text, []);
    await assertFound("  orsted ", [2]);
    await assertFound("", []);
  });

  test(`escapes of JSON are read, also those that need not be there ${when} the texts are ready`, async () => {
    const lines = ['{"name":"\\u0041\\/\\ud83d\\ude00 \\u001e\\u00fcber \\ud835\\udd18nd"}', '{"name":"half \\ud83d of it"}', '{"name":"u0041"}'];
    for (const only of [[0, 2], [0, 1, 2]]) {
      const some = searchable(only.map((index) => lines[index] ?? ""), FIELDS, ready);
      assert.deepEqual((await some.search("a/😀  UBER UND")).indexes, [0]);
      assert.deepEqual((await some.search("u0041")).indexes, [only.length - 1]);
      assert.deepEqual((await some.search("HALF \ud83d of")).indexes, only.length === 3 ? [1] : []);
    }
  });

  test(`a hit names its field, and the value as stored or the title of its code ${when} the texts are ready`, async () => {
    const [name] = (await table.search("MULLER")).first;
    assert.deepEqual(name, { index: 0, field: "name", text: "Müller, Jürgen" });
    const [title] = (await table.search("STRASSE FREI")).first;
    assert.deepEqual(title, { index: 2, field: "code", text: "Straße frei" });
    const [number] = (await table.search("456789012345")).first;
    assert.deepEqual(number, { index: 0, field: "number", text: "12345678901234567890" });
  });

  test(`all hits are counted, and only as many given as asked for ${when} the texts are ready`, async () => {
    const many = searchable(Array.from({ length: 5000 }, (_, index) => ({ name: `item ${index % 2}` })), FIELDS, ready);
    const hits = await many.search("ITEM 1", 3);
    assert.equal(hits.count, 2500);
    assert.deepEqual(hits.indexes, [1, 3, 5]);
  });

  test(`of a long value, the part that was found is given ${when} the texts are ready`, async () => {
    const long = `${"lorem ipsum ".repeat(500)}ünique ${"dolor ".repeat(500)}`;
    const [hit] = (await searchable([{ name: long }], FIELDS, ready).search("UNIQUE")).first;
    assert.match(hit?.text ?? "", /^….*ünique.*…$/);
    assert.ok((hit?.text.length ?? 0) < 400);
  });
}
