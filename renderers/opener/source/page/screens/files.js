/** The files of the package: save one, or all as an ordinary ZIP, and read the report. */

import { button, element, fill } from "../dom.js";
import { nameOf, saveButton, whyNot } from "../save.js";
import { filled } from "../../texts/texts.js";

/** @typedef {import("../page.js").Page} Page */

const REPORT = "report.pdf";

/** @param {Page} page */
export function filesScreen(page) {
  const { texts } = page.reader;
  const { description } = page.state;
  const name = `${description?.reference ?? "package"}-unencrypted.zip`;
  const files = description?.files ?? [];
  return element("div", { class: "files" }, [
    element("h1", { id: "screen-title", tabindex: -1 }, [texts.files]),
    element("p", { class: "lead" }, [texts.filesText]),
    element("p", { class: "notice" }, [texts.unprotected]),
    saveButton(page, texts.saveAll, { name, class: "primary", obtain: () => page.ask({ T: "all" }) }),
    description?.report ? reportNode(page) : null,
    element("section", { "aria-labelledby": "files-title" }, [
      element("h2", { id: "files-title" }, [texts.filesOf]),
      ...folders(files).map(([folder, paths]) => folderNode(folder, paths, page)),
    ]),
  ]);
}

/**
 * @param {ReadonlyArray<string>} files
 * @returns {[string, string[]][]} each folder with the files in it
 */
export function folders(files) {
  /** @type {Map<string, string[]>} */
  const byFolder = new Map([["", []]]);
  for (const path of files) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  return [...byFolder].filter(([, paths]) => paths.length > 0);
}

/**
 * @param {string} folder
 * @param {string[]} paths
 * @param {Page} page
 */
function folderNode(folder, paths, page) {
  const heading = folder ? element("h3", {}, [element("code", {}, [folder])]) : null;
  return element("div", {}, [heading, element("ul", { class: "file-list" }, paths.map((path) => fileNode(path, page)))]);
}

/**
 * @param {string} path
 * @param {Page} page
 */
function fileNode(path, page) {
  const { texts } = page.reader;
  const name = nameOf(path);
  return element("li", {}, [
    element("bdi", { class: "path" }, [name]),
    saveButton(page, texts.save, { name, class: "link", label: filled(texts.saveFile, { name: path }), obtain: () => page.ask({ T: "file", path }) }),
  ]);
}

/** @param {Page} page */
function reportNode(page) {
  const { texts } = page.reader;
  const place = element("div", { class: "report", "aria-live": "polite" });
  const open = async () => {
    fill(place, [texts.loading]);
    try {
      const { bytes } = await page.ask({ T: "file", path: REPORT });
      showReport(place, bytes, page);
    } catch (error) {
      fill(place, [whyNot(error, page)]);
    }
  };
  return element("section", { "aria-labelledby": "report-title" }, [
    element("h2", { id: "report-title" }, [texts.report]),
    element("p", {}, [texts.reportText]),
    element("div", { class: "saving" }, [
      button(texts.openReport, () => void open(), { class: "plain", id: "open-report" }),
      saveButton(page, texts.saveReport, { name: REPORT, obtain: () => page.ask({ T: "file", path: REPORT }) }),
    ]),
    place,
  ]);
}

/**
 * @param {HTMLElement} place
 * @param {ArrayBuffer} bytes
 * @param {Page} page
 */
function showReport(place, bytes, { reader: { texts } }) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
  const close = button(texts.closeReport, () => {
    URL.revokeObjectURL(url);
    fill(place, []);
    document.getElementById("open-report")?.focus();
  }, { class: "plain" });
  fill(place, [
    element("p", { class: "hint" }, [texts.reportNote, " ", close]),
    element("iframe", { src: url, title: texts.report, class: "report-frame" }),
  ]);
}
