/** From one step of the report to the next: what may be shown, what must be mended first. */

import { problemsOf, written } from "./answers.js";
import { showAnswers } from "./check.js";
import { one } from "./dom.js";
import { problemsIn, readForm } from "./form.js";
import { showProblems } from "./problems.js";
import { fetchReaders, onlyReader, recoveryTold, showOnlyReader, showReaders, tellReaders } from "./readers.js";
import { enterCode, enterSent } from "./sending.js";
import {
  formSteps,
  go,
  isStep,
  order,
  replaceStep,
  showStep,
  stepInAddress,
  stepOf,
} from "./steps.js";

const READERS = "step-readers";
export const RELOADED = "reloaded";

/** At the first input: fetch the Worker and the keyring, so that both are there when needed. */
export function begin(report) {
  if (!report.begun) fetchNow(report);
}

async function fetchNow(report) {
  report.begun = true;
  report.sealing.start();
  report.fetching = fetchReaders(report.sealing, readForm().channel, report.held);
  const failed = await report.fetching;
  if (failed) report.fetching = null;
  else showReaders(report.held, readForm().leftOut);
  tellReaders(failed ?? "");
  return failed;
}

export function arrive(report) {
  const asked = stepInAddress() || formSteps()[0];
  if (!isStep(asked)) return standAt(report, asked);
  const step = allowed(report, asked);
  // That the page was loaded again has no address: from there a report begins.
  report.step = step === RELOADED ? formSteps()[0] : step;
  if (report.step !== stepInAddress()) replaceStep(report.step);
  showStep(step);
  if (step === READERS) enterReaders(report);
  if (step === "check") enterCheck(report);
  if (step === "code") enterCode(report);
  if (step === "sent") enterSent(report);
  return null;
}

/** A link within the page, as the one past the header: the step stays. */
function standAt({ step }, target) {
  replaceStep(step);
  document.getElementById(target)?.focus();
}

/** What may be shown of what the address asks for: nothing that has not happened on this page. */
function allowed(report, step) {
  if (report.sent) return "sent";
  if (report.held.keyring?.state === "closed") return "closed";
  if (step === "sent" && !written(readForm())) return RELOADED;
  if (step === "sent" || step === "closed") return formSteps()[0];
  const late = step === "check" || step === "code";
  const ready = report.held.readers && problemsOf(readForm(), report.held.readers).length === 0;
  if ((late && !ready) || (step === "code" && !report.code)) return formSteps()[0];
  return step;
}

export function next(report) {
  const { step } = report;
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
  if (!failed && report.held.keyring.state === "closed") arrive(report);
}

function enterCheck(report) {
  report.changing = false;
  const answers = readForm();
  const { readers, keyring } = report.held;
  showAnswers(answers, { readers, recovery: recoveryTold(keyring, answers) }, (step) => {
    report.changing = true;
    go(step);
  });
  showOnlyReader(onlyReader(report.held.readers, answers.leftOut), report.agreedTo);
}

export async function confirmReaders(report) {
  const reader = onlyReader(report.held.readers, readForm().leftOut);
  report.agreedTo = reader && one("#one_reader").checked ? reader.person : null;
  if (reader && !report.agreedTo) {
    return showProblems([{ field: "one_reader", code: "one_reader" }]);
  }
  try {
    report.code ??= (await report.sealing.ask("newReceipt")).receipt;
  } catch {
    return showProblems([{ field: "", code: "cannot_seal" }]);
  }
  return go("code");
}
