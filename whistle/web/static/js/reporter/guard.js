/** Asks before a tab with unsent text is closed; never when somebody leaves on purpose. */

import { all, one } from "./dom.js";

let leaving = false;

/** `unsent` tells whether text would be lost. */
export function guardText(unsent) {
  leaving = false;
  addEventListener("beforeunload", (event) => {
    if (!leaving && unsent()) event.preventDefault();
  });
}

const WITHIN = 2000; // milliseconds for three presses

/**
 * The ways to leave the site: its buttons, and Shift three times. Everything is off the page at
 * once, and the empty page takes this one's place in the browser's history.
 */
export function letLeave(before) {
  const leave = () => {
    leaving = true;
    before();
    one("main").replaceChildren();
    location.replace(one(".leave").action);
  };
  for (const form of all(".leave, .twin")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave();
    });
  }
  onkeydown = shifts(leave);
}

/** Calls `leave` at the third press of Shift alone. */
export function shifts(leave) {
  let presses = [];
  return ({ key, repeat, timeStamp }) => {
    if (repeat) return;
    presses = key === "Shift" ? [...presses.filter((at) => timeStamp - at < WITHIN), timeStamp] : [];
    if (presses.length === 3) leave();
  };
}
