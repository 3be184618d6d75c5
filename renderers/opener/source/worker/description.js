/**
 * What page one shows, from datapackage.json, data/gdpr-information.jsonld, the schemas and README.txt. Whatever has
 * another form than ours is left out, never guessed.
 */

import { fieldsOf } from "./fields.js";
import { at, list, number, parsedObject, text, textOrNull } from "./json.js";
import { termsOf } from "./terms.js";
import { inWords } from "./words.js";

/** @typedef {import("../protocol.js").Description} Description */
/** @typedef {import("../protocol.js").Dataset} Dataset */
/** @typedef {import("../protocol.js").PromiseAnswer} PromiseAnswer */
/** @typedef {import("./json.js").Json} Json */
/** @typedef {import("./relations.js").ForeignKey} ForeignKey */

/**
 * @typedef {object} Documents the content of members that agree, by path
 * @property {ReadonlyMap<string, Uint8Array>} bytes
 * @property {ReadonlyArray<string>} files every path of the package
 */

export const PACKAGE = "datapackage.json";
export const NOTICE = "data/gdpr-information.jsonld";
export const README = "README.txt";

/**
 * @param {Documents} documents
 * @returns {{description: Description, keys: ForeignKey[]}|null} null where datapackage.json is none of ours
 */
export function describe(documents) {
  const pack = parsedObject(documents.bytes.get(PACKAGE));
  const dsar = at(pack, "dsar");
  if (!Array.isArray(at(dsar, "outcomes")) || text(at(dsar, "reference")) === "") return null;
  const notice = parsedObject(documents.bytes.get(NOTICE));
  const datasets = list(at(dsar, "outcomes")).map((outcome) => datasetOf(outcome, pack, notice, documents));
  /** @type {Description} */
  const description = {
    language: languageOf(dsar, documents.bytes.get(README)),
    reference: text(at(dsar, "reference")),
    right: text(at(dsar, "right")),
    created: text(at(pack, "created")),
    software: text(at(dsar, "software")),
    ...partiesOf(dsar, at(notice, "dpv:hasDataController")),
    datasets,
    identifiers: identifiersOf(at(dsar, "identity", "identifiers")),
    absences: list(at(dsar, "not_here")).map((each) => ({
      what: text(at(each, "what")),
      why: text(at(each, "why")),
      records: text(at(each, "records")),
    })),
    promises: list(at(dsar, "promises")).map(promiseOf),
    files: documents.files,
    report: documents.files.includes("report.pdf"),
  };
  return { description: inWords(description, at(dsar, "words")), keys: keysOf(pack) };
}

/**
 * The paths of the schemas, which are read before the description can be made.
 * @param {Uint8Array|undefined} bytes of datapackage.json
 * @returns {string[]}
 */
export function schemaPaths(bytes) {
  const resources = list(at(parsedObject(bytes), "resources"));
  return resources.filter((each) => text(at(each, "format")) === "jsonschema").map((each) => text(at(each, "path")));
}

/**
 * @param {Json} outcome
 * @param {Json} pack
 * @param {Json} notice
 * @param {Documents} documents
 * @returns {Dataset}
 */
function datasetOf(outcome, pack, notice, documents) {
  const name = text(at(outcome, "dataset"));
  const json = resource(pack, `${name}-json`);
  const schemaPath = pathOf(resource(pack, `${name}-schema`));
  const schema = parsedObject(documents.bytes.get(schemaPath ?? ""));
  return {
    name,
    title: text(at(schema, "title")) || text(at(outcome, "title")) || name,
    description: text(at(schema, "description")) || text(at(outcome, "description")),
    fields: fieldsOf(schema),
    periodField: textOrNull(at(schema, "x-period-field")),
    records: number(at(outcome, "written")),
    from: textOrNull(at(outcome, "from")),
    to: textOrNull(at(outcome, "to")),
    withheld: number(at(outcome, "withheld")),
    keptBeside: number(at(outcome, "nonconforming")),
    keptBack: number(at(outcome, "kept_back")),
    files: {
      json: pathOf(json) ?? "",
      csv: pathOf(resource(pack, name)),
      schema: schemaPath ?? "",
      beside: pathOf(resource(pack, `${name}-nonconforming`)),
    },
    terms: termsOf(notice, name),
  };
}

