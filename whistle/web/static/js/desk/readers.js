/**
 * Who can read a case, and how that changes: leaving it, taking somebody out, letting a colleague in,
 * and sealing it again when keys have changed. The Worker decides for whom it seals.
 */

import { fill, part, show, whileBusy } from "./dom.js";
import { notThere } from "./failures.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { sealingAgain } from "./reseals.js";
import { toCases } from "./routes.js";
import { sendEntry } from "./send.js";

/** Why a case waits to be sealed again, as this browser sees it; null if it does not. Pure. */
export function whyAgain({ leavers, old_key: oldKey }) {
  if (leavers.length > 0) return "left";
  return oldKey ? "recused" : null;
}

/** The changes that a reader can make now. Pure. */
export function changesFor({ readers, may_be_let_in: free }, me) {
  const others = readers.filter(({ id }) => id !== me);
  const role = readers.find(({ id }) => id === me)?.role;
  if (role === undefined) return [];
  if (role === "investigator") return others.length > 0 ? ["recused"] : [];
  return [
    others.length > 0 && "recused",
    others.length > 0 && "removal",
    free.length > 0 && "colleague",
  ].filter(Boolean);
}

const needed = (value, name) => (value(name) === "" ? [{ field: name, code: `${name}.empty` }] : []);

/** For each form: its faults, and what to ask of the Worker. Pure. */
const FORMS = {
  recused: {
    faults: (_, form) => (form.elements.sure.checked ? [] : [{ field: "sure", code: "sure.empty" }]),
    change: (_, { me }) => ({ remove: [me], reason: "recused" }),
  },
  removal: {
    faults: (value) => [...needed(value, "out"), ...needed(value, "why")],
    change: (value) => ({ remove: [value("out")], reason: value("why") }),
  },
  colleague: {
    faults: (value) => needed(value, "in"),
    change: (value) => ({ add: [value("in")], reason: "colleague" }),
  },
  again: {
    faults: () => [],
    change: (_, { opened }) => sealingAgain([whyAgain(opened)]),
  },
};

/** Wires the changes of one case; `place` as in write.js. Returns {offer()}. */
export function wireReaders(desk, place) {
  const section = part(place.view, "who-reads");

  /** Shows what can be changed now. */
  function offer() {
    const { opened } = place.current();
    const whole = opened.fault === null && opened.notes_fault === null;
    const changes = whole ? changesFor(opened, desk.who.id) : [];
    for (const one of section.querySelectorAll("[data-change]")) {
      show(one, changes.includes(one.dataset.change));
    }
    const why = whole && changes.length > 0 ? whyAgain(opened) : null;
    show(part(section, "seal-again"), why !== null);
    fill(section, { "seal-again": why && desk.say(`seal-again.${why}`) });
    const others = opened.readers.filter(({ id }) => id !== desk.who.id);
    fillSelect(section.querySelector("#out"), others.map(asOption), desk.say("choose"));
    fillSelect(section.querySelector("#in"), opened.may_be_let_in.map(asOption), desk.say("choose"));
  }

  const asOption = ({ id, name, role_text: role }) => ({ value: id, text: `${name}, ${role}` });

  async function take(name) {
    const form = formOf(section, name);
    const value = (field) => valueOf(form, field);
    const { faults, change } = FORMS[name];
    tell(section, "");
    if (showFaults(form, faults(value, form), desk.say)) return;
    tell(section, desk.say("readers.sealing"));
    const { one, opened } = place.current();
    const asked = change(value, { me: desk.who.id, opened });
    try {
      await send(one, asked, name, form);
    } catch (error) {
      // An answer that was lost: the second time the case is not there any more.
      if (name === "recused" && notThere(error)) left(one);
      else place.failed(error, section);
    }
  }

  async function send(one, asked, name, form) {
    const result = await sendEntry({
      key: JSON.stringify([one.id, "reseal", asked]),
      unanswered: desk.unanswered,
      make: () => desk.sealing.ask("reseal", asked),
      post: (posted) => desk.api.changeAccess(one.id, posted),
      reload: place.reload,
      again: false,
    });
    if (result === "news") {
      warn(section, desk.say("write.news"));
      return;
    }
    if (name === "recused") {
      left(one);
      return;
    }
    form.reset();
    clearFaults(form);
    const folded = form.closest("details");
    if (folded) folded.open = false;
    await place.sent(section, desk.say(`readers.done.${name}`));
  }

  /** Goes back to a list without the case; nothing of it stays in this page. */
  function left(one) {
    desk.drafts.drop(one.id);
    desk.list.forget(one.id);
    desk.parting = desk.say("readers.done.recused", { number: one.number });
    location.replace(toCases()); // the case's number does not stay behind the Back button
  }

  for (const name of Object.keys(FORMS)) {
    const form = formOf(section, name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(form.querySelector("button"), () => take(name));
    });
  }
  return { offer };
}
