/** The worker: takes the page's questions, holds the one opened package, and sends answers and events. */

import { directoryOf, opens } from "./archive.js";
import { PageReader } from "./bytes.js";
import { packageOf, run } from "./package.js";
import { questionsOf } from "./questions.js";
import { Trouble } from "./trouble.js";

/** @typedef {import("../protocol.js").ToWorker} ToWorker */
/** @typedef {import("../protocol.js").FromWorker} FromWorker */
/** @typedef {import("../protocol.js").Question} Question */
/** @typedef {import("../protocol.js").AnswerOf} AnswerOf */

/**
 * @typedef {object} Opened
 * @property {import("./members.js").Members} members
 * @property {import("./questions.js").Questions} questions
 */

/** @returns {Promise<void>} after the messages that wait */
const pause = () => new Promise((resolve) => setTimeout(resolve));

const PROGRESS_EVERY = 100;

/**
 * @param {(message: FromWorker, transfer?: ArrayBuffer[]) => void} post
 * @returns {(message: ToWorker) => void}
 */
export function worker(post) {
  /** @type {Opened|null} */
  let opened = null;
  let openings = 0;
  const reading = readingFrom(post);
  const close = () => {
    if (opened !== null) forget(opened);
    opened = null;
    openings += 1;
    reading.end();
  };
  /**
   * @param {Extract<Question, {T: "open"}>} question
   * @returns {Promise<AnswerOf["open"]>}
   */
  const openWith = async (question) => {
    const opening = ++openings;
    const result = await open(new PageReader(question.size, reading.ask), question.passphrase, post);
    if (typeof result === "string") return { opened: false, why: result };
    if (opening === openings) opened = result;
    else forget(result);
    return { opened: true };
  };
  /**
   * @param {Question} question
   * @returns {Promise<AnswerOf[keyof AnswerOf]>}
   */
  const answer = async (question) => {
    if (question.T === "close" || question.T === "open") close();
    if (question.T === "close") return null;
    if (question.T === "open") return openWith(question);
    if (opened === null) throw new Trouble("unreadable", "");
    return opened.questions.answer(question);
  };
  return (message) => {
    if ("read" in message) return reading.take(message);
    const { number, question } = message;
    answer(question).then(
      (given) => post({ number, answer: given }, transferred(given)),
      (error) => post(failure(number, error)),
    );
  };
}

/**
 * Asks the page for bytes.
 * @param {(message: FromWorker) => void} post
 * @returns {{ask: import("./bytes.js").Ask, take: (message: {bytes: ArrayBuffer, read: number}) => void, end: () => void}}
 */
function readingFrom(post) {
  /** @type {Map<number, (bytes: ArrayBuffer) => void>} */
  const waiting = new Map();
  let asked = 0;
  return {
    ask: (offset, length) =>
      new Promise((resolve) => {
        waiting.set(++asked, resolve);
        post({ event: "read", read: asked, offset, length });
      }),
    take({ read, bytes }) {
      waiting.get(read)?.(bytes);
      waiting.delete(read);
    },
    end: () => waiting.clear(),
  };
}

/**
 * @param {PageReader} reader
 * @param {string} passphrase
 * @param {(message: FromWorker) => void} post
 * @returns {Promise<Opened|"wrong-passphrase"|import("../protocol.js").Finding["kind"]>}
 */
async function open(reader, passphrase, post) {
  try {
    const directory = await directoryOf(reader);
    if (!(await opens(directory, passphrase))) return "wrong-passphrase";
    const of = [...directory.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    const members = { directory, passphrase, listed: new Map(), closed: false, progress: counting(of, post) };
    const pack = packageOf(members, post);
    // The answer comes first, then the events.
    pause().then(() => run(pack, pause));
    return { members, questions: questionsOf(pack, pause) };
  } catch (error) {
    if (error instanceof Trouble) return error.kind;
    throw error;
  }
}

/** @param {Opened} opened */
function forget(opened) {
  opened.members.closed = true;
  opened.members.passphrase = "";
  opened.members.directory = new Map();
}

/**
 * @param {number} of
 * @param {(message: FromWorker) => void} post
 * @returns {(bytes: number) => void}
 */
function counting(of, post) {
  let done = 0;
  let last = performance.now();
  return (bytes) => {
    done = Math.min(done + bytes, of);
    if (performance.now() - last < PROGRESS_EVERY) return;
    last = performance.now();
    post({ event: "progress", done, of });
  };
}

/**
 * @param {AnswerOf[keyof AnswerOf]} answer
 * @returns {ArrayBuffer[]}
 */
function transferred(answer) {
  return answer !== null && "bytes" in answer ? [answer.bytes] : [];
}

/**
 * @param {number} number
 * @param {unknown} error
 * @returns {FromWorker}
 */
function failure(number, error) {
  const { kind, file } = error instanceof Trouble ? error : new Trouble("unreadable", "");
  return { number, failed: kind, file };
}
