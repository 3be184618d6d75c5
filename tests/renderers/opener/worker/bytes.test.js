import assert from "node:assert/strict";
import { test } from "node:test";
import { PageReader } from "../../../../renderers/opener/source/worker/bytes.js";

const FILE = new Uint8Array(9 * 2 ** 20).map((_, at) => at % 251);

/** @param {(offset: number, length: number) => ArrayBuffer} [answer] */
function readerOf(answer = (offset, length) => FILE.slice(offset, offset + length).buffer) {
  /** @type {number[]} */
  const asked = [];
  const reader = new PageReader(FILE.length, async (offset, length) => {
    asked.push(offset);
    return answer(offset, length);
  });
  return { reader, asked };
}

test("two readers in turns read ahead each for itself", async () => {
  const { reader, asked } = readerOf();
  const step = 65_536;
  for (let at = 0; at < 4 * 2 ** 20; at += step) {
    for (const offset of [at, at + 5 * 2 ** 20]) {
      const length = Math.min(step, FILE.length - offset);
      if (length > 0) assert.deepEqual(await reader.readUint8Array(offset, step), FILE.slice(offset, offset + length));
    }
  }
  assert.equal(asked.length, 4);
});

test("what is read may be changed, and is read the same again", async () => {
  const { reader } = readerOf();
  (await reader.readUint8Array(10, 4)).fill(0);
  assert.deepEqual(await reader.readUint8Array(10, 4), FILE.slice(10, 14));
});

test("a file that has become shorter is cut off; nothing lies after its end", async () => {
  await assert.rejects(readerOf(() => new ArrayBuffer(1)).reader.readUint8Array(0, 9), /cut-off/);
  assert.equal((await readerOf().reader.readUint8Array(FILE.length, 9)).length, 0);
  assert.equal((await readerOf().reader.readUint8Array(FILE.length - 3, 9)).length, 3);
});
