import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, foldedPoint } from "../../../../renderers/opener/source/worker/folding.js";

/** Where letters have cases, accents or other forms. */
const RANGES = [
  [0, 0x3400], [0xa640, 0xac20], [0xd790, 0xd7ff], [0xf900, 0xffff],
  [0x10400, 0x10600], [0x1d400, 0x1d800], [0x1e900, 0x1ef00], [0x1f100, 0x1f200], [0x2f800, 0x2f900],
];
const POINTS = RANGES.flatMap(([from = 0, to = 0]) => Array.from({ length: to - from }, (_, at) => from + at));

test("a folded text stays as it is when it is folded again", () => {
  const changed = POINTS.filter((point) => folded(foldedPoint(point)) !== folded(String.fromCodePoint(point)));
  assert.deepEqual(changed, []);
});

test("a text is folded letter by letter", () => {
  for (let from = 0; from < POINTS.length; from += 977) {
    const points = POINTS.slice(from, from + 977);
    const whole = folded(String.fromCodePoint(...points));
    const parts = points.map((point) => folded(String.fromCodePoint(point))).join("");
    assert.equal(whole, parts);
  }
});

test("both cases of a letter are folded to the same, but for the Greek iota below, which is an accent here", () => {
  const different = POINTS.filter((point) => {
    const letter = String.fromCodePoint(point);
    const without = letter.normalize("NFD").includes("\u0345");
    return !without && [letter.toUpperCase(), letter.toLowerCase()].some((each) => folded(each) !== folded(letter));
  });
  assert.deepEqual(different.map((point) => point.toString(16)), []);
});

test("letters of many scripts", () => {
  for (const [text, expected] of [
    ["Straße", "strasse"], ["ŁÓDŹ", "lodz"], ["Ørsted", "orsted"], ["İstanbul ısı", "istanbul isi"],
    ["ΟΔΟΣ ὁδός", "οδοσ οδοσ"], ["ﬁn Ⅷ ㎏", "fin viii kg"], ["Ｆｕｌｌ", "full"], ["مُحَمَّد", "محمد"],
    ["張偉", "張偉"], ["\u0301", ""], ["a\u001eb\u001fc", "a b c"], ["10\u00a0000", "10 000"], ["\ud800x", "\ud800x"],
  ]) {
    assert.equal(folded(text ?? ""), expected);
  }
});
