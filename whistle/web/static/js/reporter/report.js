/**
 * /report with scripts: one question at a time in one document, the address' hash is the step.
 * Nothing leaves this page before the last button but the request for the signed keyring.
 */

import { openSealing } from "../sealing-client.js";
import { problemsOf, written } from "./answers.js";
import { showAnswers } from "./check.js";
import { all, one, showScripted, whileBusy } from "./dom.js";
import { fillForm, follow, keepForm, problemsIn, readForm } from "./form.js";
import { guardText, letFormsGo } from "./guard.js";
import { listenToLanguages } from "./language.js";
import { showProblems } from "./problems.js";
import { fetchReaders, showOneReader, showReaders, tellReaders } from "./readers.js";
import { bindCode, bindSent, enterCode, enterSent } from "./sending.js";
import { formSteps, go, order, replaceStep, showStep, stepInAddress, stepOf } from "./steps.js";
import { facts } from "./words.js";

const READERS = "step-readers";

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
    changing: false, // came from the check page
  };
  guardText(() => !report.sent && written(readForm()));
  addEventListener("hashchange", () => arrive(report));
  bind(report);
  if (stepInAddress()) replaceStep(formSteps()[0]);
  showStep(formSteps()[0], { quiet: true });
}

function bind(report) {
  showScripted();
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
  letFormsGo(all(".leave, .twin, [data-file-form]"), () => report.sealing.stop());
  bindCode(report);
  bindSent(report);
  bindLanguages(report);
  follow();
}

function bindLanguages(report) {
  let kept;
  let agreed;
  listenToLanguages(all(".language button[name]"), {
    before() {
      kept = keepForm();
      agreed = one("#one_reader").checked;
    },
    after() {
      bind(report);
      if (report.held.readers) showReaders(report.held, []);
      fillForm(kept);
      one("#one_reader").checked = agreed;
      arrive(report);
    },
    failed: () => showProblems([{ field: "", code: "language_failed" }]),
  });
}

/** At the first input: fetch the Worker and the keyring, so that both are there when needed. */
function begin(report) {
  if (!report.fetching) fetchNow(report);
}

async function fetchNow(report) {
  report.sealing.start();
  report.fetching = fetchReaders(report.sealing, readForm().channel, report.held);
  const failed = await report.fetching;
  if (failed) report.fetching = null;
  else showReaders(report.held, readForm().leftOut);
  return failed;
}

function arrive(report) {
  const step = allowed(report, stepInAddress() || formSteps()[0]);
  if (step !== stepInAddress()) replaceStep(step);
  showStep(step);
  if (step === READERS) enterReaders(report);
  if (step === "check") enterCheck(report);
  if (step === "code") enterCode(report);
  if (step === "sent") enterSent(report);
}

function allowed(report, step) {
  if (report.sent) return "sent";
  if (report.held.keyring?.state === "closed") return "closed";
  const known = order().includes(step);
  const late = step === "check" || step === "code";
  const ready = report.held.readers && problemsOf(readForm(), report.held.readers).length === 0;
  if (!known || (late && !ready) || (step === "code" && !report.code)) return formSteps()[0];
  return step;
}

function next(report) {
  const step = stepInAddress() || formSteps()[0];
  const found = problemsOf(readForm(), report.held.readers);
  const here = problemsIn(found, step);
  if (here.length > 0) return showProblems(here);
  if (step === READERS && !report.held.readers) return enterReaders(report);
  const last = formSteps().at(-1);
  const onward = report.changing || step === last ? "check" : order()[order().indexOf(step) + 1];
  if (onward !== "check") return go(onward);
  return toCheck(report, found);
}

function toCheck(report, problems) {
  if (!report.held.readers) return go(READERS);
  if (problems.length === 0) return go("check");
  const onLink = (field) => go(stepOf(field));
  return showProblems(problems, onLink);
}

async function enterReaders(report) {
  const failed = await (report.fetching ?? fetchNow(report));
  tellReaders(failed ?? "");
  if (!failed && report.held.keyring.state === "closed") arrive(report);
}

function enterCheck(report) {
  report.changing = false;
  const answers = readForm();
  showAnswers(answers, report.held.readers, (step) => {
    report.changing = true;
    go(step);
  });
  showOneReader(report.held.readers, answers.leftOut);
}

async function confirmReaders(report) {
  const alone = showOneReader(report.held.readers, readForm().leftOut);
  if (alone && !one("#one_reader").checked) {
    return showProblems([{ field: "one_reader", code: "one_reader" }]);
  }
  try {
    report.code ??= (await report.sealing.ask("newReceipt")).receipt;
  } catch {
    return showProblems([{ field: "", code: "cannot_seal" }]);
  }
  return go("code");
}
