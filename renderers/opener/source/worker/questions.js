/** Answers the page's questions about an opened package. */

import { arranged } from "./arrangement.js";
import { orderOf } from "./order.js";
import { recordAt } from "./rows.js";
import { allFiles, fileOf } from "./saving.js";
import { hitsIn, sought } from "./search.js";
import { timelineOf } from "./timeline.js";
import { Trouble } from "./trouble.js";

/** @typedef {import("../protocol.js").Question} Question */
/** @typedef {import("../protocol.js").AnswerOf} AnswerOf */
/** @typedef {import("./package.js").Package} Package */
/** @typedef {import("./arrangement.js").View} View */

/**
 * @typedef {object} Questions
 * @property {(question: Exclude<Question, {T: "open"|"close"}>) => Promise<AnswerOf[keyof AnswerOf]>} answer
 */

const PAUSE_EVERY = 40;

/**
 * @param {Package} pack
 * @param {() => Promise<unknown>} pause
 * @returns {Questions}
 */
export function questionsOf(pack, pause) {
  /** @type {Map<string, View & {view: number}>} */
  const views = new Map();
  let made = 0;
  let searches = 0;
  /** @type {Questions["answer"]} */
  const answer = async (question) => {
      switch (question.T) {
        case "arrange": {
          const view = viewOf(pack, question);
          views.set(question.dataset, { ...view, view: ++made });
          return { view: made, count: view.count, months: view.months };
        }
        case "rows":
          return { rows: rowsOf(pack, views.get(question.dataset), question) };
        case "beside":
          return { rows: besideOf(pack, question) };
        case "record":
          return readably(pack, question.dataset, (rows) => ({
            record: recordAt(rows, question.index),
            related: pack.related(question.dataset, question.index),
          }));
        case "search": {
          const search = ++searches;
          return hitsOf(pack, question, pacing(pause, () => search === searches && !pack.members.closed));
        }
        case "file":
          return { bytes: (await fileOf(pack, question.path)).buffer };
        case "all":
          return { bytes: (await allFiles(pack)).buffer };
      }
  };

  return {
    async answer(question) {
      pack.asked += 1;
      try {
        return await answer(question);
      } finally {
        pack.asked -= 1;
      }
    },
  };
}

/**
 * @param {() => Promise<unknown>} pause
 * @param {() => boolean} goesOn
 * @returns {() => Promise<boolean>} pauses now and then; false where a newer search has come
 */
function pacing(pause, goesOn) {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < PAUSE_EVERY) return true;
    await pause();
    since = performance.now();
    return goesOn();
  };
}

/**
 * @param {Package} pack
 * @param {{dataset: string, arrangement: import("../protocol.js").Arrangement}} question
 */
function viewOf(pack, { dataset: name, arrangement }) {
  return readably(pack, name, (rows, dataset) => {
    /** @param {import("../protocol.js").Field} field */
    const order = (field) => pack.orders(name, field.name, () => orderOf(field, rows));
    const period = dataset.fields.find((field) => field.name === dataset.periodField);
    const zone = pack.description?.controller.timeZone ?? "UTC";
    const timeline =
      period === undefined ? null : pack.timelines(name, period.name, () => timelineOf(period, order(period), zone));
    return arranged({ dataset, rows, order, timeline }, arrangement);
  });
}

/**
 * Answers from a dataset's table; what can't be read in it is answered as unreadable.
 * @template T
 * @param {Package} pack
 * @param {string} name
 * @param {(rows: import("./rows.js").Rows, dataset: import("../protocol.js").Dataset) => T} answer
 * @returns {T}
 */
function readably(pack, name, answer) {
  const dataset = pack.description?.datasets.find((each) => each.name === name);
  const table = pack.tables.get(name);
  const path = dataset?.files.json ?? "";
  if (dataset === undefined || table === undefined) throw new Trouble(pack.findings.get(path)?.kind ?? "unreadable", path);
  try {
    return answer(table.rows, dataset);
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("unreadable", path);
  }
}

/**
 * @param {Package} pack
 * @param {(View & {view: number})|undefined} view
 * @param {{dataset: string, view: number, from: number, count: number}} question
 */
function rowsOf(pack, view, question) {
  // The page does not wait for rows of a view that has ended.
  if (view === undefined || view.view !== question.view) return [];
  return readably(pack, question.dataset, (rows) => {
    const end = Math.min(question.from + question.count, view.count);
    const answer = [];
    for (let place = question.from; place < end; place++) {
      const index = view.indexes?.[place] ?? place;
      answer.push({ index, record: recordAt(rows, index) });
    }
    return answer;
  });
}

/**
 * @param {Package} pack
 * @param {{dataset: string, from: number, count: number}} question
 */
function besideOf(pack, { dataset, from, count }) {
  const rows = pack.beside.get(dataset);
  if (rows === undefined) return [];
  const end = Math.min(from + count, rows.count);
  const path = pack.description?.datasets.find((each) => each.name === dataset)?.files.beside ?? "";
  try {
    return Array.from({ length: Math.max(end - from, 0) }, (_, index) => recordAt(rows, from + index));
  } catch {
    throw new Trouble("unreadable", path);
  }
}

/**
 * @param {Package} pack
 * @param {{text: string, limit: number}} question
 * @param {() => Promise<boolean>} pause
 */
async function hitsOf(pack, { text, limit }, pause) {
  const what = sought(text, limit);
  const ready = pack.searchable;
  const hits = [];
  for (const dataset of what === null ? [] : (pack.description?.datasets ?? [])) {
    const table = pack.tables.get(dataset.name);
    if (what === null || table === undefined) continue;
    const found = await hitsIn(table, what, pause);
    if (found.count > 0 || found.beside > 0) hits.push(found);
    if (!(await pause())) break;
  }
  return { ready, hits };
}
