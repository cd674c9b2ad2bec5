/** Dated duties: the list by nearest date, beginning one, done, extended, postponed. */

import { lookOf, plainChip } from "./chips.js";
import { isDay } from "./dates.js";
import { fill, focusOn, part, show, stamp, whileBusy } from "./dom.js";
import { codeOf } from "./failures.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { toCase } from "./routes.js";

/** What can put a task's date off, and with which listed reasons. */
const LATER = {
  data_request: { act: "extend", reasons: ["complex", "many"] },
  person_concerned_notice: {
    act: "postpone",
    reasons: ["would_impair", "evidence_at_risk", "secrecy"],
  },
};

/** What can be put off of a task now, or null: a data request once, and in time. Pure. */
export function laterOf({ kind, reason, state }) {
  const later = LATER[kind] ?? null;
  const used = later?.act === "extend" && (reason !== null || state === "late");
  return used ? null : later;
}

/** Faults of a task to begin. Pure. */
export function faultsOfBeginning(kind, day, today) {
  const faults = kind === "" ? [{ field: "task_kind", code: "task.kind.empty" }] : [];
  if (!isDay(day)) return [...faults, { field: "started_on", code: "started_on.empty" }];
  return day > today ? [...faults, { field: "started_on", code: "started_on.future" }] : faults;
}

/** One task as an element; `work` does its acts, `numbers` names its case. */
export function taskElement(desk, task, numbers, work) {
  const made = stamp("task");
  const later = task.changes ? laterOf(task) : null;
  fill(made, {
    name: desk.say(`task.${task.kind}`),
    due: desk.say("clock.due", { day: desk.day(task.due_on) }),
    since: desk.say("task.since", { day: desk.day(task.started_on) }),
    reason: task.reason && desk.say(`task.reason.${task.reason}`),
    later: later && desk.say(`task.${later.act}`),
  });
  const text = desk.say(`chip.task.${task.state}`, { n: task.days });
  part(made, "chip").append(plainChip(lookOf(task.state), text));
  nameCase(part(made, "case"), numbers.get(task.case));
  part(made, "done").addEventListener("click", ({ currentTarget }) =>
    whileBusy(currentTarget, () => work("done", task, {})),
  );
  show(part(made, "done").parentElement, task.ends);
  show(part(made, "elsewhere"), task.changes && !task.ends);
  show(part(made, "later"), later !== null);
  if (later !== null) wireLater(desk, made, task, later, work);
  return made;
}

function nameCase(link, number) {
  show(link, number !== undefined);
  if (number === undefined) return;
  link.href = toCase(number);
  link.textContent = number;
}

function wireLater(desk, made, task, { act, reasons }, work) {
  const form = made.querySelector("form");
  const reason = part(form, "reason");
  const review = form.elements.review_on;
  for (const [input, name] of [[reason, "reason"], [review, "review"]]) {
    input.id = `${name}-${task.id}`;
    part(form, `${name}-label`).htmlFor = input.id;
  }
  const options = reasons.map((code) => ({ value: code, text: desk.say(`task.reason.${code}`) }));
  fillSelect(reason, options, desk.say("choose"));
  show(part(form, "review"), act === "postpone");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const faults = reason.value === "" ? [{ field: "reason", code: "task.reason.empty" }] : [];
    if (act === "postpone" && !isDay(review.value)) {
      faults.push({ field: "review_on", code: "review_on.empty" });
    }
    if (showFaults(form, faults, desk.say)) return;
    const asked = { reason: reason.value, ...(act === "postpone" && { review_on: review.value }) };
    whileBusy(form.querySelector("button"), () => work(act, task, asked));
  });
}

/** Wires the view of all tasks. Returns {open()}. */
export function wireTasks(desk) {
  const view = desk.view("tasks");
  const form = formOf(view, "begin");
  let today = "";

  async function load() {
    const [{ tasks, begins, today: day }, { cases }] = await Promise.all([
      desk.api.tasks(),
      desk.api.cases(),
    ]);
    today = day;
    const numbers = new Map(cases.map(({ id, number }) => [id, number]));
    part(view, "tasks").replaceChildren(
      ...tasks.map((task) => taskElement(desk, task, numbers, work)),
    );
    show(part(view, "no-tasks"), tasks.length === 0);
    show(form.closest("section"), begins);
    const chosen = form.elements.task_case.value;
    const options = cases.map(({ id, number }) => ({ value: id, text: number }));
    fillSelect(form.elements.task_case, options, desk.say("task.no-case"));
    form.elements.task_case.value = chosen;
    form.elements.started_on.max = today;
    show(part(view, "tasks-shown"), true);
  }

  const failed = (error) => {
    if (!desk.lost(error)) warn(view, desk.say(codeOf(error)));
  };

  async function after(code) {
    await load();
    tell(view, desk.say(code));
    focusOn(view.querySelector(".status"));
  }

  async function work(act, task, asked) {
    try {
      await desk.api.changeTask(task.id, act, asked);
      await after(`task.told.${act}`);
    } catch (error) {
      failed(error);
    }
  }

  async function begin() {
    const kind = valueOf(form, "task_kind");
    const day = valueOf(form, "started_on");
    tell(view, "");
    if (showFaults(form, faultsOfBeginning(kind, day, today), desk.say)) return;
    const one = valueOf(form, "task_case");
    try {
      await desk.api.beginTask({ kind, started_on: day, ...(one && { case: one }) });
      form.reset();
      clearFaults(form);
      await after("task.told.begun");
    } catch (error) {
      failed(error);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), begin);
  });

  return {
    async open() {
      show(part(view, "tasks-shown"), false);
      tell(view, "");
      desk.show("tasks");
      await load().catch(failed);
    },
  };
}
