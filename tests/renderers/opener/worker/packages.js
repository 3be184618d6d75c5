/** Small packages as dsar-export makes them: right manifests, AES-256, people at example.org. */

import { createHash } from "node:crypto";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "../../../../renderers/opener/testing.js";

export const PASSPHRASE = "copper-lantern-meadow-quiet";

/** @typedef {Map<string, string|Uint8Array>} Files contents by path, in the archive's order */

/**
 * @typedef {object} Made a dataset
 * @property {string} name
 * @property {{[field: string]: object}} fields schemas of properties, beyond what all have
 * @property {ReadonlyArray<object|string>} records or lines of JSON
 * @property {ReadonlyArray<object>} [beside]
 * @property {string} [periodField]
 * @property {{[field: string]: string}} [refersTo] fields to `dataset.field`; several as `one,other` to `dataset.one,other`
 */

/**
 * @typedef {object} Plan
 * @property {ReadonlyArray<Made>} [datasets]
 * @property {object} [dsar] more of datapackage.json's part
 * @property {string} [timeZone]
 * @property {(files: Files) => void} [change] before the manifests are made
 * @property {(files: Files) => void} [tamper] after it
 * @property {ReadonlyArray<string>} [plain] not encrypted
 * @property {1|2|3} [strength]
 */

export const ORDERS = {
  name: "orders",
  fields: {
    order_id: { type: "string" },
    ordered_at: { type: ["string", "null"], format: "date-time" },
    status: {
      type: ["string", "null"],
      oneOf: [
        { const: "paid", title: "Bezahlt", description: "The money has come." },
        { const: "sent", title: "Unterwegs", description: "It is on its way." },
        { type: "null" },
      ],
    },
    total: { type: ["string", "null"], "x-kind": "decimal", "x-currency-field": "currency" },
    note: { type: ["string", "null"], "x-origin": "provided" },
  },
  periodField: "ordered_at",
  records: [
    { order_id: "O-2", ordered_at: "2024-03-30T23:30:00Z", status: "paid", total: "10.00", note: "Grüße aus Łódź" },
    { order_id: "O-10", ordered_at: "2024-03-31T23:30:00Z", status: "sent", total: "9", note: null },
    { order_id: "O-1", ordered_at: null, status: null, total: null, note: "before\u0000after" },
  ],
};

export const LINES = {
  name: "order_lines",
  fields: { order_id: { type: "string" }, item: { type: "string" } },
  records: [
    { order_id: "O-10", item: "tent" },
    { order_id: "O-2", item: "rope" },
    { order_id: "O-10", item: "stove" },
  ],
  refersTo: { order_id: "orders.order_id" },
};

const DOCUMENTS = {
  "README.txt": "HOW TO OPEN THIS PACKAGE\n",
  "open.html": "<!doctype html><title>A page</title>\n",
  "report.pdf": "%PDF-1.7 a report\n".repeat(40),
  "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
  "bag-info.txt": "External-Identifier: DSAR-1\n",
};

/**
 * @param {Plan} [plan]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sealed(plan = {}) {
  const { change, tamper, plain = ["README.txt", "open.html"], strength = 3 } = plan;
  const files = filesOf(plan);
  change?.(files);
  addManifests(files);
  tamper?.(files);
  const writer = new Uint8ArrayWriter();
  const zip = new ZipWriter(writer, { lastModDate: new Date(1980, 0, 1), extendedTimestamp: false });
  for (const [path, content] of files) {
    const secret = plain.includes(path) ? { level: 0 } : { password: PASSPHRASE, encryptionStrength: strength };
    await zip.add(path, new Uint8ArrayReader(bytesOf(content)), { ...secret, dataDescriptor: false });
  }
  return /** @type {Uint8Array<ArrayBuffer>} */ (await zip.close());
}

/**
 * @param {Plan} plan
 * @returns {Files}
 */
export function filesOf({ datasets = [ORDERS, LINES], dsar = {}, timeZone = "Europe/Berlin" }) {
  /** @type {Files} */
  const files = new Map(Object.entries(DOCUMENTS));
  for (const made of datasets) addDataset(files, made);
  files.set("data/gdpr-information.jsonld", JSON.stringify(noticeOf(datasets)));
  files.set("datapackage.json", JSON.stringify(packageOf(datasets, { dsar, timeZone })));
  return files;
}

/**
 * @param {Files} files
 * @param {Made} made
 */
function addDataset(files, made) {
  files.set(`data/json/${made.name}.json`, arrayOf(made.records));
  files.set(`data/csv/${made.name}.csv`, `${Object.keys(made.fields).join(",")}\r\n`);
  files.set(`data/schemas/${made.name}.schema.json`, JSON.stringify(schemaOf(made)));
  if (made.beside !== undefined) files.set(`data/nonconforming/${made.name}.json`, arrayOf(made.beside));
}

