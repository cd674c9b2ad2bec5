/**
 * Steps besides writing to the reporter: withholding the acknowledgement, deleting an entry that is
 * manifestly irrelevant, noting that material was handed over.
 */

import { checkText } from "./checks.js";
import { part, show, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { ensureKey } from "./notes.js";
import { sendEntry } from "./send.js";
import { firstOf } from "./thread.js";

/** What may be deleted early: never the report, a decision or a system line. */
const ERASABLE = new Set([
  "message",
  "meeting",
  "meeting_offer",
  "note",
  "withholding",
  "handover",
  "out_of_scope",
]);

/** The entries that may be deleted. Pure. */
export const erasable = ({ entries, notes }) =>
  [...entries, ...notes].filter(({ kind }) => ERASABLE.has(kind));

/** The steps that can be taken now. Pure. */
export function stepsFor(one, opened, role) {
  if (role === "investigator") return [];
  const owed = one.state !== "closed" && !one.dates.acknowledged_on && !one.dates.withheld;
  return [
    owed && one.grounds.length > 0 && "withholding",
    erasable(opened).length > 0 && "erasing",
    "handover",
  ].filter(Boolean);
}

const choice = ({ chain, seq }) => `${chain}:${seq}`;

/** For each step: its faults, and what to seal in which request to the Worker. Pure. */
const STEPS = {
  withholding: {
    faults: (value) => [
      ...(value("ground") === "" ? [{ field: "ground", code: "ground.empty" }] : []),
      ...checkText("withholding", value("withholding")),
    ],
    make: (value) => [
      "note",
      { kind: "withholding", ground: value("ground"), body: { text: value("withholding") } },
    ],
  },
  erasing: {
    faults: (value, form) => [
      ...(value("erased") === "" ? [{ field: "erased", code: "erased.empty" }] : []),
      ...(form.elements.irrelevant.checked ? [] : [{ field: "irrelevant", code: "irrelevant.empty" }]),
    ],
    make: (value, opened) => {
      const named = erasable(opened).find((entry) => choice(entry) === value("erased"));
      const entries = [{ seq: named.seq, sha256: named.sealed_sha256 }];
      return named.chain === "case"
        ? ["makeEntry", { kind: "removed", body: {}, entries }]
        : ["note", { kind: "note_removed", body: {}, entries }];
    },
  },
  handover: {
    faults: (value) => [
      ...checkText("handed_to", value("handed_to")),
      ...checkText("basis", value("basis")),
    ],
    make: (value) => [
      "note",
      { kind: "handover", body: { to: value("handed_to"), basis: value("basis") } },
    ],
  },
};

/** Wires the steps; `place` as in write.js. Returns {offer()}. */
export function wireSteps(desk, place) {
  const section = part(place.view, "steps");

  /** Shows the steps that can be taken now. */
  function offer() {
    const { one, opened } = place.current();
    const role = opened.readers.find(({ id }) => id === desk.who.id)?.role;
    const whole = opened.fault === null && opened.notes_fault === null;
    const steps = whole ? stepsFor(one, opened, role) : [];
    show(section, steps.length > 0);
    for (const step of section.querySelectorAll("[data-step]")) {
      show(step, steps.includes(step.dataset.step));
    }
    const grounds = one.grounds.map((code) => ({ value: code, text: desk.say(`ground.${code}`) }));
    fillSelect(section.querySelector("#ground"), grounds, desk.say("choose"));
    const entries = erasable(opened).map((entry) => ({ value: choice(entry), text: named(entry) }));
    fillSelect(section.querySelector("#erased"), entries, desk.say("choose"));
  }

  function named(entry) {
    const author = entry.side === "handler" ? entry.author_name : desk.say(`side.${entry.side}`);
    return `${desk.shortDay(entry.on)}, ${author}: ${firstOf(entry)}`;
  }

  async function take(name) {
    const form = formOf(section, name);
    const value = (field) => valueOf(form, field);
    const { faults, make } = STEPS[name];
    tell(section, "");
    if (showFaults(form, faults(value, form), desk.say)) return;
    tell(section, desk.say("write.sending"));
    try {
      const [ask, params] = make(value, place.current().opened);
      if (ask === "note") await ensureKey(desk, place);
      const { one } = place.current();
      const result = await sendEntry({
        key: JSON.stringify([one.id, ask, params]),
        unanswered: desk.unanswered,
        make: () => desk.sealing.ask(ask, params),
        post: (entry) => desk.api.append(one.id, entry),
        reload: place.reload,
        again: false,
      });
      if (result === "news") {
        warn(section, desk.say("write.news"));
        return;
      }
      form.reset();
      clearFaults(form);
      form.closest("details").open = false;
      await place.sent(section, desk.say(`step.done.${name}`));
    } catch (error) {
      place.failed(error, section);
    }
  }

  for (const name of Object.keys(STEPS)) {
    const form = formOf(section, name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(form.querySelector("button"), () => take(name));
    });
  }
  return { offer };
}
