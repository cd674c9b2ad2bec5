/** What each kind of entry is made of: from a form's values to a body, facts and faults. Pure. */

import { checkClosing, checkFeedback, checkText } from "./checks.js";

const finalOf = (value) => ({ yes: true, no: false })[value("final")] ?? null;

const READ = {
  message: (value) => ({ body: { text: value("message") } }),
  acknowledgement: (value) => ({ body: { text: value("acknowledgement") } }),
  feedback: (value) => ({
    body: { measures: value("measures"), reasons: value("reasons") },
    final: finalOf(value),
    next_on: finalOf(value) === false ? value("next_on") : null,
  }),
  closing: (value) => ({
    body: { text: value("closing_text"), grounds: value("grounds") },
    outcome: value("outcome"),
  }),
};

/** What to seal: {kind, body, and the facts that the head names}. `value(name)` reads a field. */
export const entryOf = (kind, value) => ({ kind, ...READ[kind](value) });

const CHECKS = {
  message: (value) => checkText("message", value("message")),
  acknowledgement: (value) => checkText("acknowledgement", value("acknowledgement")),
  feedback: (value, { phrases, today }) =>
    checkFeedback(
      {
        measures: value("measures"),
        reasons: value("reasons"),
        final: finalOf(value),
        nextOn: value("next_on"),
      },
      { phrases, today },
    ),
  closing: (value, { reasonNeeded }) =>
    checkClosing(
      {
        outcome: value("outcome"),
        reason: value("reason"),
        grounds: value("grounds"),
        text: value("closing_text"),
      },
      { reasonNeeded },
    ),
};

/** Faults [{field, code}] of a form's values. */
export const faultsOf = (kind, value, context) => CHECKS[kind](value, context);

/** Everything in an entry that the reporter will read, as one text. */
export const textOf = ({ body }) => Object.values(body).join(" ");

/** Whether final feedback has been given; a reopened case needs it anew. */
export const hasFinal = ({ dates }) => Boolean(dates.final_feedback_on);

const ANSWERED = new Set(["done", "none"]);

/** Whether the acknowledgement is given, or none is owed: before that a case is not closed. */
export const mayClose = ({ state, chips }) =>
  state !== "closed" &&
  chips.some((chip) => chip.clock === "acknowledge" && ANSWERED.has(chip.state));

/** The kinds that can be sent now: what is done or over is not offered. */
export function kindsFor(one, role) {
  if (role === "investigator") return [];
  const open = one.state !== "closed";
  return [
    "message",
    ...(open && !one.dates.acknowledged_on ? ["acknowledgement"] : []),
    ...(open && !hasFinal(one) ? ["feedback"] : []),
    ...(mayClose(one) ? ["closing"] : []),
  ];
}
