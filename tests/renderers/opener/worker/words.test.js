import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords } from "../../../../renderers/opener/source/worker/words.js";

const DESCRIBED = {
  reference: "orders",
  datasets: [{ name: "Orders", title: "Orders", fields: [{ name: "id", title: "Number", codes: [{ value: "Number", title: "Orders" }] }] }],
  gaps: [{ source: "Orders", dataset: null, reason: "down" }],
  terms: { legalBases: ["Our terms"], recipients: [{ name: "Orders", description: "Carries parcels" }] },
};
const WORDS = { Orders: "Bestellungen", Number: "Nummer", down: "ausgefallen", "Our terms": "Unsere Bedingungen" };

test("texts for the reader are translated wherever they stand, names and values are not", () => {
  assert.deepEqual(inWords(DESCRIBED, WORDS), {
    reference: "orders",
    datasets: [{ name: "Orders", title: "Bestellungen", fields: [{ name: "id", title: "Nummer", codes: [{ value: "Number", title: "Bestellungen" }] }] }],
    gaps: [{ source: "Orders", dataset: null, reason: "ausgefallen" }],
    terms: { legalBases: ["Unsere Bedingungen"], recipients: [{ name: "Orders", description: "Carries parcels" }] },
  });
});

test("without words, and with words that are none, texts stay as they are", () => {
  for (const words of [null, {}, { down: 7 }, { down: "" }, "no words"]) assert.deepEqual(inWords(DESCRIBED, words), DESCRIBED);
});

test("a text named like something of the language itself is no word", () => {
  const described = { title: "constructor", description: "__proto__" };
  assert.deepEqual(inWords(described, {}), described);
});
