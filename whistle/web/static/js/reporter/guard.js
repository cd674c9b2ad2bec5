/** Asks before a tab with unsent text is closed; never when somebody leaves on purpose. */

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

/** The forms of the page that leave it: the button at the top, its twin, the sealed file's. */
export function letFormsGo(forms, before = () => {}) {
  for (const form of forms) {
    form.addEventListener("submit", () => {
      letGo();
      before();
    });
  }
}
