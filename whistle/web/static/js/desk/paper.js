/** The private key for paper: opened once more, shown, and gone from the page again. */

import { wireAgain } from "./again.js";
import { focusOn, part, show, whileBusy } from "./dom.js";
import { formOf, tell } from "./forms.js";

/**
 * @param trying  does a work and tells what went wrong
 * @param onPrinted  shows the ways anew
 * @returns {hide(), tellPrinted(day)}
 */
export function wirePaper(desk, view, { trying, onPrinted }) {
  const paper = part(view, "paper");
  const again = wireAgain(desk, view, formOf(view, "again-paper"), { trying, work: showKey });

  function hide() {
    again.hide();
    show(paper, false);
    part(view, "private-key").textContent = "";
  }

  async function showKey(opening) {
    const { written } = await desk.sealing.ask("writeOut", opening);
    hide();
    tell(view, "");
    part(view, "private-key").textContent = written.match(/.{1,6}/gu).join(" ");
    show(paper, true);
    focusOn(paper.querySelector("h3"));
  }

  const acts = {
    "print-key": again.ask,
    "hide-again-paper": close,
    "hide-key": close,
    paper: () => window.print(),
    async "on-paper"() {
      await desk.api.keyPrinted();
      hide();
      await onPrinted();
      tell(view, desk.say("paper.noted"));
      focusOn(view.querySelector(".status"));
    },
  };

  function close() {
    hide();
    focusOn(view.querySelector("[data-act='print-key']"));
  }

  for (const [act, work] of Object.entries(acts)) {
    const button = view.querySelector(`[data-act="${act}"]`);
    button.addEventListener("click", () => whileBusy(button, () => trying(async () => work())));
  }

  return {
    hide,
    tellPrinted(day) {
      const sentence = day ? desk.say("paper.on", { day: desk.day(day) }) : desk.say("paper.none");
      part(view, "printed").textContent = sentence;
    },
  };
}
