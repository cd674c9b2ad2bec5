/**
 * What the two clocks say to the reporter: codes of sentences and the days in them. Pure; the
 * server's twin is whistle/web/reporter/status.py, and one table of examples tests both.
 */

const line = (code, values = {}) => ({ code, values });

function confirming(dates, late) {
  const { acknowledged_on: day, acknowledge_due_on: due } = dates;
  if (day) return late ? line("confirmed_late", { day, due }) : line("confirmed", { day });
  if (dates.waived) return line("not_confirming");
  if (dates.withheld) return line("withheld");
  return late ? line("late_confirming", { day: due }) : line("confirm_by", { day: due });
}

function answering(dates, late) {
  const { feedback_on: day, feedback_due_on: due } = dates;
  if (!day && dates.closed_on) return late ? line("unanswered_late", { due }) : line("unanswered");
  if (day) return late ? line("answered_late", { day, due }) : line("answered", { day });
  return late ? line("late_answering", { day: due }) : line("answer_by", { day: due });
}

function following(dates, late) {
  const { next_feedback_on: day } = dates;
  if (!day || dates.final_feedback_on || dates.closed_on) return [];
  return [line(late ? "late_next" : "next_by", { day })];
}

const waitsForMeeting = (dates) =>
  Boolean(dates.meeting_asked_on) && !dates.meeting_offered_on && !dates.closed_on;

function meeting(dates, late) {
  if (!waitsForMeeting(dates)) return [];
  return [line(late ? "late_meeting" : "meeting_by", { day: dates.meeting_due_on })];
}

const isLate = ({ code }) => code.startsWith("late_");

function escalating({ told_again_on: day }, lines) {
  return day && lines.some(isLate) ? [line("told_again", { day })] : [];
}

function closing({ closed_on: closed, erase_on: erased }) {
  if (!closed) return [];
  const end = erased ? [line("erased_on", { day: erased })] : [];
  return [line("closed", { day: closed }), ...end];
}

/** The lines, oldest date first. */
export function linesOf(dates) {
  const late = dates.late ?? [];
  const lines = [
    line("received", { day: dates.received_on }),
    confirming(dates, late.includes("acknowledge")),
    answering(dates, late.includes("feedback")),
    ...following(dates, late.includes("next_feedback")),
    ...meeting(dates, late.includes("meeting")),
  ];
  return [...lines, ...escalating(dates, lines), ...closing(dates)];
}

/**
 * `late`: an answer is overdue now. `missed`: the law's last day for feedback passed without it,
 * which no later answer undoes; a missed acknowledgement alone opens nothing.
 */
export function alarmOf(dates) {
  const late = linesOf(dates).some(isLate);
  return { late, missed: (dates.missed ?? []).includes("feedback") };
}

/** What a reporter may do beside writing: `meeting`, and `waive` or `unwaive`. */
export function actsOf(dates, { knows_waiver: knowsWaiver }) {
  if (dates.closed_on) return [];
  const asking = waitsForMeeting(dates) ? [] : ["meeting"];
  if (!knowsWaiver || dates.acknowledged_on) return asking;
  return [...asking, dates.waived ? "unwaive" : "waive"];
}
