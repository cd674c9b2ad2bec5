// Handlers' marks of a case (protocol section 3.11): a title, who works on it, labels, linked cases.
// Sealed in the desk chain, always whole; the newest counts.

import { Reading } from "./reading.js";

const TITLE_MAX = 120; // code points
const LABEL_MAX = 30;
const MANY = 12;
const CASE = /^[0-9a-f]{32}$/u;

export const NO_MARKS = Object.freeze({ title: "", assignee: null, labels: [], linked: [] });

const short = (value, max) => typeof value === "string" && [...value].length <= max;
const list = (value, right) =>
  [...new Set(Array.isArray(value) ? value.filter(right) : [])].slice(0, MANY);

/** The marks in a body: what has the right form; the rest is left out. */
export function marksIn(body) {
  const { title, assignee, labels, linked } = body ?? {};
  return {
    title: short(title, TITLE_MAX) ? title.trim() : "",
    assignee: typeof assignee === "string" ? assignee : null,
    labels: list(labels, (one) => short(one, LABEL_MAX) && one.trim() !== ""),
    linked: list(linked, (one) => typeof one === "string" && CASE.test(one)),
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
