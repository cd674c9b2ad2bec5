/** The form on the page: read it, fill it again in another language, follow what is chosen. */

import { fromForm } from "./answers.js";
import { all, one, show } from "./dom.js";
import { choiceOfRecovery } from "./readers.js";

export const readForm = () => fromForm(new FormData(one("[data-form]")));

/** The form's values by name; the language to answer in only if another than the page's. */
export function keepForm() {
  const kept = [...new FormData(one("[data-form]")).entries()];
  const page = document.documentElement.lang;
  return kept.filter(([name, value]) => name !== "answer_in" || value !== page);
}

/** Puts kept values into a fresh form. */
export function fillForm(kept) {
  const form = one("[data-form]");
  for (const [name, value] of kept) {
    for (const input of all(`[name="${name}"]`, form)) {
      if (input.type === "checkbox" || input.type === "radio") input.checked ||= input.value === value;
      else input.value = value;
    }
  }
  follow();
}

/** Shows the fields that belong to what is chosen. */
export function follow() {
  const { named, leftOut } = readForm();
  show(one("[data-shown-if=named]"), named);
  choiceOfRecovery(one("[data-recovery]"), leftOut);
}

/** Which problems belong to a step. */
export const problemsIn = (problems, step) =>
  problems.filter(({ field }) => document.getElementById(step)?.contains(document.getElementById(field)));
