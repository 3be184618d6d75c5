import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalText } from "../../../../renderers/opener/source/page/decimals.js";
import {
  dayOf,
  instantText,
  maskedText,
  monthText,
  sizeText,
  valueText,
  visible,
} from "../../../../renderers/opener/source/page/values.js";
import { regional } from "../../../../renderers/opener/source/page/formats.js";
import { textsOf } from "../../../../renderers/opener/source/texts/texts.js";

/** @typedef {import("../../../../renderers/opener/source/protocol.js").Field} Field */
/** @typedef {import("../../../../renderers/opener/source/page/values.js").Reader} Reader */

/** @type {Field} */
const FIELD = {
  name: "total",
  title: "Total",
  description: "The price.",
  kind: "text",
  origin: "observed",
  codes: [],
  currencyField: null,
  masked: false,
};

/**
 * @param {"en"|"de"|"fr"} language
 * @param {string} [timeZone]
 * @returns {Reader}
 */
const reader = (language, timeZone = "Europe/London") => ({ language, texts: textsOf(language), timeZone });

/**
 * @param {Partial<Field>} field
 * @param {unknown} value
 * @param {"en"|"de"|"fr"} [language]
 */
const shown = (field, value, language = "en") =>
  valueText({ ...FIELD, ...field }, value, { currency: "GBP" }, reader(language));

test("a code is its meaning, and an unknown one stays", () => {
  const codes = [{ value: "paid", title: "Paid", description: "" }, { value: "3", title: "Three", description: "" }];
  assert.equal(shown({ codes }, "paid"), "Paid");
  assert.equal(shown({ codes, kind: "integer" }, 3), "Three");
  assert.equal(shown({ codes }, "toString"), "toString");
});

test("an amount has every digit of its text, in any language", () => {
  assert.equal(decimalText("12345678901234567890.10", "en"), "12,345,678,901,234,567,890.10");
  assert.equal(decimalText("0.1000000000000000000000000001", "de"), "0,1000000000000000000000000001");
  assert.equal(decimalText("-0.50", "en"), "-0.50");
  assert.equal(decimalText("-1842.00", "fr"), "-1\u202f842,00");
  assert.equal(decimalText("7", "de"), "7");
  assert.equal(decimalText("1e5", "de"), "1e5");
});

test("money has its currency, and no digits that it did not have", () => {
  assert.equal(shown({ kind: "decimal", currencyField: "currency" }, "1842.00"), "\u00a31,842.00");
  assert.equal(shown({ kind: "decimal", currencyField: "currency" }, "1842.005", "de"), "1.842,005\u00a0\u00a3");
  assert.equal(shown({ kind: "decimal", currencyField: "currency" }, "5"), "\u00a35");
  assert.equal(shown({ kind: "decimal", currencyField: "missing" }, "5.10"), "5.10");
  assert.equal(decimalText("5.10", "en", "POINTS"), "5.10 POINTS");
});

test("a number is not rounded", () => {
  assert.equal(shown({ kind: "number" }, 0.123456789), "0.123456789");
  assert.equal(shown({ kind: "integer" }, 12345678901234567890n), "12,345,678,901,234,567,890");
  assert.equal(shown({ kind: "number" }, 1e21), "1e+21");
});

test("an instant is in the controller's time zone", () => {
  assert.equal(instantText("2026-07-01T23:30:00Z", reader("en")).replace(/\s/gu, " "), "Jul 2, 2026, 12:30:00 AM");
  assert.equal(instantText("2026-07-01T23:30:00+02:00", reader("de", "Europe/Berlin")), "01.07.2026, 23:30:00");
  assert.equal(dayOf("2026-07-01T23:30:00Z", reader("de")), "02.07.2026");
});

test("a time zone that the browser does not know does no harm", () => {
  assert.match(instantText("2026-07-01T12:30:00Z", reader("de", "Mars/Olympus")), /2026/);
});

test("what is no instant, day or month stays as it is", () => {
  assert.equal(shown({ kind: "instant" }, "yesterday"), "yesterday");
  assert.equal(shown({ kind: "date" }, "0000-00-00"), "0000-00-00");
  assert.equal(monthText("never", "en"), "never");
});

test("a day is not moved by any time zone", () => {
  assert.equal(shown({ kind: "date" }, "2026-03-01", "de"), "01.03.2026");
  assert.equal(monthText("2026-03", "fr"), "mars 2026");
  assert.equal(monthText("2026", "fr"), "2026");
});

test("a boolean is yes or no, and an absent value is nothing", () => {
  assert.deepEqual(["en", "de", "fr"].map((language) => shown({ kind: "boolean" }, true, /** @type {"en"} */ (language))), ["yes", "ja", "oui"]);
  assert.equal(shown({ kind: "boolean" }, false), "no");
  assert.equal(shown({}, null), "");
  assert.equal(shown({}, ""), "");
});

test("a structure is readable", () => {
  assert.equal(shown({ kind: "structure" }, { step: 1, coupon: null, to: { city: "Ely" } }), "step: 1 \u00b7 coupon: \u2013 \u00b7 to: (city: Ely)");
  assert.equal(shown({ kind: "structure" }, ["a", true]), "a, yes");
  assert.equal(shown({ kind: "text" }, { a: 1 }), "a: 1");
});

test("a masked value shows its last characters, and a short one none", () => {
  assert.equal(maskedText("GB29NWBK60161331926819"), `${"\u2022".repeat(18)}6819`);
  assert.equal(maskedText("1234567"), "\u2022".repeat(7));
});

test("control characters can be seen", () => {
  assert.equal(visible("a\u0000b\u001b\u007f\n\t"), "a\u2400b\u241b\u2421\n\t");
});

test("bytes are counted, and sizes are written", () => {
  assert.equal(shown({ kind: "bytes" }, "AAECAw=="), "4 bytes");
  assert.equal(sizeText(999, "en"), "999 byte");
  assert.equal(sizeText(2_600_000, "de"), "2,6 MB");
  assert.equal(sizeText(0, "en"), "0 byte");
});

test("days and numbers are written as where the reader is, if they read that language", () => {
  assert.equal(regional("en", ["de-AT", "en-GB", "en-US"]), "en-GB");
  assert.equal(regional("fr", ["de-AT", "en-GB"]), "fr");
  assert.equal(regional("de", []), "de");
});