/**
 * @param {Json} pack
 * @param {string} name
 */
function resource(pack, name) {
  return list(at(pack, "resources")).find((each) => at(each, "name") === name) ?? null;
}

/** @param {Json} resource */
function pathOf(resource) {
  return textOrNull(at(resource, "path"));
}

/**
 * @param {Json} dsar
 * @param {Json} controller
 * @returns {Pick<Description, "controller"|"authority">}
 */
function partiesOf(dsar, controller) {
  const authority = at(controller, "dpv:hasAuthority");
  const name = text(at(authority, "dpv:hasName"));
  return {
    controller: {
      name: text(at(dsar, "controller", "name")),
      address: text(at(controller, "dpv:hasAddress")),
      contact: text(at(controller, "dpv:hasContact")),
      country: text(at(controller, "dpv:hasCountry", "dct:identifier")),
      timeZone: text(at(dsar, "controller", "time_zone")) || "UTC",
    },
    authority: name === "" ? null : { name, contact: text(at(authority, "dpv:hasContact")) },
  };
}

/**
 * @param {Json} identifiers one entry for each period
 * @returns {{kind: string, title: string, value: string}[]} each once
 */
function identifiersOf(identifiers) {
  /** @type {Map<string, {kind: string, title: string, value: string}>} */
  const found = new Map();
  for (const each of list(identifiers)) {
    const identifier = { kind: text(at(each, "kind")), title: text(at(each, "title")), value: text(at(each, "value")) };
    found.set(JSON.stringify(identifier), identifier);
  }
  return [...found.values()];
}

/**
 * @param {Json} promise
 * @returns {PromiseAnswer}
 */
function promiseOf(promise) {
  const why = at(promise, "not_searched");
  return {
    text: text(at(promise, "text")),
    answer: text(at(promise, "answer")),
    records: number(at(promise, "records")),
    datasets: list(at(promise, "datasets")).map(text),
    notSearched:
      why === null
        ? null
        : { ground: text(at(why, "ground")), effort: textOrNull(at(why, "effort")), decidedBy: textOrNull(at(why, "decided_by")) },
    elsewhere: at(promise, "elsewhere") === true,
  };
}

/**
 * @param {Json} pack
 * @returns {ForeignKey[]} between the JSON tables
 */
function keysOf(pack) {
  const suffix = "-json";
  return list(at(pack, "resources")).flatMap((table) => {
    const name = text(at(table, "name"));
    if (!name.endsWith(suffix)) return [];
    return list(at(table, "schema", "foreignKeys")).flatMap((key) => {
      // An empty name is the table itself.
      const referenced = text(at(key, "reference", "resource")) || name;
      const [fields, others] = [list(at(key, "fields")).map(text), list(at(key, "reference", "fields")).map(text)];
      if (fields.length === 0 || fields.length !== others.length || !referenced.endsWith(suffix)) return [];
      return [
        {
          dataset: name.slice(0, -suffix.length),
          fields,
          referenced: referenced.slice(0, -suffix.length),
          referencedFields: others,
        },
      ];
    });
  });
}

/**
 * @param {Json} dsar
 * @param {Uint8Array|undefined} readme whose first words tell, in packages that do not say it
 * @returns {string}
 */
function languageOf(dsar, readme) {
  const stated = text(at(dsar, "language"));
  if (stated !== "") return stated;
  const start = new TextDecoder().decode(readme?.subarray(0, 40));
  if (/^\s*SO\b/i.test(start)) return "de";
  return /^\s*COMMENT\b/i.test(start) ? "fr" : "en";
}
