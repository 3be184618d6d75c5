/** A page's side of the conversation with the worker: asks, answers reads, keeps events. */

import { setImmediate } from "node:timers";
import { worker } from "../../../../renderers/opener/source/worker/conversation.js";
import { PASSPHRASE } from "./packages.js";

/** @typedef {import("../../../../renderers/opener/source/protocol.js").Question} Question */
/** @typedef {import("../../../../renderers/opener/source/protocol.js").AnswerOf} AnswerOf */
/** @typedef {import("../../../../renderers/opener/source/protocol.js").Event} Event */
/** @typedef {import("../../../../renderers/opener/source/protocol.js").FromWorker} FromWorker */

/**
 * @typedef {object} Page
 * @property {<T extends Question["T"]>(question: Extract<Question, {T: T}>) => Promise<AnswerOf[T]>} ask fails with what the
 *   worker calls it
 * @property {Event[]} events
 * @property {(name: Event["event"]) => Promise<void>} until an event of this name has come
 */

/**
 * @param {() => Uint8Array<ArrayBuffer>} file
 * @returns {Page}
 */
export function pageOf(file) {
  /** @type {Event[]} */
  const events = [];
  /** @type {{name: string, come: () => void}[]} */
  const waiting = [];
  /** @type {Map<number, (message: FromWorker) => void>} */
  const asked = new Map();
  /** @param {Event} event */
  const take = (event) => {
    if (event.event === "read") {
      const bytes = file().slice(event.offset, event.offset + event.length).buffer;
      setImmediate(() => send({ bytes, read: event.read }));
      return;
    }
    events.push(event);
    waiting.filter(({ name }) => name === event.event).forEach(({ come }) => come());
  };
  const send = worker((message, transfer = []) => {
    const copy = structuredClone(message, { transfer });
    if ("event" in copy) take(copy);
    else asked.get(copy.number)?.(copy);
  });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const number = asked.size + 1;
        asked.set(number, (message) => {
          if ("answer" in message) resolve(/** @type {AnswerOf[typeof question.T]} */ (message.answer));
          else if ("failed" in message) reject(new Error(`${message.failed} ${message.file}`));
        });
        send({ number, question: structuredClone(question) });
      }),
    events,
    until: (name) =>
      new Promise((come) => {
        if (events.some(({ event }) => event === name)) come();
        else waiting.push({ name, come });
      }),
  };
}

/**
 * Opens and checks a package.
 * @param {Uint8Array<ArrayBuffer>} zip
 * @param {string} [passphrase]
 */
export async function checked(zip, passphrase = PASSPHRASE) {
  const page = pageOf(() => zip);
  const answer = await page.ask({ T: "open", size: zip.length, passphrase });
  if (answer.opened) await page.until("checked");
  return { ...page, answer, findings: findingsIn(page), tables: tablesIn(page), complete: isComplete(page) };
}

/** @param {Page} page */
function findingsIn(page) {
  return page.events.flatMap((event) => (event.event === "finding" ? [`${event.finding.kind} ${event.finding.file}`] : [])).sort();
}

/** @param {Page} page */
function tablesIn(page) {
  return page.events.flatMap((event) => (event.event === "table" ? [event.dataset] : [])).sort();
}

/** @param {Page} page */
function isComplete(page) {
  return page.events.some((event) => event.event === "checked" && event.complete);
}

/** @param {Page} page */
export function descriptionIn(page) {
  const event = page.events.find((each) => each.event === "described");
  if (event?.event !== "described") throw new Error("nothing was described");
  return event.description;
}
