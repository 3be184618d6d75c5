import assert from "node:assert/strict";
import { test } from "node:test";
import { narrow } from "../../../../renderers/opener/source/worker/narrow.js";
import { randomFrom } from "./tables.js";

const random = randomFrom(48);
/** Of which the last bytes of one and the first of another would be a third, if they were of the same range. */
const ALIKE = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => 3 * (48 * 48 + 48 + 1) + (bits >> 2) * 48 * 48 + ((bits >> 1) & 1) * 48 + (bits & 1));
const UNITS = [0, 97, 127, 128, 0xa0, 0xff, 0x100, 0x5317, 0xd83d, 0xde00, 0xffff, ...ALIKE];

/** @param {number} longest */
function anyText(longest) {
  return String.fromCharCode(...Array.from({ length: 1 + random(longest) }, () => UNITS[random(UNITS.length)] ?? 0));
}

test("every letter stays different, and needs one byte only", () => {
  const all = Array.from({ length: 0x10000 }, (_, unit) => narrow(String.fromCharCode(unit)));
  assert.equal(new Set(all).size, 0x10000);
  // eslint-disable-next-line no-control-regex -- everything that one byte can be
  assert.match(all.join(""), /^[\x00-\x7f\xa0-\xff]*$/);
});

test("a text is found in another exactly where it is in it", () => {
  const found = [0, 0];
  for (let draw = 0; draw < 5000; draw++) {
    const [text, what] = [anyText(30), anyText(2)];
    const is = text.includes(what);
    assert.equal(narrow(text).includes(narrow(what)), is, JSON.stringify([text, what]));
    found[Number(is)] = (found[Number(is)] ?? 0) + 1;
  }
  assert.ok(found.every((times) => times > 500), String(found));
});
