/** Chips: the server says what a date means (one function there); here it gets words and a mark. */

import { daysBetween } from "./dates.js";
import { fill, stamp } from "./dom.js";

const LOOKS = { today: "soon", missed: "late" };

/** The code of the sentence for one chip of the server's. Pure. */
export function chipCode({ clock, state, kept }) {
  const late = state === "done" && (kept === "late" || kept === "missed");
  return `chip.${clock}.${state}${late ? ".late" : ""}`;
}

/** The template that shows a state: seven states, five looks; done too late looks late no more. */
export const lookOf = (state) => LOOKS[state] ?? state;

/** One chip as an element. */
export function chipElement(say, chip) {
  return fill(stamp(`chip-${lookOf(chip.state)}`), {
    text: say(chipCode(chip), { n: chip.days }),
  });
}

/** A chip with words of its own, in one of the five looks. */
export const plainChip = (look, text) => fill(stamp(`chip-${look}`), { text });

/** Whether a clock is one that handlers owe the reporter; erasure comes by itself. Pure. */
export const isDuty = ({ clock }) => clock !== "erase";

const PAST = new Set(["late", "missed"]);

/** Whether a clock of this open case is past its date. Pure. */
export const isPast = (one) =>
  one.state !== "closed" && one.chips.filter(isDuty).some(({ state }) => PAST.has(state));

/**
 * What the handlers have noted to be done by today or before, as one chip: {look, code, n}, or null.
 * One's own comes first. Pure.
 */
export function dueTodo(todos, today, me) {
  const due = todos.filter(({ until }) => until <= today);
  if (due.length === 0) return null;
  const mine = due.filter(({ who }) => who === me);
  const days = (mine.length > 0 ? mine : due).map(({ until }) => daysBetween(until, today));
  const n = Math.max(...days);
  const code = `chip.todo.${mine.length > 0 ? "mine" : "any"}.${n > 0 ? "late" : "today"}`;
  return { look: n > 0 ? "late" : "soon", code, n };
}
