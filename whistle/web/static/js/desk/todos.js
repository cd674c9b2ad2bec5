/**
 * What the handlers of a case have noted to be done: a text, for whom, until when, done. It is a part of
 * the marks, so it is sealed like a note and the server knows nothing of it.
 */

import { dueTodo, plainChip } from "./chips.js";
import { checkText } from "./checks.js";
import { isDay } from "./dates.js";
import { fill, focusOn, part, show, stamp, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { MarksFault, NONE, saveMarks } from "./merging.js";

const TEXT_MAX = 200; // code points
const MANY = 50;

/** A number that nobody else has chosen: 16 hex digits. */
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");

/** Faults of something to be noted. Pure. */
export function faultsOfTodo({ text, until }) {
  const faults = checkText("todo", text);
  if ([...text].length > TEXT_MAX) faults.push({ field: "todo", code: "todo.too_long" });
  if (until !== "" && !isDay(until)) faults.push({ field: "todo_until", code: "todo_until.wrong" });
  return faults;
}

/**
 * The marks with one thing changed: {add: todo}, {done: id, by, on}, {undone: id} or {drop: id}. What is gone
 * or done already stays so. When there are too many, those that were done first make room. Pure.
 */
export function withTodo(marks, change) {
  const { todos } = marks;
  if (change.add) {
    const spare = todos.filter(({ done }) => done).sort((one, other) => one.done.on.localeCompare(other.done.on));
    const out = new Set(spare.slice(0, Math.max(0, todos.length + 1 - MANY)).map(({ id }) => id));
    const kept = todos.filter(({ id }) => !out.has(id) && id !== change.add.id);
    if (kept.length >= MANY) throw new MarksFault([{ field: "todo", code: "todo.too_many" }]);
    return { ...marks, todos: [...kept, change.add] };
  }
  if (change.drop) return { ...marks, todos: todos.filter(({ id }) => id !== change.drop) };
  const { by, on } = change;
  const changed = todos.map((one) => {
    if (one.id === change.undone) return { ...one, done: null };
    return one.id === change.done && !one.done ? { ...one, done: { by, on } } : one;
  });
  return { ...marks, todos: changed };
}

/** In which order they stand: what is open by its day, then what is done, the newest first. Pure. */
export function ordered(todos) {
  const LAST = "9999-12-31";
  const byDay = (one, other) => (one.until ?? LAST).localeCompare(other.until ?? LAST);
  const byDone = (one, other) => other.done.on.localeCompare(one.done.on);
  return [
    ...todos.filter(({ done }) => !done).sort(byDay),
    ...todos.filter(({ done }) => done).sort(byDone),
  ];
}

/** Wires what is to be done in one case; `place` as in write.js. Returns {offer()}. */
export function wireTodos(desk, place) {
  const form = formOf(place.view, "todo");
  const box = form.closest("section");
  const list = part(box, "todo-list");

  /** Shows what is to be done; whoever may not change marks reads it. */
  function offer() {
    const { opened, today } = place.current();
    const whole = opened.fault === null && opened.notes_fault === null;
    const writes = whole && opened.readers.find(({ id }) => id === desk.who.id)?.role !== "investigator";
    show(box, whole);
    show(form, writes);
    const { who } = form.elements;
    const chosen = who.value;
    const people = opened.readers.map(({ id, name }) => ({ value: id, text: name }));
    fillSelect(who, people, desk.say("todo.anybody"));
    who.value = people.some(({ value }) => value === chosen) ? chosen : "";
    const { todos } = opened.marks ?? NONE;
    list.replaceChildren(...ordered(todos).map((one) => element(one, { opened, today, writes })));
    show(list, todos.length > 0);
  }

  function element(todo, { opened, today, writes }) {
    const made = stamp("todo");
    made.dataset.todo = todo.id;
    const nameOf = (id) => opened.readers.find((one) => one.id === id)?.name;
    const about = [
      nameOf(todo.who),
      !todo.done && todo.until && desk.say("todo.until", { day: desk.day(todo.until) }),
      todo.done && sayDone(todo.done.on, nameOf(todo.done.by)),
    ];
    fill(made, { text: todo.text, about: about.filter(Boolean).join(", ") });
    const due = !todo.done && todo.until && dueTodo([todo], today, desk.who.id);
    if (due) part(made, "chip").append(plainChip(due.look, desk.say(due.code, due)));
    show(part(made, "chip"), Boolean(due));
    for (const [name, visible] of [["done", !todo.done], ["undone", todo.done], ["drop", true]]) {
      const button = made.querySelector(`[data-act="${name}"]`);
      show(button, writes && Boolean(visible));
      button.setAttribute("aria-describedby", `todo-${todo.id}`);
      button.addEventListener("click", () => whileBusy(button, () => change(name, todo)));
    }
    part(made, "text").id = `todo-${todo.id}`;
    return made;
  }

  const sayDone = (on, name) =>
    desk.say(name ? "todo.done.by" : "todo.done", { day: desk.day(on), name: name ?? "" });

  async function save(key, make, sentence, then = () => {}) {
    tell(box, desk.say("write.sending"));
    try {
      const result = await saveMarks(desk, place, key, make);
      if (result === "news") {
        warn(box, desk.say("write.news"));
        return false;
      }
      then();
      await place.sent(box, desk.say(sentence));
      return true;
    } catch (error) {
      if (error.name !== "MarksFault") place.failed(error, box);
      else if (error.faults.length > 0) {
        tell(box, "");
        showFaults(form, error.faults, desk.say);
      }
      return false;
    }
  }

  async function change(name, { id }) {
    const asked = { [name]: id, ...(name === "done" && { by: desk.who.id, on: place.current().today }) };
    const done = await save(asked, (marks) => withTodo(marks, asked), `todo.told.${name}`);
    if (done) focusOn(list.querySelector(`[data-todo="${id}"]`) ?? box.querySelector("h2"));
  }

  async function add() {
    const read = { text: valueOf(form, "todo").trim(), until: valueOf(form, "todo_until") };
    tell(box, "");
    if (showFaults(form, faultsOfTodo(read), desk.say)) return;
    const asked = { ...read, who: valueOf(form, "who") || null };
    // The same words pressed twice are one thing: while no answer came, the number stays.
    form.dataset.id ||= newId();
    const todo = { id: form.dataset.id, text: read.text, who: asked.who, until: read.until || null, done: null };
    await save({ add: todo }, (marks) => withTodo(marks, { add: todo }), "todo.told.add", reset);
  }

  function reset() {
    form.reset();
    clearFaults(form);
    delete form.dataset.id;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), add);
  });
  return { offer, leave: reset };
}
