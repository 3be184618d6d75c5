/** The worker, from the text that is in the page: from a disk, a page may start one from a blob only. */

/** @typedef {import("./ask.js").Port} Port */
/** @typedef {{createScriptURL: (url: string) => string}} Policy */
/** @typedef {{createPolicy: (name: string, rules: Policy) => Policy}} Policies */

/**
 * @param {string} text
 * @returns {Port}
 */
export function startWorker(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const policies = /** @type {{trustedTypes?: Policies}} */ (globalThis).trustedTypes;
  // The only address of a script that this page makes.
  const policy = policies?.createPolicy("worker", { createScriptURL: (address) => address });
  return new Worker(policy ? policy.createScriptURL(url) : url);
}
