/** Cases that wait to be sealed again because keys have changed: a notice above the list. */

import { fill, part, show, whileBusy } from "./dom.js";
import { codeOf } from "./failures.js";
import { tell, warn } from "./forms.js";

/** What to ask of the Worker for a case that waits, by the reasons that the server lists. Pure. */
export const sealingAgain = (why) => ({ reason: why.includes("left") ? "left" : "rollover" });

/** Wires the notice above the list: the cases that wait to be sealed again, one after the other. */
export function wireReseals(desk, { onDone }) {
  const view = desk.view("cases");
  const place = part(view, "reseals");
  let waiting = [];

  /** Shows how many cases wait, as the list says. */
  function offer({ reseals = [] }) {
    waiting = reseals;
    show(place, waiting.length > 0);
    fill(place, { reseals: waiting.length > 0 && desk.say("reseals", { n: waiting.length }) });
  }

  async function again({ id, why }) {
    const answer = await desk.api.case(id);
    await desk.sealing.ask("openCase", { answer, seen: desk.seen });
    await desk.api.changeAccess(id, await desk.sealing.ask("reseal", sealingAgain(why)));
  }

  async function all() {
    let failed = 0;
    let fault = null;
    for (const [at, one] of waiting.entries()) {
      tell(view, desk.say("reseals.sealing", { at: at + 1, n: waiting.length }));
      try {
        await again(one);
      } catch (error) {
        if (desk.lost(error)) return;
        failed += 1;
        fault = error;
      }
    }
    await desk.sealing.ask("closeCase");
    const done = desk.say("reseals.done", { n: waiting.length - failed });
    await onDone();
    if (failed === 0) tell(view, done);
    else warn(view, `${desk.say("reseals.failed", { n: failed })} ${desk.say(codeOf(fault))}`);
  }

  const button = place.querySelector("[data-act='seal-again']");
  button.addEventListener("click", () => whileBusy(button, all));
  return { offer };
}
