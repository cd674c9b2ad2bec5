/** The private key for paper: opened once more, shown, and gone from the page again. */

import { fill, focusOn, part, show, whileBusy } from "./dom.js";
import { wrongPassphrase } from "./failures.js";
import { clearFaults, emptyFields, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { touchAgain } from "./passkeys.js";

/**
 * @param trying  does a work and tells what went wrong
 * @param onPrinted  shows the ways anew
 * @returns {hide(), tellPrinted(day)}
 */
export function wirePaper(desk, view, { trying, onPrinted }) {
  const form = formOf(view, "again");
  const paper = part(view, "paper");

  function hide() {
    form.reset();
    clearFaults(form);
    show(form, false);
    show(paper, false);
    fill(paper, { key: "" });
  }

  function ask() {
    hide();
    show(part(form, "again-words"), desk.key.passkey === null);
    show(part(form, "again-passkey"), desk.key.passkey !== null);
    show(form, true);
    focusOn(form.querySelector("h3"));
  }

  /** What opens the key: the words as typed, or the passkey once more. */
  async function way() {
    const { passkey } = desk.key;
    if (passkey === null) return { passphrase: valueOf(form, "passphrase-for-paper") };
    tell(view, desk.say("passkey.waiting"));
    return { prf: await touchAgain(passkey.host, passkey.prf, passkey.id) };
  }

  async function showKey() {
    if (showFaults(form, emptyFields(form), desk.say)) return;
    try {
      const opening = await way();
      tell(view, desk.say("sign-in.opening"));
      const { keyFile } = desk.key;
      const { written } = await desk.sealing.ask("writeOut", { keyFile, ...opening });
      hide();
      tell(view, "");
      fill(paper, { key: written.match(/.{1,6}/gu).join(" ") });
      show(paper, true);
      focusOn(paper.querySelector("h3"));
    } catch (error) {
      if (!wrongPassphrase(error)) throw error;
      warn(view, desk.say("sign-in.wrong-passphrase"));
      form.elements["passphrase-for-paper"].focus();
    }
  }

  const acts = {
    "print-key": ask,
    "hide-key": () => {
      hide();
      focusOn(view.querySelector("[data-act='print-key']"));
    },
    paper: () => window.print(),
    async "on-paper"() {
      await desk.api.keyPrinted();
      hide();
      await onPrinted();
      tell(view, desk.say("paper.noted"));
      focusOn(view.querySelector(".status"));
    },
  };
  for (const [act, work] of Object.entries(acts)) {
    for (const button of view.querySelectorAll(`[data-act="${act}"]`)) {
      button.addEventListener("click", () => whileBusy(button, () => trying(async () => work())));
    }
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), () => trying(showKey));
  });

  return {
    hide,
    tellPrinted(day) {
      const sentence = day ? desk.say("paper.on", { day: desk.day(day) }) : desk.say("paper.none");
      part(view, "printed").textContent = sentence;
    },
  };
}