/** @param {ReadonlyArray<object|string>} records */
export function arrayOf(records) {
  const lines = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
  return lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`;
}

/** @param {Made} made */
function schemaOf(made) {
  const fields = Object.entries(made.fields).map(([name, spec]) => [
    name,
    { title: `The ${name}`, description: `What ${name} is.`, "x-origin": "observed", ...spec },
  ]);
  return {
    title: `Your ${made.name}`,
    description: `All of your ${made.name}.`,
    properties: Object.fromEntries(fields),
    ...(made.periodField === undefined ? {} : { "x-period-field": made.periodField }),
  };
}

/** @param {ReadonlyArray<Made>} datasets */
function noticeOf(datasets) {
  return {
    "dpv:hasDataController": {
      "dpv:hasAddress": "4 Example Way",
      "dpv:hasCountry": { "dct:identifier": "GB" },
      "dpv:hasContact": "privacy@example.org",
      "dpv:hasAuthority": { "dpv:hasName": "Example Authority", "dpv:hasContact": "https://authority.example.org" },
    },
    "dpv:hasProcess": datasets.map(({ name }) => ({
      "dct:identifier": name,
      "dpv:hasPersonalData": [{ "dpv:hasDataSource": [{ "dpv:hasName": "Example Agency" }] }, { "dpv:hasDataSource": "dpv:Own" }],
      "dpv:hasRecipient": [
        { "dpv:hasName": "Example Parcels", "dct:description": "Delivers.", "dpv:hasCountry": { "dct:identifier": "DE" } },
      ],
      "dpv:hasStorageCondition": { "dct:title": "Seven years", "dct:description": "Counted from: the order" },
      "dpv:hasProcess": [
        { "dpv:hasPurpose": { "dct:title": "Selling", "dct:description": "To sell." }, "dpv:hasLegalBasis": "eu-gdpr:A6-1-b" },
        { "dpv:hasPurpose": { "dct:title": "Tax" }, "dpv:hasLegalBasis": { "dct:title": "Tax Act" } },
        { "dct:description": "A transfer.", "dpv:hasLegalBasis": "eu-gdpr:A46-2-c" },
      ],
    })),
  };
}

/**
 * @param {ReadonlyArray<Made>} datasets
 * @param {{dsar: object, timeZone: string}} more
 */
function packageOf(datasets, { dsar, timeZone }) {
  return {
    created: "2026-11-30T18:34:33+00:00",
    resources: datasets.flatMap(resourcesOf),
    dsar: {
      reference: "DSAR-1",
      right: "access",
      controller: { id: "acme", name: "Acme", time_zone: timeZone },
      identity: { identifiers: [1, 2].map(() => ({ kind: "email", value: "alex@example.org" })) },
      software: "dsar-export 0",
      outcomes: datasets.map(({ name, records, beside = [] }) => ({
        dataset: name,
        written: records.length,
        nonconforming: beside.length,
        withheld: 0,
        kept_back: 0,
        from: null,
        to: null,
      })),
      ...dsar,
    },
  };
}

/** @param {Made} made */
function resourcesOf({ name, beside, refersTo = {} }) {
  const foreignKeys = Object.entries(refersTo).map(([field, target]) => {
    const [dataset, referenced] = target.split(".");
    return { fields: field.split(","), reference: { resource: `${dataset}-json`, fields: referenced?.split(",") } };
  });
  return [
    { name, format: "csv", path: `data/csv/${name}.csv`, title: `Your ${name}` },
    { name: `${name}-json`, format: "json", path: `data/json/${name}.json`, title: `Your ${name}`, schema: { foreignKeys } },
    { name: `${name}-schema`, format: "jsonschema", path: `data/schemas/${name}.schema.json` },
    ...(beside === undefined ? [] : [{ name: `${name}-nonconforming`, format: "json", path: `data/nonconforming/${name}.json` }]),
  ];
}

/** @param {Files} files */
function addManifests(files) {
  const isData = (/** @type {string} */ path) => path.startsWith("data/");
  files.set("manifest-sha256.txt", manifestOf(files, isData));
  files.set("tagmanifest-sha256.txt", manifestOf(files, (path) => !isData(path)));
}

/**
 * @param {Files} files
 * @param {(path: string) => boolean} lists
 */
function manifestOf(files, lists) {
  const listed = [...files].filter(([path]) => lists(path));
  return listed.map(([path, content]) => `${createHash("sha256").update(bytesOf(content)).digest("hex")}  ${path}\n`).join("");
}

/** @param {string|Uint8Array} content */
function bytesOf(content) {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
