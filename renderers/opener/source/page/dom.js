/** Elements, made of names, attributes and text. Nothing here reads markup. */

/** @typedef {string|number|boolean|null|undefined|((event: Event) => void)} Attribute */
/** @typedef {{[name: string]: Attribute}} Attributes */
/** @typedef {Node|string|null|undefined|false} Child */

const DRAWINGS = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes] a function is a listener, as `onclick`; null and false leave an attribute out
 * @param {ReadonlyArray<Child>} [children] strings become text
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  give(made, attributes);
  made.append(...present(children));
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {ReadonlyArray<Child>} [children]
 * @returns {SVGElementTagNameMap[Name]}
 */
export function drawing(name, attributes = {}, children = []) {
  const made = document.createElementNS(DRAWINGS, name);
  give(made, attributes);
  made.append(...present(children));
  return made;
}

/**
 * @param {Element} target
 * @param {ReadonlyArray<Child>} children
 */
export function fill(target, children) {
  target.replaceChildren(...present(children));
}

/**
 * @param {Element} target
 * @param {Attributes} attributes
 */
export function give(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") target.addEventListener(name.slice(2), value);
    else if (value === null || value === undefined || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {ReadonlyArray<Child>} children
 * @returns {(Node|string)[]}
 */
function present(children) {
  /** @type {(Node|string)[]} */
  const kept = [];
  for (const child of children) if (child || child === "") kept.push(child);
  return kept;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {Attributes} [attributes]
 */
export function button(text, act, attributes = {}) {
  return element("button", { type: "button", ...attributes, onclick: act }, [text]);
}
