/** The field for the passphrase: it completes words, and names those that it does not know. */

import { completed, completions } from "../passphrase/completion.js";
import { unknownWords } from "../passphrase/passphrase.js";
import { counted, filled } from "../texts/texts.js";
import { button, element, fill, give } from "./dom.js";

/** @typedef {import("./page.js").Page} Page */

/** @param {Page} page */
export function passphraseField(page) {
  const { texts, language } = page.reader;
  const input = element("input", {
    id: "passphrase",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "none",
    autocorrect: "off",
    spellcheck: "false",
    required: true,
    "aria-autocomplete": "list",
    "aria-controls": "words",
    "aria-expanded": "false",
    "aria-describedby": "passphrase-hint passphrase-words",
  });
  const list = element("ul", { id: "words", role: "listbox", "aria-label": texts.completions, hidden: true });
  const unknown = element("div", { id: "passphrase-words", class: "hint warn", "aria-live": "polite" });
  const field = { page, input, list, unknown, words: /** @type {string[]} */ ([]), active: -1 };
  const toggle = button(texts.hide, () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    fill(toggle, [hidden ? texts.hide : texts.show]);
    give(toggle, { "aria-pressed": hidden ? "false" : "true" });
  }, { class: "link", "aria-controls": "passphrase" });

  input.addEventListener("input", () => {
    field.words = input.selectionEnd === input.value.length ? completions(input.value, language) : [];
    field.active = -1;
    drawList(field);
    drawUnknown(field, true);
    if (field.words.length) page.announce(counted(texts.completionsFound, field.words.length, language));
  });
  input.addEventListener("keydown", (event) => onKey(field, event));
  input.addEventListener("blur", () => hide(field));
  const node = element("div", { class: "passphrase" }, [
    element("div", { class: "label-row" }, [element("label", { for: "passphrase" }, [texts.passphrase]), toggle]),
    element("div", { class: "combobox" }, [input, list]),
    element("p", { id: "passphrase-hint", class: "hint" }, [texts.passphraseHint]),
    unknown,
  ]);
  return { node, input, check: () => drawUnknown(field, false) };
}

/**
 * @typedef {object} FieldParts
 * @property {Page} page
 * @property {HTMLInputElement} input
 * @property {HTMLUListElement} list
 * @property {HTMLElement} unknown
 * @property {string[]} words that complete what is typed
 * @property {number} active
 */

/** @param {FieldParts} field */
function drawList(field) {
  const { input, list, words, active } = field;
  const options = words.map((word, at) => {
    const option = element("li", { role: "option", id: `word-${at}`, "aria-selected": at === active ? "true" : "false" }, [word]);
    // The field must not lose the focus before the word is in it.
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(field, word);
    });
    return option;
  });
  fill(list, options);
  list.hidden = words.length === 0;
  give(input, {
    "aria-expanded": words.length ? "true" : "false",
    "aria-activedescendant": active >= 0 ? `word-${active}` : null,
  });
}

/** @param {FieldParts} field */
function hide(field) {
  field.words = [];
  field.active = -1;
  drawList(field);
}

/**
 * @param {FieldParts} field
 * @param {string} word
 */
function take(field, word) {
  field.input.value = completed(field.input.value, word);
  hide(field);
  drawUnknown(field, true);
}

/**
 * @param {FieldParts} field
 * @param {KeyboardEvent} event
 */
function onKey(field, event) {
  const { words, active } = field;
  if (!words.length || event.isComposing) return;
  const steps = new Map([["ArrowDown", 1], ["ArrowUp", -1]]);
  const step = steps.get(event.key);
  const word = words[active];
  if (step !== undefined) {
    // One place more than there are words: none is chosen there.
    field.active = ((active + 1 + step + words.length + 1) % (words.length + 1)) - 1;
    drawList(field);
  } else if (event.key === "Escape") hide(field);
  else if (event.key === "Enter" && word !== undefined) take(field, word);
  else return;
  event.preventDefault();
}

/**
 * @param {Pick<FieldParts, "page"|"input"|"unknown">} field
 * @param {boolean} typing
 */
function drawUnknown({ page, input, unknown }, typing) {
  const { texts, language } = page.reader;
  const found = unknownWords(input.value, language, typing);
  const lines = found.map(({ word, near }) => {
    if (near === null) return element("p", {}, [filled(texts.unknownWord, { word })]);
    const use = button(filled(texts.useWord, { word: near }), () => {
      input.value = replaced(input.value, word, near);
      drawUnknown({ page, input, unknown }, typing);
      input.focus();
    }, { class: "link" });
    return element("p", {}, [filled(texts.unknownWordNear, { word, near }), " ", use]);
  });
  const named = found.map(({ word }) => word).join(" ");
  if (unknown.dataset["words"] === named) return;
  unknown.dataset["words"] = named;
  fill(unknown, lines);
}

/**
 * @param {string} text
 * @param {string} word in small letters
 * @param {string} near
 */
function replaced(text, word, near) {
  const at = text.toLowerCase().indexOf(word);
  return at < 0 ? text : `${text.slice(0, at)}${near}${text.slice(at + word.length)}`;
}
