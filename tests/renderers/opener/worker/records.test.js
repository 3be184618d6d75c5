import assert from "node:assert/strict";
import { test } from "node:test";
import { eachToken } from "../../../../renderers/opener/source/worker/columns.js";
import { parsed } from "../../../../renderers/opener/source/worker/records.js";
import { cutter, recordAt } from "../../../../renderers/opener/source/worker/rows.js";
import { randomFrom, rowsOf } from "./tables.js";

const LONG = '{"a":9007199254740993,"b":[12345678901234567890.5,-0.12345678901234567890],"c":1e400,"d":"9007199254740993","e":1.50,"f":9007199254740992}';

test("a number that would not survive is the text of its digits", () => {
  assert.deepEqual(parsed(LONG), {
    a: "9007199254740993",
    b: ["12345678901234567890.5", "-0.12345678901234567890"],
    c: "1e400",
    d: "9007199254740993",
    e: 1.5,
    f: 9007199254740992,
  });
  assert.deepEqual(parsed('{"\\"a\\\\":"say \\"9007199254740993\\" 9007199254740993","b":9007199254740993}'), {
    '"a\\': 'say "9007199254740993" 9007199254740993',
    b: "9007199254740993",
  });
  assert.throws(() => parsed('{"a":9007199254740993 9007199254740993}'));
});

const STRANGE = [
  { text: "before\u0000after", 'na"me\\': "quote \" slash \\ line\n end" },
  { text: "\ud800 alone", "ключ": "محمد 張偉 😀", empty: "" },
  { "__proto__x": 1, text: "  ]\n},\n{ " },
  {},
];

test("any text passes unharmed, however the bytes come", () => {
  for (const chunk of [1, 2, 3, 64, 1 << 16]) {
    const rows = rowsOf(STRANGE, chunk);
    assert.deepEqual(STRANGE.map((_, index) => recordAt(rows, index)), STRANGE);
  }
});

test("columns have the values of their fields", () => {
  const random = randomFrom(3);
  const names = ["a", "ab", 'q"', "ü", "text"];
  const records = Array.from({ length: 9000 }, (_, index) => {
    const held = names.filter(() => random(3) > 0);
    return Object.fromEntries(held.map((name) => [name, [index, null, `x${index}"\\\n`, { a: [name] }, true][random(5)]]));
  });
  const rows = rowsOf(records, 1 << 16);
  for (const name of [...names, "none"]) {
    let visited = 0;
    eachToken(rows, name, (token, index) => {
      assert.equal(index, visited++);
      const value = records[index]?.[name] ?? null;
      assert.equal(token === null, value === null);
      assert.deepEqual(JSON.parse(token ?? "null"), value);
    });
    assert.equal(visited, records.length);
  }
});

test("an empty array has no records, and what is no array of a record a line has no rows", () => {
  assert.equal(rowsOf([]).count, 0);
  for (const text of ["", "[]", "[\n]\n", "[{}]\n", "[\n{}\n]", "[\n{},\n]\n", "[\n{}\n{}\n]\n", "[\n{}x\n{}\n]\n", "[\n[]\n]\n", '[\n{"a":}\n]\n', "[\n{}}\n]\n"]) {
    const bytes = new TextEncoder().encode(text);
    const cut = cutter(bytes);
    cut.written(0, bytes.length);
    assert.equal(cut.rows(), null, JSON.stringify(text));
  }
});
