/** Another passphrase: six new words, written down, typed back, and the old file is gone. */

import { wireAgain } from "./again.js";
import { ApiError } from "./api.js";
import { focusOn, part, show, whileBusy } from "./dom.js";
import { clearFaults, emptyFields, formOf, showFaults, tell, valueOf } from "./forms.js";

/** The words that passphrases are made of. */
export async function wordList(desk) {
  const answer = await fetch(desk.root.dataset.passphraseList).catch(() => null);
  if (!answer?.ok) throw new ApiError(0, "offline");
  return answer.text();
}

/** One word as it is shown. */
export function spelt(word) {
  const made = document.createElement("span");
  made.textContent = word;
  return made;
}

/**
 * @param trying  does a work and tells what went wrong
 * @param onChanged  shows the ways and the sessions anew
 * @returns {hide()}
 */
export function wirePassphrase(desk, view, { trying, onChanged }) {
  const fresh = part(view, "fresh");
  const form = formOf(view, "typed-back");
  const again = wireAgain(desk, view, formOf(view, "again-words"), { trying, work: makeWords });

  function hide() {
    again.hide();
    form.reset();
    clearFaults(form);
    for (const one of [fresh, form]) show(one, false);
    part(view, "fresh-words").replaceChildren();
  }

  async function makeWords(opening) {
    const list = await wordList(desk);
    const { passphrase } = await desk.sealing.ask("newPassphrase", { list, ...opening });
    hide();
    tell(view, "");
    part(view, "fresh-words").replaceChildren(...passphrase.split(" ").map(spelt));
    show(fresh, true);
    focusOn(fresh.querySelector("h3"));
  }

  function typeBack() {
    part(view, "fresh-words").replaceChildren(); // from the paper, not from the screen
    show(fresh, false);
    show(form, true);
    focusOn(form.querySelector("h3"));
  }

  async function change() {
    if (showFaults(form, emptyFields(form), desk.say)) return;
    try {
      tell(view, desk.say("passphrase.sealing"));
      const typed = valueOf(form, "new-passphrase");
      const { keyFile } = await desk.sealing.ask("sealToPassphrase", { typed });
      await desk.api.changePassphrase(keyFile);
      if (desk.key.passkey === null) desk.key = { ...desk.key, keyFile };
      hide();
      await onChanged();
      tell(view, desk.say("passphrase.changed"));
      focusOn(view.querySelector(".status"));
    } catch (error) {
      if (error.reason !== "typed") throw error;
      tell(view, "");
      showFaults(form, [{ field: "new-passphrase", code: "passphrase.other" }], desk.say);
    }
  }

  function close() {
    hide();
    focusOn(view.querySelector("[data-act='change-passphrase']"));
  }

  const acts = {
    "change-passphrase": again.ask,
    "hide-again-words": close,
    "words-written": typeBack,
    "hide-words": close,
    "hide-typed": close,
  };
  for (const [act, work] of Object.entries(acts)) {
    view.querySelector(`[data-act="${act}"]`).addEventListener("click", work);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), () => trying(change));
  });
  return { hide };
}
