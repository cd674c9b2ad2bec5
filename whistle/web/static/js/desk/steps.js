/**
 * Steps besides writing to the reporter: withholding the acknowledgement, proposing to delete what is
 * manifestly irrelevant or a closed case, noting that material was handed over.
 */

import { checkText } from "./checks.js";
import { part, show, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { ensureKey } from "./notes.js";
import { wireProposals } from "./proposals.js";
import { sendEntry } from "./send.js";
import { firstOf } from "./thread.js";

/** What may be deleted early, alone: never the report, a decision or a system line. */
const ERASABLE = new Set([
  "message",
  "meeting",
  "meeting_offer",
  "note",
]);

/** The entries that may be deleted. Pure. */
export const erasable = ({ entries, notes }) =>
  [...entries, ...notes].filter(({ kind }) => ERASABLE.has(kind));

/** Whether another person could agree: two ids of one are not two. Pure. */
export const canBeTwo = ({ readers }) =>
  new Set(readers.filter(({ role }) => role !== "investigator").map(({ person }) => person)).size > 1;

/** The steps that can be taken now. Pure. */
export function stepsFor(one, opened, role) {
  if (role === "investigator") return [];
  const owed = one.state !== "closed" && !one.dates.acknowledged_on && !one.dates.withheld;
  return [
    owed && one.grounds.length > 0 && "withholding",
    erasable(opened).length > 0 && canBeTwo(opened) && "erasing",
    one.state === "closed" && canBeTwo(opened) && "whole",
    "handover",
  ].filter(Boolean);
}

const choice = ({ chain, seq }) => `${chain}:${seq}`;

/** A proposal to delete one entry, or with its report a case. */
const proposed = (erases, { seq, sealed_sha256: sha256 }, reason) => [
  "note",
  { kind: "erasure_proposal", body: {}, erases, entries: [{ seq, sha256 }], reason },
];

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
      return proposed(named.chain === "case" ? "entries" : "notes", named, "irrelevant");
    },
  },
  whole: {
    faults: (value, form) => [
      ...(value("whole_why") === "" ? [{ field: "whole_why", code: "whole_why.empty" }] : []),
      ...(form.elements.whole_sure.checked ? [] : [{ field: "whole_sure", code: "whole_sure.empty" }]),
    ],
    make: (value, { entries: [report] }) => proposed("case", report, value("whole_why")),
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
  const proposals = wireProposals(desk, place, section);

  /** Shows the steps that can be taken now. */
  function offer() {
    const { one, opened } = place.current();
    const role = opened.readers.find(({ id }) => id === desk.who.id)?.role;
    const whole = opened.fault === null && opened.notes_fault === null;
    const steps = whole ? stepsFor(one, opened, role) : [];
    proposals.offer(whole && role !== "investigator");
    const alone = whole && role !== "investigator" && !canBeTwo(opened);
    show(part(section, "alone"), alone && erasable(opened).length > 0);
    show(section, steps.length > 0 || opened.proposals.length > 0);
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
