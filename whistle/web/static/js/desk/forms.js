/** What forms have in common: reading fields, and showing what is wrong as the other pages do. */

import { visible } from "../sealing/signs.js";
import { fill, focusOn, stamp } from "./dom.js";

/** The form with data-form="name". */
export const formOf = (root, name) => root.querySelector(`form[data-form="${name}"]`);

/** The value of a field by name; of radio buttons the chosen one's, else "". */
export function valueOf(form, name) {
  const field = form.elements.namedItem(name);
  return field === null ? "" : field.value;
}

/** Faults of fields with data-needed that are visible and empty: [{field, code}]. */
export function emptyFields(form) {
  return [...form.querySelectorAll("[data-needed]")]
    .filter((field) => field.value.trim() === "" && field.closest("[hidden]") === null)
    .map((field) => ({ field: field.name, code: field.dataset.needed }));
}

/** Takes away what showFaults has shown. */
export function clearFaults(form) {
  for (const one of form.querySelectorAll(".summary-of-errors, .error[data-made]")) one.remove();
  for (const one of form.querySelectorAll(".wrong")) one.classList.remove("wrong");
  for (const one of form.querySelectorAll("[aria-invalid]")) {
    one.removeAttribute("aria-invalid");
    describe(one, null);
  }
}

/**
 * Shows faults [{field, code, values}] in a summary and at the fields; the summary takes the focus.
 */
export function showFaults(form, faults, say) {
  clearFaults(form);
  if (faults.length === 0) return false;
  const summary = stamp("errors");
  for (const { field, code, values } of faults) {
    const input = firstOf(form, field);
    markWrong(input, say(code, values));
    summary.querySelector("ul").append(linkTo(input, say(code, values)));
  }
  form.prepend(summary);
  focusOn(summary);
  return true;
}

const firstOf = (form, name) => {
  const field = form.elements.namedItem(name);
  return field instanceof RadioNodeList ? field[0] : field;
};

function markWrong(input, sentence) {
  const group = input.closest(".field");
  const error = fill(stamp("error"), { text: sentence });
  error.dataset.made = "";
  error.id = `${input.id}-error`;
  group.classList.add("wrong");
  const place = group.querySelector(":scope > .hint") ?? group.querySelector("label, legend");
  place.after(error);
  input.setAttribute("aria-invalid", "true");
  describe(input, error.id);
}

function linkTo(input, sentence) {
  const item = fill(stamp("error-link"), { text: sentence });
  item.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault(); // the address after # belongs to the routes
    input.focus();
  });
  return item;
}

/** Adds the error to what describes a field, or with null takes it away again. */
function describe(input, errorId) {
  const others = (input.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .filter((id) => id !== "" && !id.endsWith("-error"));
  const all = errorId === null ? others : [...others, errorId];
  if (all.length > 0) input.setAttribute("aria-describedby", all.join(" "));
  else input.removeAttribute("aria-describedby");
}

/** Lets a checkbox show what is typed in a passphrase field. */
export function wireShowing(checkbox, field) {
  checkbox.addEventListener("change", () => {
    field.type = checkbox.checked ? "text" : "password";
  });
}

/** Fills a select with options [{value, text}] behind a first, empty one. */
export function fillSelect(select, options, first) {
  select.replaceChildren(
    ...[{ value: "", text: first }, ...options].map(({ value, text }) => {
      const option = fill(stamp("option"), { text });
      option.value = value;
      return option;
    }),
  );
}

/** Sets the text of the live region in a view, or in a part of one; a warning looks like one. */
export function tell(place, sentence, { warn = false } = {}) {
  const region = place.querySelector(".status");
  region.classList.toggle("warn", warn);
  region.textContent = visible(sentence);
}

/** The same for what did not work. */
export const warn = (place, sentence) => tell(place, sentence, { warn: true });

