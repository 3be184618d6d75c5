/** What the screens share. */

/** @typedef {import("../protocol.js").Arrangement} Arrangement */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("./ask.js").Ask} Ask */
/** @typedef {import("./state.js").PackageState} PackageState */
/** @typedef {import("./values.js").Reader} Reader */
/** @typedef {import("../texts/texts.js").Counted} Counted */

/**
 * @typedef {{screen: "start"} | {screen: "overview"} | {screen: "search", text: string} | {screen: "files"}
 *   | {screen: "dataset", dataset: string, arrangement: Arrangement}} Place
 */

/**
 * A record that is opened, and how to get to those beside it.
 * @typedef {object} Opened
 * @property {string} dataset
 * @property {number} position in what is gone through
 * @property {number} count of what is gone through
 * @property {(position: number) => Promise<number>} indexAt the record's position in the dataset
 */

/**
 * @typedef {object} Page
 * @property {Ask} ask
 * @property {Reader} reader
 * @property {PackageState} state
 * @property {Place} place
 * @property {(place: Place) => void} go
 * @property {(listener: () => void) => void} watch called at every change of the state, as long as the screen is shown
 * @property {(text: string) => void} announce to people who do not see the screen
 * @property {(text: string) => void} notify everybody, for a moment
 * @property {(opened: Opened) => void} openRecord
 * @property {(file: File, typed: string) => Promise<Refusal|null>} open null once it is open
 */

/** @typedef {"wrong-passphrase"|import("../protocol.js").Finding["kind"]} Refusal */

/**
 * What the regulation is called where the controller is.
 * @param {Page} page
 */
export function lawText({ reader: { texts }, state }) {
  return state.description?.controller.country === "GB" ? texts.laws.british : texts.laws.european;
}

/** @type {Arrangement} */
export const AS_IN_PACKAGE = { sort: null, filters: [], since: null, until: null };

/**
 * The language of the package's texts, where it is not that of the page.
 * @param {Page} page
 * @returns {{lang?: string}}
 */
export function foreign(page) {
  const language = page.state.description?.language ?? "";
  return language && language.toLowerCase().split("-")[0] !== page.reader.language ? { lang: language } : {};
}

/**
 * @param {Dataset} dataset
 * @returns {Place}
 */
export function placeOf(dataset) {
  return { screen: "dataset", dataset: dataset.name, arrangement: AS_IN_PACKAGE };
}
