/**
 * A new key before the old one's year is over: made and sealed in the Worker, its words written down
 * and typed back, signed by the old key and given for the next list of keys.
 */

import { wireAgain } from "./again.js";
import { fill, focusOn, part, show, whileBusy } from "./dom.js";
import { clearFaults, emptyFields, formOf, showFaults, tell, valueOf } from "./forms.js";
import { spelt, wordList } from "./passphrase.js";

/**
 * @param trying  does a work and tells what went wrong
 * @returns {tellKey(key), hide()}
 */
export function wireNewKey(desk, view, { trying }) {
  const place = part(view, "own-key");
  const fresh = part(place, "fresh-key");
  const form = formOf(view, "typed-new-key");
  const again = wireAgain(desk, view, formOf(view, "again-new-key"), { trying, work: make });

  function tellKey(key) {
    show(place, key !== null);
    if (key === null) return;
    fill(place, {
      "renew-on": desk.say(key.soon ? "new-key.soon" : "new-key.by", { day: desk.day(key.renew_on) }),
      "made-on": key.made_on && desk.say("new-key.made", { day: desk.day(key.made_on) }),
    });
    show(part(place, "coming"), key.made_on !== null);
    show(part(place, "old-key-waits"), key.old_key_waits);
    show(part(place, "may-make"), !key.old_key_waits);
    part(place, "coming-words").replaceChildren(...key.words.map(spelt));
  }

  function hide() {
    again.hide();
    form.reset();
    clearFaults(form);
    for (const one of [fresh, form]) show(one, false);
    part(fresh, "new-key-words").replaceChildren();
  }

  async function make(opening) {
    const list = await wordList(desk);
    const { passphrase } = await desk.sealing.ask("newKey", { list, ...opening });
    hide();
    tell(view, "");
    part(fresh, "new-key-words").replaceChildren(...passphrase.split(" ").map(spelt));
    show(fresh, true);
    focusOn(fresh.querySelector("h3"));
  }

  function typeBack() {
    part(fresh, "new-key-words").replaceChildren(); // from the paper, not from the screen
    show(fresh, false);
    show(form, true);
    focusOn(form.querySelector("h3"));
  }

  async function give() {
    if (showFaults(form, emptyFields(form), desk.say)) return;
    try {
      tell(view, desk.say("passphrase.sealing"));
      const typed = valueOf(form, "new-key-passphrase");
      const { made } = await desk.sealing.ask("sealNewKey", { typed });
      const { key } = await desk.api.giveNewKey(made);
      hide();
      tellKey(key);
      tell(view, desk.say("new-key.given"));
      focusOn(view.querySelector(".status"));
    } catch (error) {
      if (error.reason !== "typed") throw error;
      tell(view, "");
      showFaults(form, [{ field: "new-key-passphrase", code: "passphrase.other" }], desk.say);
    }
  }

  function close() {
    hide();
    focusOn(view.querySelector("[data-act='make-key']"));
  }

  const acts = {
    "make-key": again.ask,
    "hide-again-new-key": close,
    "key-written": typeBack,
    "hide-new-key": close,
    "hide-typed-key": close,
  };
  for (const [act, work] of Object.entries(acts)) {
    view.querySelector(`[data-act="${act}"]`).addEventListener("click", work);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), () => trying(give));
  });
  return { tellKey, hide };
}
