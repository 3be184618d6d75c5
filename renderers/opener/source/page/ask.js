/** Questions to the worker as promises, its events to one listener, and the bytes of the file for both. */

/** @typedef {import("../protocol.js").Question} Question */
/** @typedef {import("../protocol.js").AnswerOf} AnswerOf */
/** @typedef {import("../protocol.js").Event} WorkerEvent */
/** @typedef {import("../protocol.js").FromWorker} FromWorker */
/** @typedef {import("../protocol.js").ToWorker} ToWorker */
/** @typedef {import("../protocol.js").Finding} Finding */

/**
 * What the page needs of a worker.
 * @typedef {object} Port
 * @property {(message: ToWorker, transfer: Transferable[]) => void} postMessage
 * @property {((event: MessageEvent<FromWorker>) => void)|null} onmessage
 */

/** @typedef {(offset: number, length: number) => Promise<ArrayBuffer>} ReadBytes */
/** @typedef {Exclude<WorkerEvent, {event: "read"}>} News what the page is informed of */
/** @typedef {<Q extends Question>(question: Q) => Promise<AnswerOf[Q["T"]]>} Ask */
/** @typedef {{resolve: (answer: unknown) => void, reject: (failure: Failure) => void}} Waiting */

/** A question that the worker could not answer. */
export class Failure extends Error {
  /**
   * @param {Finding["kind"]} kind
   * @param {string} file
   */
  constructor(kind, file) {
    super(kind);
    this.kind = kind;
    this.file = file;
  }
}

/**
 * @param {Port} port
 * @param {ReadBytes} read of the file that is open
 * @param {(news: News) => void} listener
 * @returns {Ask}
 */
export function connect(port, read, listener) {
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  let asked = 0;
  port.onmessage = ({ data }) => {
    if ("event" in data) {
      if (data.event === "read") void answerRead(port, read, data);
      else listener(data);
      return;
    }
    const question = waiting.get(data.number);
    waiting.delete(data.number);
    if ("failed" in data) question?.reject(new Failure(data.failed, data.file));
    else question?.resolve(data.answer);
  };
  /** @type {Ask} */
  const ask = (question) =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve: /** @type {Waiting["resolve"]} */ (resolve), reject });
      port.postMessage({ number: asked, question }, []);
    });
  return ask;
}

/**
 * A file that can't be read any more, because it was moved, is answered as one that ends before its bytes.
 * @param {Port} port
 * @param {ReadBytes} read
 * @param {{read: number, offset: number, length: number}} wanted
 */
async function answerRead(port, read, { read: number, offset, length }) {
  const bytes = await read(offset, length).catch(() => new ArrayBuffer(0));
  port.postMessage({ bytes, read: number }, [bytes]);
}
