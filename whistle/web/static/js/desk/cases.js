/**
 * The list of cases: counters that are filters, and the rows by nearest due date. It can be used at
 * once by what the server tells; what was opened of a case is put into its row as it comes.
 */

import { chipElement, dueTodo, isDuty, isPast, plainChip } from "./chips.js";
import { daysBetween } from "./dates.js";
import { fill, focusOn, part, show, stamp } from "./dom.js";
import { passes, wireFind } from "./find.js";
import { codeOf } from "./failures.js";
import { warn } from "./forms.js";
import { openList } from "./opening.js";
import { toCase } from "./routes.js";

const WEEK = 7; // days
const AT_ONCE = 50; // rows; more when asked for
const TOLD_EVERY = 1000; // ms
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
  all: () => true,
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

function row(desk, one, opened, today) {
  const made = stamp("case-row");
  const link = part(made, "link");
  made.dataset.case = one.id;
  link.href = toCase(one.number);
  link.textContent = one.number;
  const due = isOpen(one) ? one.dates.due_on : null;
  fill(made, {
    unread: one.unread,
    due: due === null ? desk.say("due.none") : desk.shortDay(due),
    state: desk.say(`state.${one.state}`),
    channel: desk.channels.size > 1 ? (desk.channels.get(one.channel) ?? one.channel) : null,
    received: desk.shortDay(one.received_on),
  });
  part(made, "chips").append(...chipsOf(desk, one));
  fillOpened(desk, made, opened, today);
  return made;
}

/** Puts what was opened of a case into its row. */
function fillOpened(desk, made, opened, today) {
  const { fault, title, first, topic, assignee, labels = [], todos = [] } = opened ?? {};
  fill(made, {
    title: title || first || null,
    fault: fault ? desk.say("list.fault") : null,
    topic: topic && topic !== "unknown" ? desk.say(`topic.${topic}`) : null,
    assignee: assignee && desk.say("list.assignee", assignee),
  });
  part(made, "labels").replaceChildren(...labels.map((text) => fill(stamp("label"), { text })));
  show(part(made, "labels"), labels.length > 0);
  const due = dueTodo(todos, today, desk.who.id);
  part(made, "todo").replaceChildren(...(due ? [plainChip(due.look, desk.say(due.code, due))] : []));
}

function chipsOf(desk, one) {
  if (isOpen(one)) return one.chips.filter(isDuty).map((chip) => chipElement(desk.say, chip));
  return [plainChip("done", desk.say("chip.closed", { day: desk.day(one.dates.closed_on) }))];
}

/** Wires the view of the list. Returns {show(listed, shown), opened, clear}. */
export function wireCases(desk) {
  const view = desk.view("cases");
  const rows = part(view, "rows");
  const more = view.querySelector("[data-act='more']");
  let listed = { cases: [] };
  let shown = "open";
  let most = AT_ONCE;
  let toldAt = 0;

  const opening = openList(desk, { onOpened, onEnd });
  const find = wireFind(desk, { known: opening.known, onChange: () => draw(), onDown: intoRows });

  function matching(counter) {
    const filters = find.chosen();
    return chosen(listed, counter).filter((one) => passes(one, opening.known.get(one.id), filters));
  }

  function draw({ keep = false } = {}) {
    if (!keep) most = AT_ONCE;
    const cases = matching(shown);
    const visible = cases.slice(0, most);
    rows.replaceChildren(...visible.map((one) => row(desk, one, opening.known.get(one.id), listed.today)));
    show(part(view, "table"), cases.length > 0);
    const none = chosen(listed, shown).length === 0;
    part(view, "empty").textContent = desk.say(none ? `empty.${shown}` : "empty.filtered");
    show(part(view, "empty"), cases.length === 0);
    show(more, cases.length > visible.length);
    more.textContent = desk.say("list.more", { n: Math.min(AT_ONCE, cases.length - visible.length) });
    fill(view, {
      "how-many": cases.length > visible.length
        && desk.say("list.how-many", { n: visible.length, total: cases.length }),
    });
    opening.first(visible.map(({ id }) => id));
    const others = find.chosen().found === null ? 0 : matching("all").length - cases.length;
    find.say(cases.length, listed.cases.length, others);
  }

  /** A few were opened: only their rows change; a search or a filter looks at them as well. */
  function onOpened(opened) {
    for (const one of opened) {
      const made = rows.querySelector(`[data-case="${one.id}"]`);
      if (made) fillOpened(desk, made, one, listed.today);
    }
    tellProgress(false);
  }

  function tellProgress(ended) {
    const now = Date.now();
    if (!ended && now - toldAt < TOLD_EVERY) return;
    toldAt = now;
    const left = opening.left();
    const total = listed.cases.length;
    fill(view, { progress: left > 0 && desk.say("list.progress", { n: total - left, total }) });
    find.offer(listed.cases);
    const { assignee, label } = find.chosen();
    find.refresh();
    if (assignee !== "" || label !== "") draw({ keep: true });
  }

  function onEnd(error) {
    if (error !== null && !desk.lost(error)) {
      warn(view, `${desk.say("list.stopped")} ${desk.say(codeOf(error))}`);
    }
    tellProgress(true);
  }

  function intoRows() {
    rows.querySelector("a")?.focus();
  }

  function showMore() {
    const before = rows.children.length;
    most += AT_ONCE;
    draw({ keep: true });
    const next = rows.children[before]?.querySelector("a");
    if (next) focusOn(next);
  }

  rows.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...rows.querySelectorAll("[data-part='link']")];
    const at = links.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    if (at + step < 0) view.querySelector("#find").focus();
    else links[at + step]?.focus();
  });
  more.addEventListener("click", showMore);

  return {
    list: opening,
    /** Shows the list that the server gave, by the chosen counter. */
    show(answer, counter) {
      const again = answer !== listed;
      [listed, shown] = [answer, counter];
      const counted = count(listed);
      fill(view, counted);
      for (const link of view.querySelectorAll("[data-shown]")) {
        if (link.dataset.shown === shown) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      part(view, "caption").textContent = desk.say(`caption.${shown}`);
      find.offer(listed.cases);
      draw();
      const unsent = Object.values(listed.mail_faults ?? {}).reduce((sum, n) => sum + n, 0);
      fill(view, { mail: unsent > 0 && desk.say("mail.unsent", { n: unsent }) });
      show(part(view, "listed"), true);
      if (again) opening.follow(listed).catch(onEnd);
    },
    clear() {
      listed = { cases: [] };
      opening.clear();
      find.clear();
      rows.replaceChildren();
    },
  };
}
