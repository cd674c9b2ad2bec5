/**
 * A case that does not open: who signs that, and what follows. A bundle of its own, loaded when a
 * case does not open.
 */

import { fill, part, show, stamp, whileBusy } from "./dom.js";
import { codeOf, outOfTurn } from "./failures.js";
import { formOf, tell, warn } from "./forms.js";

const TRIES = 3; // an entry may come in between

const opensNow = ({ name, reason }) => name === "SealingError" && reason === "opens";

/** Whether there is something to press: not signed yet, or all have, and it was not told. Pure. */
export const maySign = ({ signed, waiting, told }, me) =>
  !told && (!signed.includes(me) || waiting.length === 0);

/**
 * Wires the part of the view. Returns {offer(answer, stillHere), clear()}.
 * @param again  opens the case anew
 */
export function wireUnopened(desk, view, again) {
  const section = part(view, "unopened");
  const form = formOf(section, "unopened");
  let current = null; // {id, names, stillHere}

  /** Names by the verified list of keys; an id that it does not have is shown as it is. */
  async function namesFor(answer) {
    const { channels } = await desk.sealing.ask("readKeyring", { keyringAnswer: answer, seen: desk.seen });
    return new Map((channels[answer.channel] ?? []).map(({ id, name }) => [id, name]));
  }

  const row = (id, code) =>
    fill(stamp("person"), { name: current.names.get(id) ?? id, role: desk.say(`unopened.${code}`) });

  function showSigners(standing) {
    const { signed, waiting, told } = standing;
    part(section, "signers").replaceChildren(
      ...signed.map((id) => row(id, "signed")),
      ...waiting.map((id) => row(id, "missing")),
    );
    const mine = signed.includes(desk.who.id);
    const sentence = told ? "told" : mine && waiting.length > 0 && "waits";
    fill(section, { "unopened-state": sentence && desk.say(`unopened.${sentence}`) });
    show(form, maySign(standing, desk.who.id));
    show(section, true);
  }

  const path = (id) => `/desk/cases/${id}/cannot-open`;

  async function offer(answer, stillHere) {
    const [standing, names] = await Promise.all([desk.api.ask("GET", path(answer.id)), namesFor(answer)]);
    if (!stillHere()) return;
    current = { id: answer.id, names, stillHere };
    tell(section, "");
    showSigners(standing);
  }

  /** Tried once more before it is signed: the case may have been sealed again. */
  async function signed(id, tries = TRIES) {
    const answer = await desk.api.case(id);
    const made = await desk.sealing.ask("unopened", { answer, seen: desk.seen });
    try {
      return await desk.api.ask("POST", path(id), made);
    } catch (error) {
      if (!outOfTurn(error) || tries === 1) throw error;
      return signed(id, tries - 1);
    }
  }

  async function sign() {
    const { id, stillHere } = current;
    try {
      const standing = await signed(id);
      if (!stillHere()) return;
      showSigners(standing);
      tell(section, desk.say("unopened.done"));
    } catch (error) {
      if (!stillHere() || desk.lost(error)) return;
      if (opensNow(error)) await again(id);
      else warn(section, desk.say(codeOf(error)));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), sign);
  });

  return {
    offer,
    clear() {
      current = null;
      show(section, false);
      part(section, "signers").replaceChildren();
      fill(section, { "unopened-state": null });
      tell(section, "");
    },
  };
}
