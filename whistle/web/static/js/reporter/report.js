/**
 * /report with scripts: one question at a time in one document, the address' hash is the step.
 * Nothing leaves this page before the last button but the request for the signed keyring.
 */

import { openSealing } from "../sealing-client.js";
import { written } from "./answers.js";
import { all, one, showScripted, whileBusy } from "./dom.js";
import { fillForm, follow, keepForm, readForm } from "./form.js";
import { guardText, letLeave } from "./guard.js";
import { listenToLanguages } from "./language.js";
import { showProblems } from "./problems.js";
import { showReaders, tellReaders } from "./readers.js";
import { arrive, begin, confirmReaders, next, RELOADED } from "./route.js";
import { bindCode, bindSent } from "./sending.js";
import { formSteps, replaceStep, showStep, stepInAddress } from "./steps.js";
import { facts } from "./words.js";

/** Starts the form on this page; call it once. */
export function startReport() {
  const { worker, builtOn, rootKey: root } = facts().dataset;
  const report = {
    sealing: openSealing({ worker, builtOn, root }),
    held: {}, // the verified keyring, and the sealed report once it is made
    code: null,
    sent: null, // the server's answer
    again: false, // it had been sent before
    saved: false,
    agreedTo: null, // the only reader whom the reporter agreed to
    begun: false, // the Worker and the keyring have been asked for
    changing: false, // came from the check page
    step: formSteps()[0],
  };
  guardText(() => !report.sent && written(readForm()));
  addEventListener("hashchange", () => arrive(report));
  bind(report);
  const reloaded = stepInAddress() === "sent";
  if (stepInAddress()) replaceStep(formSteps()[0]);
  const refused = one(".summary-of-errors"); // the server's word on a sealed file
  showStep(reloaded ? RELOADED : formSteps()[0], { quiet: !reloaded, keep: refused !== null });
  refused?.focus();
}

function bind(report) {
  // First of all, so that nothing is ever posted unsealed while the page says otherwise: the
  // sealed file belongs to the form around it from now on, and goes without what was typed.
  for (const control of all("[data-file-form] [form]")) control.removeAttribute("form");
  const form = one("[data-form]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    next(report);
  });
  form.addEventListener("input", () => {
    follow();
    begin(report);
  });
  for (const button of all("[data-back]")) button.addEventListener("click", () => history.back());
  const toCode = one("[data-to-code]");
  toCode.addEventListener("click", () => whileBusy(toCode, () => confirmReaders(report)));
  // Unsent text is asked about here too: the answer is another page.
  one("[data-file-form]").addEventListener("submit", needFile);
  letLeave(() => report.sealing.stop());
  bindCode(report);
  bindSent(report);
  bindLanguages(report);
  tellReaders(report.held.readers ? "" : "checking");
  follow();
  showScripted();
}

function needFile(event) {
  const [file] = one("#sealed").files;
  const most = Number(event.target.dataset.most);
  if (file && file.size <= most) return;
  event.preventDefault();
  showProblems([{ field: "sealed", code: file ? "file_large" : "file_missing" }]);
}

function bindLanguages(report) {
  let kept;
  listenToLanguages(all(".language button[name]"), {
    before() {
      kept = keepForm();
    },
    after() {
      bind(report);
      if (report.held.readers) showReaders(report.held, []);
      fillForm(kept);
      arrive(report);
    },
    failed: () => showProblems([{ field: "", code: "language_failed" }]),
  });
}
