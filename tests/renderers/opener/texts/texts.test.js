import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, filled, LANGUAGES, spoken, textsOf } from "../../../../renderers/opener/source/texts/texts.js";

/** @typedef {import("../../../../renderers/opener/source/texts/texts.js").Language} Language */

const LANGUAGE_TAGS = /** @type {Language[]} */ (Object.keys(LANGUAGES));

/**
 * Every text of a language by its path, such as `findings.changed`.
 * @param {object} texts
 * @param {string} [path]
 * @returns {[string, string][]}
 */
function everyText(texts, path = "") {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === "string" ? [[`${path}${name}`, text]] : everyText(text, `${path}${name}.`),
  );
}

/** @param {string} text */
const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

/** @param {string} text */
const withoutPlaceholders = (text) => text.replace(/\{\w+\}/g, "");

const inEnglish = new Map(everyText(textsOf("en")));

for (const language of LANGUAGE_TAGS) {
  const own = everyText(textsOf(language));

  test(`${language}: no text is missing or empty`, () => {
    const names = new Set(own.map(([name]) => name));
    assert.deepEqual([...inEnglish.keys()].filter((name) => !names.has(name)), []);
    assert.deepEqual(own.filter(([, text]) => !text.trim()), []);
  });

  test(`${language}: a text has the placeholders of the English one`, () => {
    for (const [name, text] of own) {
      const english = inEnglish.get(name) ?? inEnglish.get(name.replace(".many", ".other")) ?? "";
      assert.deepEqual(placeholders(text), placeholders(english), name);
    }
  });

  test(`${language}: every plural of the language has a form`, () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const forms = own.filter(([name]) => name.endsWith(".other")).map(([name]) => name.slice(0, -".other".length));
    assert.ok(forms.length > 5);
    for (const name of forms) {
      for (const form of needed) assert.ok(own.some(([each]) => each === `${name}.${form}`), `${name}.${form}`);
    }
  });
}

test("French has its spaces", () => {
  for (const [name, text] of everyText(textsOf("fr"))) {
    assert.doesNotMatch(text, /[^\u202f][;?!]/u, name);
    assert.doesNotMatch(text, /[^\u00a0]:/u, name);
    assert.doesNotMatch(text, /\u00ab[^\u00a0]|[^\u00a0]\u00bb/u, name);
    assert.doesNotMatch(text, /'/u, name);
  }
});

test("German quotes as Germans do, and says Sie", () => {
  for (const [name, text] of everyText(textsOf("de"))) {
    assert.doesNotMatch(text, /["'\u201d]/u, name);
    assert.doesNotMatch(text, /\b(du|dich|dir|dein\w*)\b/iu, name);
  }
});

test("no text was left in English", () => {
  for (const language of /** @type {Language[]} */ (["de", "fr"])) {
    for (const [name, text] of everyText(textsOf(language))) {
      const words = withoutPlaceholders(text).trim();
      assert.ok(words.length < 12 || inEnglish.get(name) !== text, `${language}: ${name}`);
    }
  }
});

test("a number is written as the language does, in its plural", () => {
  const forms = { one: "{n} word", many: "{n} of words", other: "{n} words" };
  assert.equal(counted(forms, 1, "en"), "1 word");
  assert.equal(counted(forms, 1234, "en"), "1,234 words");
  assert.equal(counted(forms, 1234, "de"), "1.234 words");
  assert.equal(counted(forms, 0, "fr"), "0 word");
  assert.equal(counted(forms, 1_000_000, "fr"), "1\u202f000\u202f000 of words");
  assert.equal(counted({ one: "a", other: "b" }, 1_000_000, "fr"), "b");
});

test("a brace or a dollar in a value is text", () => {
  assert.equal(filled("{a} and {b}", { a: "{b}", b: "$&" }), "{b} and $&");
  assert.equal(filled("{unknown}", {}), "{unknown}");
});

test("a reader gets the first language that the page speaks", () => {
  assert.equal(spoken(["nl", "de-AT", "en"]), "de");
  assert.equal(spoken(["FR-ca"]), "fr");
  assert.equal(spoken(["constructor", "ja"]), "en");
  assert.equal(spoken([]), "en");
});
