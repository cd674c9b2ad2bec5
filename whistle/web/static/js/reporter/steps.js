/** Which page is shown: the steps of the form one by one, then check, code and sent. */

import { all, focusHeading, one, show } from "./dom.js";
import { clearProblems } from "./problems.js";
import { say } from "./words.js";

export const formSteps = () => all("section[data-step]").map(({ id }) => id);

/** Every step in order; what comes after the code is no step. */
export const order = () => [...formSteps(), "check", "code"];

export const isStep = (step) => [...order(), "sent", "closed"].includes(step);

/** The step that holds this control. */
export const stepOf = (field) =>
  document.getElementById(field)?.closest("section[data-step], [data-page]")?.id;

export const stepInAddress = () => location.hash.slice(1);

/** Goes to a step; Back of the browser comes back from it. */
export function go(step) {
  if (stepInAddress() === step) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = step;
}

/** Goes to a step in the place of the present one. */
export const replaceStep = (step) => history.replaceState(null, "", `#${step}`);

function showProgress(step) {
  const steps = order();
  const number = steps.indexOf(step) + 1;
  show(one("[data-progress]"), number > 0);
  one("[data-progress] label").textContent = say("step", { step: number, steps: steps.length });
  Object.assign(one("[data-progress] progress"), { max: steps.length, value: number });
}

/** Shows one step and nothing else; the focus goes to its heading unless `quiet`. */
export function showStep(step, { quiet = false, keep = false } = {}) {
  if (!keep) clearProblems();
  const steps = formSteps();
  const inForm = steps.includes(step);
  for (const page of all("[data-page]")) {
    const { page: name } = page.dataset;
    show(page, name === step || (inForm && name === "form") || (step === steps[0] && name === "file"));
  }
  for (const section of all("section[data-step]")) show(section, section.id === step);
  show(one("[data-form] [data-back]"), step !== steps[0]);
  showProgress(step);
  if (!quiet) focusHeading(inForm ? document.getElementById(step) : one(`[data-page=${step}]`));
}
