/**
 * Finding, copying and filling elements. Text goes in as text: nothing here reads HTML.
 */

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const template = (name) => one(`template[data-template="${name}"]`).content;

/** A copy of what the template of this name holds. */
export const stamp = (name) => document.importNode(template(name), true).firstElementChild;

/** The plain words of a template. */
export const wordsOf = (name) => template(name).textContent.trim();

/** Sets the text of each data-slot. */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const slot of all(`[data-slot="${name}"]`, root)) slot.textContent = value;
  }
  return root;
}

/** A new element with a text. */
export function make(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

export const show = (element, visible) => element?.toggleAttribute("hidden", !visible);

/** Shows what only makes sense while this script runs, hides what is for pages without. */
export function showScripted() {
  for (const element of all("[data-with-scripts]")) show(element, true);
  for (const element of all("[data-without-scripts]")) show(element, false);
}

/** Moves the focus to the first heading, so that it is read out and the eye is there. */
export function focusHeading(root) {
  const heading = one("h1, h2", root);
  heading.tabIndex = -1;
  heading.focus();
  scrollTo(0, 0);
}

/** Moves the focus to what has changed, because what had it is gone. */
export function focusOn(element) {
  element.tabIndex = -1;
  element.focus();
}

/** Marks a button as busy while `work` runs; a second press meanwhile does nothing. */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
