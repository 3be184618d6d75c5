/** Why a dataset is held and who received it, from data/gdpr-information.jsonld. */

import { at, list, text, textOrNull } from "./json.js";

/** @typedef {import("../protocol.js").Terms} Terms */
/** @typedef {import("./json.js").Json} Json */

const PREFIX = "eu-gdpr:";

/**
 * @param {Json} notice
 * @param {string} dataset
 * @returns {Terms} empty where the notice does not speak of the dataset
 */
export function termsOf(notice, dataset) {
  const process = list(at(notice, "dpv:hasProcess")).find((each) => at(each, "dct:identifier") === dataset) ?? null;
  // Transfers and earlier terms are nested too, and have no purpose of their own.
  const nested = list(at(process, "dpv:hasProcess")).filter((each) => at(each, "dpv:hasPurpose") !== null);
  return {
    purposes: nested.map((each) => titled(at(each, "dpv:hasPurpose"))),
    legalBases: [...new Set(nested.flatMap((each) => list(at(each, "dpv:hasLegalBasis")).map(basisOf)))],
    recipients: list(at(process, "dpv:hasRecipient")).map((each) => ({
      name: text(at(each, "dpv:hasName")),
      description: text(at(each, "dct:description")),
      country: textOrNull(at(each, "dpv:hasCountry", "dct:identifier")),
    })),
    storage: list(at(process, "dpv:hasStorageCondition")).map(titled),
    sources: [...new Set(list(at(process, "dpv:hasPersonalData")).flatMap(namesOf))],
  };
}

/** @param {Json} node */
function titled(node) {
  return { title: text(at(node, "dct:title")), description: text(at(node, "dct:description")) };
}

/** @param {Json} basis */
function basisOf(basis) {
  if (typeof basis === "string") return basis.startsWith(PREFIX) ? basis.slice(PREFIX.length) : basis;
  return text(at(basis, "dct:title"));
}

/** @param {Json} data of one origin; only acquired data has named sources */
function namesOf(data) {
  return list(at(data, "dpv:hasDataSource"))
    .map((each) => text(at(each, "dpv:hasName")))
    .filter((name) => name !== "");
}
