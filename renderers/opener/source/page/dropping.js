/** A file can be dropped anywhere on the page. */

import { element } from "./dom.js";

/** @typedef {import("./page.js").Page} Page */

/**
 * @param {Page} page
 * @param {(file: File) => void} chosen
 */
export function dropping(page, chosen) {
  const curtain = element("div", { class: "curtain", hidden: true });
  document.body.append(curtain);
  /** @param {DragEvent} event */
  const isFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    // Otherwise the browser leaves this page and opens the file.
    event.preventDefault();
    curtain.textContent = page.reader.texts.dropNow;
    curtain.hidden = page.place.screen !== "start";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) curtain.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    curtain.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) chosen(file);
  });
}
