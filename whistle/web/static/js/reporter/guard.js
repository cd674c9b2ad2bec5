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

/** From now on the tab closes without a question. */
export const letGo = () => {
  leaving = true;
};

/** The buttons that leave the site: everything is off the page at once, also for Back. */
export function letLeave(before) {
  for (const form of all(".leave, .twin")) {
    form.addEventListener("submit", () => {
      letGo();
      before();
      one("main").replaceChildren();
    });
  }
}
