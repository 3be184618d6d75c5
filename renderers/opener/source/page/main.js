/* global WORKER */
/** Puts the page together: the worker, the file that is open, the screens, and how one gets from one to another. */

import { candidates } from "../passphrase/passphrase.js";
import { spoken, isSpoken, textsOf, filled } from "../texts/texts.js";
import { connect } from "./ask.js";
import { dropping } from "./dropping.js";
import { element, fill } from "./dom.js";
import { checkSpoken, frame } from "./frame.js";
import { recordDialog } from "./record.js";
import { datasetScreen } from "./screens/dataset.js";
import { filesScreen } from "./screens/files.js";
import { overviewScreen } from "./screens/overview.js";
import { searchScreen } from "./screens/search.js";
import { startScreen } from "./screens/start.js";
import { after, datasetOf, UNKNOWN } from "./state.js";
import { startWorker } from "./start_worker.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Place} Place */
/** @typedef {import("./page.js").Opened} Opened */
/** @typedef {import("../texts/texts.js").Language} Language */

/** @type {string} */
// @ts-expect-error -- the build puts the worker's text here
const workerText = WORKER;

const TOAST = 6000;

const root = element("div", { class: "page" });
const announcer = element("div", { id: "announcer", role: "status", class: "unseen" });
const toast = element("div", { id: "toast", role: "status", class: "toast" });
const kept = { file: /** @type {File|null} */ (null), typed: "" };
/** What the history of the browser numbers; nothing of a package is in the browser's own. */
const trail = [/** @type {Place} */ ({ screen: "start" })];
const now = {
  step: 0,
  toastTimer: 0,
  chosenLanguage: false,
  spoken: "",
  watchers: /** @type {(() => void)[]} */ ([]),
  drawFrame: () => {},
  markFrame: () => {},
  content: /** @type {HTMLElement} */ (root),
  choose: /** @type {(file: File|null) => void} */ (() => {}),
  record: /** @type {ReturnType<typeof recordDialog>|null} */ (null),
};

const ask = connect(startWorker(workerText), read, heard);

/** @type {Page} */
const page = {
  ask,
  reader: readerOf(spoken(navigator.languages), "UTC"),
  state: UNKNOWN,
  place: { screen: "start" },
  go,
  watch: (listener) => now.watchers.push(listener),
  announce: (text) => fill(announcer, [text]),
  notify,
  openRecord,
  open,
};

/**
 * @param {Language} language
 * @param {string} timeZone
 * @returns {Page["reader"]}
 */
function readerOf(language, timeZone) {
  return { language, texts: textsOf(language), timeZone };
}

/**
 * @param {number} offset
 * @param {number} length
 */
async function read(offset, length) {
  return kept.file ? kept.file.slice(offset, offset + length).arrayBuffer() : new ArrayBuffer(0);
}

/** @param {import("./ask.js").News} event */
function heard(event) {
  page.state = after(page.state, event);
  if (event.event === "described") described(event.description);
  now.drawFrame();
  for (const watcher of now.watchers) watcher();
  const spoken = checkSpoken(page);
  if (spoken !== now.spoken) page.announce(spoken);
  now.spoken = spoken;
}

/** @param {import("../protocol.js").Description} description */
function described({ language, controller }) {
  const primary = language.toLowerCase().split("-")[0] ?? "";
  const own = isSpoken(primary) && !now.chosenLanguage ? primary : page.reader.language;
  page.reader = readerOf(own, controller.timeZone);
  if (page.place.screen === "start") return;
  redraw();
  focusTitle();
}

/** @type {Page["open"]} */
async function open(file, typed) {
  kept.file = file;
  page.state = UNKNOWN;
  for (const passphrase of candidates(typed, page.reader.language)) {
    const answer = await ask({ T: "open", size: file.size, passphrase });
    if (answer.opened) {
      kept.typed = "";
      go({ screen: "overview" });
      return null;
    }
    if (answer.why !== "wrong-passphrase") return answer.why;
  }
  return "wrong-passphrase";
}

function close() {
  void ask({ T: "close" });
  kept.file = null;
  kept.typed = "";
  page.state = UNKNOWN;
  trail.length = 1;
  go({ screen: "start" });
}

/** @param {Place} place */
function go(place) {
  now.step += 1;
  trail.length = now.step;
  trail.push({ ...place });
  history.pushState({ step: now.step }, "");
  show({ ...place });
}

/** @param {Place} place */
function show(place) {
  const framed = page.place.screen !== "start" && place.screen !== "start";
  page.place = place;
  trail[now.step] = place;
  if (!framed) drawFrame();
  drawScreen();
  window.scrollTo(0, 0);
  focusTitle();
}

/** Whoever does not see the screen hears that it is another one. */
function focusTitle() {
  document.getElementById("screen-title")?.focus({ preventScroll: true });
}

function redraw() {
  drawFrame();
  drawScreen();
}

function drawFrame() {
  const made = frame(page, { speak, close });
  now.drawFrame = made.draw;
  now.markFrame = made.mark;
  now.content = made.content;
  document.documentElement.lang = page.reader.language;
  fill(root, made.nodes);
}

function drawScreen() {
  now.watchers = [];
  now.record?.close();
  const { texts } = page.reader;
  fill(now.content, [screenOf(page.place)]);
  now.markFrame();
  const title = document.getElementById("screen-title")?.textContent ?? "";
  const name = page.state.description?.controller.name ?? texts.title;
  document.title = page.place.screen === "start" ? texts.title : filled(texts.titleOf, { screen: title, name });
}

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
function screenOf(place) {
  if (place.screen === "overview") return overviewScreen(page);
  if (place.screen === "search") return searchScreen(page, place);
  if (place.screen === "files") return filesScreen(page);
  const dataset = place.screen === "dataset" ? datasetOf(page.state, place.dataset) : undefined;
  if (place.screen === "dataset" && dataset) return datasetScreen(page, dataset, place);
  const start = startScreen(page, kept);
  now.choose = start.choose;
  return start.node;
}

/** @param {Language} language */
function speak(language) {
  now.chosenLanguage = true;
  page.reader = readerOf(language, page.reader.timeZone);
  redraw();
  document.getElementById("language")?.focus();
}

/** @param {string} text */
function notify(text) {
  fill(toast, [text]);
  clearTimeout(now.toastTimer);
  now.toastTimer = window.setTimeout(() => fill(toast, []), TOAST);
}

/** @param {Opened} opened */
function openRecord(opened) {
  const before = document.activeElement;
  now.record ??= recordDialog(page, () => {
    now.record = null;
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  now.record.open(opened);
}

window.addEventListener("popstate", (event) => {
  const step = Number(/** @type {{step?: number}|null} */ (event.state)?.step ?? 0);
  const place = trail[step];
  now.step = place && step < trail.length ? step : 0;
  // A package that was closed does not come back.
  const closed = page.state.description === null && page.place.screen === "start";
  show(place && !closed ? place : { screen: page.place.screen === "start" ? "start" : "overview" });
});

document.getElementById("static")?.remove();
document.body.prepend(root, announcer, toast);
dropping(page, (file) => {
  if (page.place.screen === "start") now.choose(file);
});
show({ screen: "start" });
