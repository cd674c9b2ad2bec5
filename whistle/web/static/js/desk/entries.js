/** What each kind of entry is made of: from a form's values to a body, facts and faults. Pure. */

import { checkClosing, checkDay, checkFeedback, checkText } from "./checks.js";

/** The kinds that are written to the reporter, in the page's order. */
export const KINDS = [
  "message",
  "meeting_offer",
  "acknowledgement",
  "feedback",
  "closing",
  "out_of_scope",
  "reopening",
];

const finalOf = (value) => ({ yes: true, no: false })[value("final")] ?? null;

const plain = (field) => (value) => ({ body: { text: value(field) } });

const READ = {
  message: plain("message"),
  meeting_offer: plain("meeting_offer"),
  acknowledgement: plain("acknowledgement"),
  reopening: plain("reopening"),
  out_of_scope: plain("out_of_scope"),
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

/** What the server must know beside the sealed entry, and the head does not hold. */
export function besides(kind, value, { reasonNeeded }) {
  if (kind === "closing" && reasonNeeded) return { reason: value("reason") };
  return kind === "reopening" ? { next_on: value("reopen_on") } : {};
}

const needed = (field) => (value) => checkText(field, value(field));

const CHECKS = {
  message: needed("message"),
  meeting_offer: needed("meeting_offer"),
  acknowledgement: needed("acknowledgement"),
  out_of_scope: needed("out_of_scope"),
  reopening: (value, context) => [
    ...checkText("reopening", value("reopening")),
    ...checkDay("reopen_on", value("reopen_on"), context),
  ],
  feedback: (value, context) =>
    checkFeedback(
      {
        measures: value("measures"),
        reasons: value("reasons"),
        final: finalOf(value),
        nextOn: value("next_on"),
      },
      context,
    ),
  closing: (value, { reasonNeeded, done }) =>
    checkClosing(
      {
        outcome: value("outcome"),
        reason: value("reason"),
        grounds: value("grounds"),
        text: value("closing_text"),
      },
      { reasonNeeded, done },
    ),
};

/** Faults [{field, code}] of a form's values. */
export const faultsOf = (kind, value, context) => CHECKS[kind](value, context);

/** Everything in an entry that the reporter will read, as one text. */
export const textOf = ({ body }) => Object.values(body).join(" ");

/** Whether final feedback has been given; a reopened case needs it anew. */
export const hasFinal = ({ dates }) => Boolean(dates.final_feedback_on);

const ANSWERED = new Set(["done", "none"]);

/** Whether an acknowledgement is still to be given: before that a case is not closed. */
export const acknowledgementOwed = ({ chips }) =>
  !chips.some((chip) => chip.clock === "acknowledge" && ANSWERED.has(chip.state));

/** Whether the reporter waits for a meeting to be offered: until then a case is not closed. */
export const meetingOwed = ({ chips }) =>
  chips.some((chip) => chip.clock === "meeting" && !ANSWERED.has(chip.state));

/** The outcomes for which what must be written first has been. */
export const doneFirst = (one) => [
  ...(one.out_of_scope ? ["out_of_scope"] : []),
  ...(one.handed_over ? ["transferred"] : []),
];

/** The kinds that can be sent now: what is done or over is not offered. */
export function kindsFor(one, role) {
  if (role === "investigator") return [];
  const open = one.state !== "closed";
  const offered = {
    message: true,
    meeting_offer: open && meetingOwed(one),
    acknowledgement: open && !one.dates.acknowledged_on,
    feedback: open && !hasFinal(one),
    closing: open && !acknowledgementOwed(one) && !meetingOwed(one),
    out_of_scope: open && !one.out_of_scope,
    reopening: !open,
  };
  return KINDS.filter((kind) => offered[kind]);
}
