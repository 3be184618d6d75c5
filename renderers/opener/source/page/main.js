/* global WORKER */
/** @type {string} */
// @ts-expect-error -- the build puts the worker's text here
const text = WORKER;
document.title = String(text.length);
