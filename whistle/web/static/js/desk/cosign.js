/** The next list of keys, signed by a handler too: nobody is added unseen. */

import { fill, part, show, stamp, whileBusy } from "./dom.js";
import { codeOf } from "./failures.js";
import { formOf, showFaults, tell, warn } from "./forms.js";

/** Wires the view. Returns {open(), clear(), offer()}. */
export function wireCosigning(desk) {
  const view = desk.view("keyring");
  const form = formOf(view, "cosign");
  const list = part(view, "changes");
  let shown = null;

  function row({ what, name, words }) {
    const made = fill(stamp("keyring-change"), { what: desk.say(`draft.${what}`), name });
    const place = part(made, "words");
    show(place, Boolean(words) && ["added", "keys"].includes(what));
    place.replaceChildren(
      ...(words ?? []).map((word) => {
        const span = document.createElement("span");
        span.textContent = word;
        return span;
      }),
    );
    return made;
  }

  async function load() {
    const [{ draft }, keyringAnswer] = await Promise.all([desk.api.draft(), desk.api.keyring()]);
    show(part(view, "none"), draft === null);
    if (draft === null) return;
    const phraseList = await fetched(desk.root.dataset.phraseList);
    shown = await desk.sealing.ask("readDraft", { keyringAnswer, draft, phraseList, seen: desk.seen });
    const facts = { serial: shown.serial, day: desk.day(shown.expires_on) };
    fill(view, { "draft-facts": desk.say("draft.facts", facts) });
    list.replaceChildren(...shown.changes.map(row));
    show(part(view, "draft"), true);
  }

  async function fetched(url) {
    const answer = await fetch(url, { credentials: "same-origin" });
    return answer.ok ? answer.text() : "";
  }

  async function sign() {
    const compared = form.elements.compared.checked;
    if (showFaults(form, compared ? [] : [{ field: "compared", code: "compared.empty" }], desk.say)) return;
    await trying(async () => {
      const { sha256 } = shown;
      const { cosignature } = await desk.sealing.ask("cosign", { sha256 });
      await desk.api.cosign({ sha256, cosignature });
      clear();
      tell(view, desk.say("draft.signed"));
    });
  }

  async function trying(work) {
    try {
      await work();
    } catch (error) {
      if (!desk.lost(error)) warn(view, desk.say(codeOf(error)));
    }
  }

  function clear() {
    shown = null;
    list.replaceChildren();
    form.reset();
    for (const name of ["none", "draft"]) show(part(view, name), false);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), sign);
  });

  return {
    async open() {
      tell(view, "");
      clear();
      desk.show("keyring");
      await trying(load);
    },
    clear,
    /** Says above the cases that a list waits for a signature. */
    async offer() {
      const { draft } = await desk.api.draft();
      show(part(desk.view("cases"), "draft-waits"), draft !== null);
    },
  };
}
