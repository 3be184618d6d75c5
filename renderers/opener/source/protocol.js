/**
 * What the page and its worker send each other. The worker holds the package and everything computed from it; the
 * page shows, and is the only one to read the file, because WebKit lets no worker read a file of a page from a disk.
 *
 * The page sends a Question with a number, and gets one Answer with the same number. The worker sends Events without
 * being asked, and asks for the file's bytes by a `read` Event, which the page answers with a `bytes` Question that has
 * no answer of its own.
 *
 * Nothing of a member reaches the page before its HMAC and its hash agree.
 */

/**
 * A field of a dataset, from its JSON Schema.
 * @typedef {object} Field
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {"text"|"phone"|"integer"|"number"|"decimal"|"boolean"|"instant"|"date"|"bytes"|"structure"} kind
 * @property {"provided"|"observed"|"derived"|"acquired"} origin
 * @property {ReadonlyArray<{value: string, title: string, description: string}>} codes
 * @property {string|null} currencyField the field with the currency of this amount
 * @property {boolean} masked shown by its last characters until the reader asks for it
 */

/**
 * @typedef {object} Dataset
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {ReadonlyArray<Field>} fields
 * @property {string|null} periodField the field by which records are counted a month
 * @property {number} records
 * @property {string|null} from first day, as in the manifest
 * @property {string|null} to
 * @property {number} withheld
 * @property {number} keptBeside rows that do not match the schema; they are in `files.beside`
 * @property {number} keptBack
 * @property {{json: string, csv: string|null, schema: string, beside: string|null}} files paths in the package
 * @property {Terms} terms
 */

/**
 * Why a dataset is held, and who received it (Art. 15(1) GDPR), from gdpr-information.jsonld. Texts are shown as they
 * are; what the package does not say is an empty list. A recipient without a name is a remark, such as that recipients are
 * not recorded.
 * @typedef {object} Terms
 * @property {ReadonlyArray<{title: string, description: string}>} purposes
 * @property {ReadonlyArray<string>} legalBases such as `A6-1-b`, or the title of another law's basis
 * @property {ReadonlyArray<{name: string, description: string, country: string|null}>} recipients
 * @property {ReadonlyArray<{title: string, description: string}>} storage
 * @property {ReadonlyArray<string>} sources who provided what was acquired
 */

/**
 * What page one shows. It comes from datapackage.json and gdpr-information.jsonld.
 * @typedef {object} Description
 * @property {string} language BCP 47 tag of the package's texts
 * @property {string} reference
 * @property {string} right `access` or `portability`
 * @property {string} created RFC 3339
 * @property {string} software
 * @property {{name: string, address: string, contact: string, country: string, timeZone: string}} controller
 * @property {{name: string, contact: string}|null} authority
 * @property {ReadonlyArray<Dataset>} datasets in the package's order
 * @property {ReadonlyArray<{kind: string, title: string, value: string}>} identifiers what was searched with
 * @property {ReadonlyArray<{what: string, why: string, records: string}>} absences what is not here, in the report's words; `records` is empty where none are counted
 * @property {ReadonlyArray<PromiseAnswer>} promises
 * @property {ReadonlyArray<string>} files every path of the package, for saving
 * @property {boolean} report whether report.pdf is there
 */

/**
 * A promise of the privacy notice, and what became of it.
 * @typedef {object} PromiseAnswer
 * @property {string} text
 * @property {string} answer as in the manifest, such as `present` or `nothing held`
 * @property {number} records
 * @property {ReadonlyArray<string>} datasets names
 * @property {{ground: string, effort: string|null, decidedBy: string|null}|null} notSearched
 * @property {boolean} elsewhere
 */

/**
 * What is not as it should be. `file` is a path of the package, or empty where the package as a whole is meant.
 * @typedef {object} Finding
 * @property {"not-a-zip"|"cut-off"|"not-ours"|"changed"|"missing"|"unlisted"|"exchanged"|"other-page"|"unreadable"} kind
 *   not-a-zip: no ZIP at all; cut-off: the end is missing; not-ours: a ZIP without our manifests; changed: HMAC or hash
 *   disagree; missing: the manifest lists it, the archive lacks it; unlisted: the reverse; exchanged: its bytes are those
 *   of another listed member; other-page: the package's own open.html is not what its manifest lists; unreadable: the
 *   bytes agree, and are not what the manifest says they are
 * @property {string} file
 */

/**
 * How rows of a table are chosen and ordered. All conditions must hold.
 * @typedef {object} Arrangement
 * @property {{field: string, descending: boolean}|null} sort null is the package's own order
 * @property {ReadonlyArray<{field: string, contains: string}>} filters folded: neither case nor accents matter
 * @property {string|null} since a day (YYYY-MM-DD) in the controller's time zone, included
 * @property {string|null} until a day, included
 */

