/**
 * Finding, copying and filling elements. Text goes in as text: nothing here reads HTML, so that
 * what a report says can never become part of the page.
 */

import { visible } from "../sealing/signs.js";

/** The one element of `root` with data-part="name". */
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** A copy of what the template with data-template="name" holds. */
export function stamp(name) {
  const template = document.querySelector(`template[data-template="${name}"]`);
  return document.importNode(template.content, true).firstElementChild;
}

/** Sets the text of each data-field, signs that turn the reading shown; an element whose value is null, "" or false is hidden. */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const element of fieldsOf(root, name)) {
      const none = value === null || value === undefined || value === "" || value === false;
      element.hidden = none;
      if (!none && value !== true) element.textContent = visible(String(value));
    }
  }
  return root;
}

const fieldsOf = (root, name) => {
  const inside = root.querySelectorAll(`[data-field="${name}"]`);
  return root.dataset.field === name ? [root, ...inside] : inside;
};

/** Shows or hides an element. */
export const show = (element, visible) => element.toggleAttribute("hidden", !visible);

/** Moves the focus to a heading, or whatever else has been changed. */
export function focusOn(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

/** Marks a button as busy while `work` runs; a second press meanwhile does nothing. */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
