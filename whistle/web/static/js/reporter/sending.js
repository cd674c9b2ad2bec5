/** The code's page with the last button, and the page after sending. */

import { bodyOf, leftOutIds } from "./answers.js";
import { checkWhileTyping, letKeep, properly, showCode } from "./code.js";
import { fill, make, one, show, whileBusy } from "./dom.js";
import { readForm } from "./form.js";
import * as net from "./net.js";
import { clearProblems, showAtField, showProblems, tell } from "./problems.js";
import { onlyReader, showReaders } from "./readers.js";
import { hasDates, sendReport } from "./send.js";
import { linesOf } from "./status.js";
import { go, replaceStep, stepInAddress } from "./steps.js";
import { say } from "./words.js";

const page = (name) => one(`[data-page=${name}]`);

/** Makes the code's page work. */
export function bindCode(report) {
  letKeep(page("code"), () => report.code, "kept");
  const button = one("[data-send]");
  button.addEventListener("click", () => whileBusy(button, () => send(report)));
}

export function enterCode(report) {
  showCode(page("code"), report.code);
  tell("sending", "");
}

function letterOf(report) {
  const answers = readForm();
  const { readers } = report.held;
  return {
    code: report.code,
    channel: answers.channel,
    body: bodyOf(answers),
    leftOut: leftOutIds(readers, answers.leftOut),
    waiveAck: answers.waiveAck,
    leaveOutRecovery: answers.noRecovery,
    oneReaderConfirmed: onlyReader(readers, answers.leftOut)?.person === report.agreedTo,
  };
}

async function send(report) {
  if (report.sent) return;
  tell("sending", say("working"));
  const outcome = await sendReport(report.sealing, net, letterOf(report), report.held, () =>
    tell("sending", say("paying")),
  );
  if (outcome.kind === "sent") arrived(report, outcome.answer);
  else if (outcome.kind === "already") await cameBefore(report);
  else if (outcome.kind === "readers") readersChanged(report);
  else failed(report, outcome);
}

function arrived(report, answer) {
  report.sent = { waived: readForm().waiveAck, ...answer };
  report.held.made = null;
  one("[data-form]").reset();
  replaceStep("sent");
  go("sent");
}

/** It had been sent before, says the server: the mailbox must say so too. */
async function cameBefore(report) {
  const { token } = await report.sealing.ask("openMailbox", { code: report.code });
  const answer = await net.getMailbox(token);
  if (answer.status !== 200 || !hasDates(answer.json.dates)) {
    failed(report, { code: answer.status === 404 ? "send_failed" : net.failure(answer) });
    return;
  }
  report.again = true;
  arrived(report, answer.json.dates);
}

function readersChanged(report) {
  showReaders(report.held, readForm().leftOut);
  report.agreedTo = null;
  const tellAll = () => showProblems([{ field: "left_out", code: "readers_changed" }]);
  addEventListener("hashchange", tellAll, { once: true }); // after the step is shown
  go("step-readers");
}

function failed(report, { code, values }) {
  tell("sending", "");
  showProblems([{ field: "", code, values }]);
  if (code === "offline") {
    const again = () => stepInAddress() === "code" && one("[data-send]").click();
    addEventListener("online", again, { once: true });
  }
}

/** Makes the page after sending work. */
export function bindSent(report) {
  letKeep(page("sent"), () => report.code, "kept-again");
  const again = one("#again");
  one("[data-confirm]").addEventListener("submit", (event) => {
    event.preventDefault();
    confirm(report, again.value);
  });
  checkWhileTyping(again, async () => {
    const problem = await unlike(report, again.value);
    if (problem) showAtField(problem);
    else clearProblems();
  });
}

export function enterSent(report) {
  const sent = page("sent");
  showCode(sent, report.code);
  const lines = report.sent.received_on ? linesOf(report.sent) : [];
  const rows = lines.map(({ code, values }) => make("li", say(`date.${code}`, values)));
  one("[data-dates]", sent).replaceChildren(...rows);
  show(one("[data-again]", sent), report.again);
  fill(sent, { again: say("already_sent") });
  showSaved(report);
}

/** What is wrong with what was typed; null if it is the code. */
async function unlike(report, typed) {
  const { receipt, code } = await properly(report.sealing, typed);
  if (receipt === report.code) return null;
  const wrong = code ?? "code_other";
  // Whoever has ticked needs nothing in the field.
  const ticked = one("#saved").checked;
  return { field: "again", code: (ticked && OR_EMPTY[wrong]) || wrong };
}

const OR_EMPTY = { code_wrong: "again_wrong", code_other: "again_other" };

async function confirm(report, typed) {
  const ticked = one("#saved").checked;
  const empty = ticked ? null : { field: "saved", code: "not_saved" };
  const problem = typed.trim() ? await unlike(report, typed) : empty;
  if (problem) return showProblems([problem]);
  clearProblems();
  report.saved = true;
  report.sealing.stop();
  return showSaved(report);
}

function showSaved({ saved }) {
  show(one("[data-confirm]"), !saved);
  show(one("[data-done]"), saved);
}
