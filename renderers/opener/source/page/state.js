/** What is known of the package that is open, from the events of the worker. */

/** @typedef {import("../protocol.js").Description} Description */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("../protocol.js").Finding} Finding */
/** @typedef {import("./ask.js").News} News */

/**
 * @typedef {object} PackageState
 * @property {Description|null} description
 * @property {ReadonlySet<string>} tables datasets whose records can be shown
 * @property {number} part of the check that is done, from 0 to 1
 * @property {ReadonlyArray<Finding>} findings
 * @property {boolean|null} complete null while it is being checked
 * @property {boolean} searchable
 */

/** @type {PackageState} */
export const UNKNOWN = {
  description: null,
  tables: new Set(),
  part: 0,
  findings: [],
  complete: null,
  searchable: false,
};

/**
 * @param {PackageState} state
 * @param {News} news
 * @returns {PackageState}
 */
export function after(state, news) {
  switch (news.event) {
    case "described":
      return { ...state, description: news.description };
    case "table":
      return { ...state, tables: new Set([...state.tables, news.dataset]) };
    case "progress":
      // Parts found later to be longer must not make the bar go back.
      return { ...state, part: Math.max(state.part, news.of > 0 ? Math.min(1, news.done / news.of) : 0) };
    case "finding":
      return { ...state, findings: [...state.findings, news.finding] };
    case "checked":
      return { ...state, complete: news.complete && state.findings.length === 0, part: 1 };
    case "searchable":
      return { ...state, searchable: true };
  }
}

/**
 * Whether the records of a dataset can be shown: `ready`, `waiting` while it is being checked, or `refused`.
 * @param {PackageState} state
 * @param {Dataset} dataset
 * @returns {"ready"|"waiting"|"refused"}
 */
export function readiness(state, dataset) {
  if (state.tables.has(dataset.name)) return "ready";
  const found = state.findings.some((finding) => finding.file === dataset.files.json);
  return found || state.complete !== null ? "refused" : "waiting";
}

/**
 * @param {PackageState} state
 * @param {string} name
 * @returns {Dataset|undefined}
 */
export function datasetOf(state, name) {
  return state.description?.datasets.find((dataset) => dataset.name === name);
}
