// The dates that the server tells, held against what its own key has signed (Directive (EU)
// 2019/1937 Art. 9(1)(b), (f)): nobody can move them later, in any law and any channel.

import { addDays, addMonths, isDate } from "./dates.js";

const ACKNOWLEDGE_DAYS = 7;
const FEEDBACK_MONTHS = 3;

/** The date that a system line says, or null. */
function signed(entries, kind, param) {
  const line = entries.find((one) => one.side === "system" && one.kind === kind);
  return line?.body.params[param] ?? null;
}

/**
 * A fault, or null. The receipt date must be the signed one; the strict dates may be earlier than
 * the law's, never later. What a handler acknowledged has no date of its own under a signature, so
 * only the system's acknowledgement brings the feedback nearer here.
 */
export function checkPromised(told, entries) {
  const dates = told ?? {};
  const received = signed(entries, "received", "received_on");
  if (received === null) return null; // the thread is not there; chain.js says why
  const week = addDays(received, ACKNOWLEDGE_DAYS);
  const acknowledged = signed(entries, "acknowledged", "acknowledged_on");
  const begins = acknowledged !== null && acknowledged < week ? acknowledged : week;
  const within = (date, latest) => isDate(date) && date >= received && date <= latest;
  const kept =
    dates.received_on === received &&
    within(dates.acknowledge_due_on, week) &&
    within(dates.feedback_due_on, addMonths(begins, FEEDBACK_MONTHS));
  return kept ? null : { reason: "dates", chain: "case", seq: 2 };
}
