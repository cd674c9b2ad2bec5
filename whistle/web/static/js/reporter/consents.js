/**
 * What the reporter is asked: who may be told who they are, and how that was answered. The server's
 * twin is whistle/web/reporter/consents.py.
 */

import { visible } from "../sealing/signs.js";
import { all, fill, one, show, stamp, whileBusy } from "./dom.js";
import { say } from "./words.js";

/** The requests of a verified thread, each with its newest answer (null: none). Pure. */
export function asksOf(entries) {
  const answers = new Map();
  for (const { kind, head } of entries) if (kind === "consent") answers.set(head.request, head.given);
  return entries
    .filter(({ kind }) => kind === "consent_request")
    .map(({ sealed_sha256: request, head, body }) => ({
      request,
      recipient: body?.recipient ?? "",
      why: body?.why ?? "",
      scope: head.scope,
      given: answers.get(request) ?? null,
    }));
}

/** What is told, one thing a line. */
export const scopeInWords = (scope) => scope.map((code) => say(`scope.${code}`)).join("\n");

const STATES = new Map([
  [null, "open"],
  [true, "given"],
  [false, "refused"],
]);

/** Shows the requests; `answer(act, request)` is called with what was pressed. */
export function showAsks(entries, answer) {
  const asks = asksOf(entries);
  const rows = asks.map((ask) => {
    const form = stamp("ask");
    const { recipient, why } = ask;
    const state = say(`consent.${STATES.get(ask.given)}`);
    fill(form, { recipient: visible(recipient), why: visible(why), told: scopeInWords(ask.scope), answer: state });
    for (const button of all("button", form)) {
      const back = "back" in button.dataset;
      const other = button.value === "agree" ? ask.given !== true : ask.given !== false;
      show(button, other && back === (ask.given === true && button.value === "refuse"));
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(event.submitter, () => answer(event.submitter.value, ask.request));
    });
    return form;
  });
  one("[data-asks]").replaceChildren(...rows);
  show(one("[data-asks]"), rows.length > 0);
}
