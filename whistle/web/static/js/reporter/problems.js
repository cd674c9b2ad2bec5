/**
 * What must be mended: a summary with links at the top, the same words at each field, and
 * "Error:" at the start of the title.
 */

import { all, make, one, stamp } from "./dom.js";
import { say } from "./words.js";

const title = { page: "" };

const bare = () => (title.page ||= document.title.replace(`${say("error_title")} `, ""));

const control = (field) => document.getElementById(field);

/** Takes every message away. */
export function clearProblems() {
  for (const element of all(".summary-of-errors, .error")) element.remove();
  for (const element of all("[aria-invalid]")) {
    element.removeAttribute("aria-invalid");
    const kept = (element.getAttribute("aria-describedby") ?? "").replace(/\s*\S+-error/u, "");
    if (kept) element.setAttribute("aria-describedby", kept);
    else element.removeAttribute("aria-describedby");
  }
  for (const element of all(".wrong")) element.classList.remove("wrong");
  document.title = bare();
}

/** Forgets the title: the page has another language now. */
export const newPage = () => {
  title.page = "";
};

/**
 * Shows the problems `{field, code, values}`; the field is a control's id. `onLink` is called with
 * the field before the focus goes there, so that a hidden step can be shown.
 */
export function showProblems(problems, onLink = () => {}) {
  clearProblems();
  const summary = stamp("problems");
  const list = one("ul", summary);
  const row = one("li", summary);
  list.replaceChildren(
    ...problems.map((problem) => {
      const item = row.cloneNode(true);
      const link = one("a", item);
      link.textContent = say(problem.code, problem.values);
      link.href = `#${problem.field}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        onLink(problem.field);
        control(problem.field)?.focus();
      });
      return item;
    }),
  );
  problems.forEach(atField);
  one("main").prepend(summary);
  document.title = `${say("error_title")} ${bare()}`;
  summary.focus();
}

function atField({ field, code, values }) {
  const input = control(field);
  const box = input?.closest(".field");
  if (!box) return;
  const message = stamp("problem");
  message.id = `${field}-error`;
  one("[data-slot=text]", message).textContent = say(code, values);
  box.classList.add("wrong");
  const before = one(":scope > .choice, :scope > input, :scope > textarea", box);
  before.before(message);
  const group = box.matches("fieldset");
  const described = group ? box : input;
  const others = described.getAttribute("aria-describedby") ?? "";
  described.setAttribute("aria-describedby", `${others} ${message.id}`.trim());
  if (!group) input.setAttribute("aria-invalid", "true");
}

/** Shows one problem at its field only, said politely: somebody is typing. */
export function showAtField(problem) {
  clearProblems();
  atField(problem);
  document.getElementById(`${problem.field}-error`)?.setAttribute("role", "status");
}

/** A message for the whole page, said at once, in a `role=status` element. */
export function tell(id, text) {
  const status = document.getElementById(id);
  if (status) status.replaceChildren(...(text ? [make("span", text)] : []));
}
