import assert from "node:assert/strict";
import { test } from "node:test";
import { LIST_LANGUAGES, unpack, wordList } from "../../../../renderers/opener/source/passphrase/lists.js";
import { candidates, languageOf, unknownWords } from "../../../../renderers/opener/source/passphrase/passphrase.js";
import { completed, completions } from "../../../../renderers/opener/source/passphrase/completion.js";
import { splits } from "../../../../renderers/opener/source/passphrase/splits.js";

/** @typedef {import("../../../../renderers/opener/source/passphrase/lists.js").ListLanguage} ListLanguage */

/**
 * Eight words of a list, spread over it; no two of them are read together as another.
 * @param {ListLanguage} language
 */
function eight(language) {
  const { words } = wordList(language);
  return Array.from({ length: 8 }, (_, at) => words[(at * 911 + 37) % words.length] ?? "");
}

/** @param {string} text */
const first = (text) => candidates(text, "en")[0];

test("a packed list is the words in their order", () => {
  assert.deepEqual(unpack("AabbeyDotFsAzebra", ""), ["abbey", "abbot", "abbots", "zebra"]);
  assert.deepEqual(unpack("1eyDotFsAzebra", "0bb2a01A2"), ["abbey", "abbot", "abbots", "zebra"]);
});

for (const language of LIST_LANGUAGES) {
  const words = eight(language);
  const right = words.join("-");

  test(`${language}: a passphrase as it was given is tried first`, () => assert.equal(first(right), right));

  test(`${language}: capitals, spaces of any kind and dashes of any kind are forgiven`, () => {
    assert.equal(first(right.toUpperCase()), right);
    for (const between of [" ", "\u00a0", "\u202f", "\u3000", "  ", "\t", "\u2013", "\u2014", " \u2011 ", "\u2212", "_", ", "]) {
      assert.equal(first(` ${words.join(between)}${between}`), right, JSON.stringify(between));
    }
  });

  test(`${language}: missing hyphens are forgiven, one or all`, () => {
    assert.ok(candidates(words.join(""), "en").includes(right) || language !== "en");
    const one = `${words.slice(0, 3).join("-")}${words.slice(3).join("-")}`;
    assert.ok(candidates(one, language).includes(right), one);
    assert.ok(candidates(words.join(""), language).includes(right));
  });

  test(`${language}: the language is known by the words`, () => {
    for (const preferred of LIST_LANGUAGES) assert.equal(languageOf(words, preferred), language);
  });
}

test("letters of full width and ligatures are forgiven", () => {
  const right = eight("en").join("-");
  const wide = right.replace(/[a-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
  assert.equal(first(wide), right);
  assert.ok(candidates(wide.replaceAll("-", ""), "en").includes(right));
});

test("the numbers of a numbered list are left out", () => {
  const words = eight("de");
  assert.equal(first(words.map((word, at) => `${at + 1}. ${word}`).join("\n")), words.join("-"));
});

test("a word with a space inside it is put together", () => {
  const [broken = "", ...others] = [...eight("en").slice(1), "backpedal"].reverse();
  const typed = [`${broken.slice(0, 4)} ${broken.slice(4)}`, ...others].join(" ");
  assert.ok(candidates(typed, "en").includes([broken, ...others].join("-")));
});

test("two words that read as one are tried both ways", () => {
  const list = wordList("fr");
  /** @param {string} word */
  const pair = (word) => splits(word, list).find((words) => words.length === 2);
  const whole = list.words.find(pair) ?? "";
  const apart = pair(whole) ?? [];
  assert.equal(apart.length, 2);
  const others = eight("fr").slice(0, 6);
  const tried = candidates([...others, whole].join("-"), "en");
  assert.equal(tried[0], [...others, ...apart].join("-"));
  assert.ok(tried.includes([...others, whole].join("-")));
});

test("a passphrase of another kind is tried exactly as typed", () => {
  for (const own of ["Tr0ub4dor&3", "two  spaces-And CAPITALS", "abacus-Abacus", "a.b.c", "12345678"]) {
    assert.ok(candidates(own, "en").includes(own), own);
  }
  assert.ok(candidates(" padded ", "en").includes(" padded "));
  assert.ok(candidates(eight("en").join("").repeat(3), "en").includes(eight("en").join("").repeat(3)));
});

test("nothing typed is nothing to try", () => assert.deepEqual(candidates("  ", "en").filter((each) => each.trim()), []));

test("few passphrases are tried", () => {
  assert.ok(candidates(wordList("en").words.slice(0, 40).join(""), "en").length < 60);
});

test("a word that is in no list is named, with the one that was probably meant", () => {
  const words = eight("en");
  const slip = words.map((word, at) => (at === 2 ? `${word.slice(0, 1)}${word.slice(2)}` : word));
  assert.deepEqual(unknownWords(slip.join(" "), "de", false).map((each) => each.word), [slip[2]]);
  assert.equal(unknownWords("abacus abdomne abide", "en", false)[0]?.near, "abdomen");
  assert.equal(unknownWords("abacus qqqqqq abide", "en", false)[0]?.near, null);
});

test("a word that is still being typed is not named", () => {
  assert.deepEqual(unknownWords("abacus abdo", "en", true), []);
  assert.equal(unknownWords("abacus abdo ", "en", true).length, 1);
});

test("words are not named where none is known, because it is another kind of passphrase", () => {
  assert.deepEqual(unknownWords("Tr0ub4dor&3", "en", false), []);
});

test("words that run together are not named", () => assert.deepEqual(unknownWords("abacusabdomen abide", "en", false), []));

test("words complete as one types", () => {
  assert.deepEqual(completions("abacus-abd", "en"), ["abdomen", "abdominal"]);
  assert.deepEqual(completions("a", "en"), []);
  assert.deepEqual(completions("abacus ABDOMEN", "en"), []);
  assert.equal(completed("abacus ABD", "abdomen"), "abacus abdomen-");
});

test("the first word may be of any language, the next is of the language of the first", () => {
  assert.ok(completions("abarb", "en").includes("abarbeiten"));
  const german = completions("abarbeiten-ab", "en");
  assert.ok(german.length > 0 && german.every((word) => wordList("de").known.has(word)));
});

test("a text that is read in many ways ends soon", () => {
  const list = wordList("fr");
  const double = list.words.find((word) => splits(word, list).length > 1) ?? "";
  const begin = performance.now();
  candidates("acid".repeat(60), "en");
  candidates("z".repeat(5000), "fr");
  assert.deepEqual(splits(`${double.repeat(24)}q`, list), []);
  assert.ok(performance.now() - begin < 2000);
});

test("every list has all its words, in order", () => {
  for (const language of LIST_LANGUAGES) {
    const { words } = wordList(language);
    assert.ok(words.length > 7000 && words.every((word) => /^[a-z]{3,19}$/.test(word)), language);
    assert.deepEqual([...words].sort(), words);
  }
});
