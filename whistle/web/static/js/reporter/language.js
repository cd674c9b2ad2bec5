/**
 * Another language without losing text or sending it: the same page is fetched in that language,
 * empty, and takes the place of this one; the caller puts the answers in again.
 */

import { getPage } from "./net.js";
import { newPage } from "./problems.js";

/** Lets the language buttons of the page work; `typed` reads what is to be kept. */
export function listenToLanguages(buttons, { before, after, failed }) {
  for (const button of buttons) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const address = new URL(button.formAction || button.href, location.href);
      const page = await getPage(address.pathname + location.search);
      if (!page) return failed();
      before();
      change(page, address.pathname);
      return after();
    });
  }
}

function change(page, path) {
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceChildren(...document.adoptNode(page.body).childNodes);
  history.replaceState(null, "", path + location.search + location.hash);
  newPage();
}
