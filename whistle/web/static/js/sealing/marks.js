// Handlers' marks of a case (protocol section 3.11): a title, who works on it, labels, linked cases, and
// what is to be done, for whom and until when.
// Sealed in the desk chain, always whole; the newest counts.

import { isDate } from "./dates.js";
import { Reading } from "./reading.js";

const TITLE_MAX = 120; // code points
const LABEL_MAX = 30;
const MANY = 12;
const CASE = /^[0-9a-f]{32}$/u;
const TODO = /^[0-9a-f]{16}$/u;
const TODO_MAX = 200; // code points
const MANY_TODOS = 50;

export const NO_MARKS = Object.freeze({ title: "", assignee: null, labels: [], linked: [], todos: [] });

const short = (value, max) => typeof value === "string" && [...value].length <= max;
const list = (value, right) =>
  [...new Set(Array.isArray(value) ? value.filter(right) : [])].slice(0, MANY);

const idOrNull = (value) => (typeof value === "string" ? value : null);

/** What is to be done: of the right form, each once; `who` and `until` null where nobody or no day is named. */
function todosIn(value) {
  const right = (one) =>
    TODO.test(one?.id) && short(one.text, TODO_MAX) && one.text.trim() !== "";
  const known = new Map();
  for (const one of Array.isArray(value) ? value.filter(right) : []) {
    const { id, text, who, until, done } = one;
    known.set(id, {
      id,
      text: text.trim(),
      who: idOrNull(who),
      until: isDate(until) ? until : null,
      done: isDate(done?.on) ? { by: idOrNull(done.by), on: done.on } : null,
    });
  }
  return [...known.values()].slice(0, MANY_TODOS);
}

/** The marks in a body: what has the right form; the rest is left out. */
export function marksIn(body) {
  const { title, assignee, labels, linked, todos } = body ?? {};
  return {
    title: short(title, TITLE_MAX) ? title.trim() : "",
    assignee: idOrNull(assignee),
    labels: list(labels, (one) => short(one, LABEL_MAX) && one.trim() !== ""),
    linked: list(linked, (one) => typeof one === "string" && CASE.test(one)),
    todos: todosIn(todos),
  };
}

/** The newest marks among the verified entries of a desk chain: {…, on, by, seq}, or null. */
export function newestMarks(entries) {
  const found = entries.findLast(({ kind }) => kind === "marks");
  if (!found) return null;
  const { on, author_name: by, seq } = found;
  return { ...marksIn(found.body), on, by, seq };
}

/**
 * One marks entry by itself, for a list. `first` is the case's verified entry 1, `keys` those of
 * desk.age. Checked is all but its place in the chain: that shows when the case is opened.
 */
export async function openMarks(record, { first, keys, keyrings, access }) {
  const { thread } = first.head;
  const reading = new Reading({ chain: "desk", keys, keyrings, thread, access });
  return marksIn((await reading.alone(record, "marks")).body);
}
