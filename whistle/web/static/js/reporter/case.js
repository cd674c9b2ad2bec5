/** The opened report on the page: its dates, what was missed, its thread, and what is wrong. */

import { showAsks } from "./consents.js";
import { all, fill, make, one, show } from "./dom.js";
import { actsOf, alarmOf, linesOf } from "./status.js";
import { entryOf } from "./thread.js";
import { knows, say } from "./words.js";

const page = () => one("[data-page=case]");

/** @param view  {dates, law, entries, fault, since} ; entries after `since` are marked as new. */
export function showCase({ dates, law, entries, fault, since }, answer) {
  const believed = fault?.reason === "dates" ? [] : linesOf(dates);
  const rows = believed.map(({ code, values }) => make("li", say(`date.${code}`, values)));
  one("[data-dates]", page()).replaceChildren(...rows);
  showAlarm(dates, law);
  one("[data-thread]").replaceChildren(...entries.map((entry) => entryOf(entry, entry.seq > since)));
  show(one("[data-empty]"), !fault && entries.every(({ side }) => side !== "handler"));
  showFault(fault);
  showAsks(fault ? [] : entries, answer);
  const acts = fault ? [] : actsOf(dates, law);
  for (const box of all("[data-act]", page())) show(box, acts.includes(box.dataset.act));
}

function showAlarm(dates, law) {
  const { late, missed } = alarmOf(dates);
  show(one("[data-late]"), late && !missed);
  for (const terms of all("[data-missed]")) {
    show(terms, missed && terms.dataset.missed === law.code);
    show(one("[data-owed]", terms), late);
  }
}

function showFault(fault) {
  show(one("[data-fault]"), fault !== null);
  show(one("[data-reply]"), fault === null);
  if (!fault) return;
  const code = `fault.${fault.reason}`;
  fill(one("[data-fault]"), { reason: say(knows(code) ? code : "fault.other") });
}

/** Takes everything that was opened off the page. */
export function clearCase() {
  one("[data-dates]", page()).replaceChildren();
  one("[data-thread]").replaceChildren();
  one("[data-asks]").replaceChildren();
}
