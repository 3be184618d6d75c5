/** The first screen: which file, and which passphrase. */

import { element, fill, give } from "../dom.js";
import { passphraseField } from "../passphrase_field.js";
import { sizeText } from "../values.js";
import { filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../page.js").Refusal} Refusal */

/**
 * @param {Page} page
 * @param {{file: File|null, typed: string}} kept what was chosen and typed before the language changed
 */
export function startScreen(page, kept) {
  const { texts } = page.reader;
  const picker = element("input", { type: "file", id: "file", class: "picker", accept: ".zip,application/zip", "aria-describedby": "chosen file-error" });
  const chosen = element("p", { id: "chosen", class: "chosen" });
  const label = element("label", { for: "file", class: "drop" });
  const fileError = element("p", { id: "file-error", role: "alert", class: "bad" });
  const passphrase = passphraseField(page);
  const trouble = element("div", { id: "trouble", role: "alert", class: "trouble" });
  const submit = element("button", { type: "submit", id: "open", class: "primary" }, [texts.open]);
  passphrase.input.value = kept.typed;
  passphrase.input.addEventListener("input", () => (kept.typed = passphrase.input.value));

  /** @param {File|null} file */
  const choose = (file) => {
    kept.file = file ?? kept.file;
    drawChosen(kept.file, { page, label, chosen });
    fill(fileError, []);
    fill(trouble, []);
    if (file) passphrase.input.focus();
  };
  picker.addEventListener("change", () => choose(picker.files?.[0] ?? null));
  const send = async () => {
    fill(trouble, []);
    if (!kept.file) return void (fill(fileError, [texts.chooseFirst]), picker.focus());
    if (!passphrase.input.value.trim()) return void (fill(trouble, [texts.passphraseFirst]), passphrase.input.focus());
    busy(submit, texts.opening);
    const refusal = await page.open(kept.file, passphrase.input.value);
    busy(submit, null, texts.open);
    if (refusal === null) return;
    passphrase.check();
    fill(trouble, refused(refusal, page));
    passphrase.input.focus();
  };
  const form = element("form", { class: "open-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); void send(); } }, [
    element("section", { "aria-labelledby": "step-file" }, [element("h2", { id: "step-file" }, [texts.chooseHeading]), picker, label, chosen, fileError]),
    element("section", { "aria-labelledby": "step-passphrase" }, [element("h2", { id: "step-passphrase" }, [texts.passphraseHeading]), passphrase.node, trouble]),
    submit,
  ]);
  choose(null);
  const node = element("div", { class: "start" }, [introduction(page), form, notes(page)]);
  return { node, choose };
}

/**
 * @param {File|null} file
 * @param {{page: Page, label: HTMLElement, chosen: HTMLElement}} parts
 */
function drawChosen(file, { page, label, chosen }) {
  const { texts, language } = page.reader;
  fill(label, [
    element("span", { class: "button" }, [file ? texts.chooseOther : texts.choose]),
    " ",
    element("span", { class: "hint" }, [texts.drop]),
  ]);
  label.classList.toggle("has-file", file !== null);
  fill(chosen, file ? [element("bdi", {}, [filled(texts.chosen, { name: file.name, size: sizeText(file.size, language) })])] : []);
}

/**
 * @param {HTMLButtonElement} submit
 * @param {string|null} text while it is opened
 * @param {string} [after]
 */
function busy(submit, text, after = "") {
  give(submit, { disabled: text !== null });
  fill(submit, [text ?? after]);
}

/**
 * @param {Refusal} refusal
 * @param {Page} page
 */
function refused(refusal, { reader: { texts } }) {
  if (refusal !== "wrong-passphrase") return [element("p", {}, [element("strong", {}, [texts.findings[refusal]])])];
  return [element("p", {}, [element("strong", {}, [texts.wrongPassphrase])]), element("p", {}, [texts.wrongPassphraseHelp])];
}

/** @param {Page} page */
function introduction({ reader: { texts } }) {
  return element("div", { class: "introduction" }, [
    element("h1", { id: "screen-title", tabindex: -1 }, [texts.startHeading]),
    element("p", { class: "lead" }, [texts.startLead]),
  ]);
}

/** @param {Page} page */
function notes({ reader: { texts } }) {
  return element("div", { class: "notes" }, [
    element("section", {}, [element("h2", {}, [texts.safeHeading]), element("p", {}, [texts.safeText])]),
    element("section", {}, [element("h2", {}, [texts.otherHeading]), element("p", {}, [texts.otherText])]),
  ]);
}
