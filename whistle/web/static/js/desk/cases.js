/** The list of cases: counters that are filters, and the rows by nearest due date. */

import { chipElement, isDuty, isPast, plainChip } from "./chips.js";
import { daysBetween } from "./dates.js";
import { fill, part, show, stamp } from "./dom.js";
import { toCase } from "./routes.js";

const WEEK = 7; // days
const isOpen = (one) => one.state !== "closed";

/** Which cases each counter counts. Pure: a case and today's date in, yes or no out. */
export const COUNTERS = {
  past: (one) => isPast(one),
  week: (one, today) => {
    const due = one.dates.due_on;
    if (!isOpen(one) || due === null) return false;
    const left = daysBetween(today, due);
    return left >= 0 && left <= WEEK;
  },
  unread: (one) => one.unread,
  open: isOpen,
  closed: (one) => !isOpen(one),
};

/** How many cases each counter counts. */
export const count = ({ today, cases }) =>
  Object.fromEntries(
    Object.entries(COUNTERS).map(([name, counts]) => [
      name,
      cases.filter((one) => counts(one, today)).length,
    ]),
  );

/** The cases that a filter shows, in the server's order. */
export const chosen = ({ today, cases }, shown) =>
  cases.filter((one) => COUNTERS[shown](one, today));

function row(desk, one) {
  const made = stamp("case-row");
  const link = part(made, "link");
  link.href = toCase(one.number);
  link.textContent = one.number;
  const due = isOpen(one) ? one.dates.due_on : null;
  fill(made, {
    unread: one.unread,
    first: desk.firstWords.get(one.id) ?? null,
    due: due === null ? desk.say("due.none") : desk.shortDay(due),
    state: desk.say(`state.${one.state}`),
    received: desk.shortDay(one.received_on),
  });
  part(made, "chips").append(...chipsOf(desk, one));
  return made;
}

function chipsOf(desk, one) {
  if (isOpen(one)) return one.chips.filter(isDuty).map((chip) => chipElement(desk.say, chip));
  return [plainChip("done", desk.say("chip.closed", { day: desk.day(one.dates.closed_on) }))];
}

/** Shows the list that the server gave, by the chosen filter. */
export function showCases(desk, listed, shown) {
  const view = desk.view("cases");
  const cases = chosen(listed, shown);
  fill(view, count(listed));
  for (const link of view.querySelectorAll("[data-shown]")) {
    if (link.dataset.shown === shown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  part(view, "caption").textContent = desk.say(`caption.${shown}`);
  part(view, "empty").textContent = desk.say(`empty.${shown}`);
  part(view, "rows").replaceChildren(...cases.map((one) => row(desk, one)));
  const unsent = Object.values(listed.mail_faults ?? {}).reduce((sum, n) => sum + n, 0);
  fill(view, { mail: unsent > 0 && desk.say("mail.unsent", { n: unsent }) });
  show(part(view, "listed"), true);
  show(part(view, "table"), cases.length > 0);
  show(part(view, "empty"), cases.length === 0);
}