/**
 * @typedef {{[field: string]: unknown}} DataRecord one record as in the JSON member; a number that a Number would not show
 *   as it is written (above 2^53, or of too many digits) is the text of its digits
 */

/**
 * @typedef {object} Related records of one dataset that belong to a record, or to which it belongs
 * @property {string} dataset
 * @property {"up"|"down"} direction up: this record refers to them; down: they refer to it
 * @property {ReadonlyArray<number>} indexes positions in the JSON member; 200 at most
 * @property {number} count all of them
 */

/**
 * @typedef {object} Hits of a search in one dataset
 * @property {string} dataset
 * @property {number} count all of them
 * @property {ReadonlyArray<{index: number, field: string, text: string}>} first up to `limit`, each with the first field
 *   that has it, and its value as stored, or the title of its code where only the title has it; of a long value the part
 * @property {number} beside how many of the rows kept beside have it
 */

/**
 * What the page asks. `T` names the question.
 *
 * | question | answer |
 * |---|---|
 * | open: size of the file, passphrase | `{opened: true}` once two members opened, or `{opened: false, why: "wrong-passphrase"}`, or `{opened: false, why: Finding["kind"]}`; the rest follows as Events |
 * | close | `null`: the worker forgets everything |
 * | arrange: dataset, arrangement | `{view: number, count: number, months: [{month: "2024-03", records: 12}]}`; an earlier view of the dataset ends |
 * | rows: dataset, view, from, count | `{rows: [{index, record}]}`, fewer at the end |
 * | beside: dataset, from, count | `{rows: [unknown]}`: rows that do not match the schema, as the member has them |
 * | record: dataset, index | `{record: DataRecord, related: Related[]}` |
 * | search: text, limit | `{ready: boolean, hits: Hits[]}`; `ready` is false while the byte scan answers |
 * | file: path | `{bytes: ArrayBuffer}`, decrypted and checked |
 * | all | `{bytes: ArrayBuffer}`: an ordinary ZIP of every member that agrees |
 *
 * `months` counts the records of the view, in the controller's time zone, and has no month without records. Rows of a view
 * that has ended are none. A search ends early when a newer one comes, and then answers with what it has. A file that
 * does not agree, or is not listed, is refused. `open` while a package is open closes it.
 *
 * A question that fails is answered with `{failed: Finding["kind"], file: string}`.
 *
 * @typedef {{T: "open", size: number, passphrase: string} | {T: "close"}
 *   | {T: "arrange", dataset: string, arrangement: Arrangement}
 *   | {T: "rows", dataset: string, view: number, from: number, count: number}
 *   | {T: "beside", dataset: string, from: number, count: number}
 *   | {T: "record", dataset: string, index: number}
 *   | {T: "search", text: string, limit: number}
 *   | {T: "file", path: string} | {T: "all"}} Question
 */

/** @typedef {{number: number, question: Question} | {bytes: ArrayBuffer, read: number}} ToWorker */

/**
 * @typedef {object} AnswerOf
 * @property {{opened: true} | {opened: false, why: "wrong-passphrase"|Finding["kind"]}} open
 * @property {null} close
 * @property {{view: number, count: number, months: ReadonlyArray<{month: string, records: number}>}} arrange
 * @property {{rows: ReadonlyArray<{index: number, record: DataRecord}>}} rows
 * @property {{rows: ReadonlyArray<unknown>}} beside
 * @property {{record: DataRecord, related: ReadonlyArray<Related>}} record
 * @property {{ready: boolean, hits: ReadonlyArray<Hits>}} search
 * @property {{bytes: ArrayBuffer}} file
 * @property {{bytes: ArrayBuffer}} all
 */

/**
 * What the worker sends unasked, in this order: `described` (manifests and descriptions agree), `table` for each dataset
 * whose JSON member agrees, `progress` now and then, `finding` as found, `checked` once, `searchable` once. Without a
 * manifest or datapackage.json that agrees there is no `described` and no `table`, only findings and `checked`. Above 300
 * MB of JSON there is no `searchable`: searches look through the bytes for good.
 * @typedef {{event: "read", read: number, offset: number, length: number}
 *   | {event: "described", description: Description}
 *   | {event: "table", dataset: string}
 *   | {event: "progress", done: number, of: number}
 *   | {event: "finding", finding: Finding}
 *   | {event: "checked", complete: boolean}
 *   | {event: "searchable"}} Event
 */

/** @typedef {{number: number, answer: unknown} | {number: number, failed: Finding["kind"], file: string} | Event} FromWorker */

export {};
