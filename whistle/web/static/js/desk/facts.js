/** What stands beside the conversation: the two clocks, the facts, who can read. */

import { chipElement, isDuty } from "./chips.js";
import { fill, part, show, stamp } from "./dom.js";

const ACTS = {
  acknowledge: "acknowledgement",
  feedback: "feedback",
  next_feedback: "feedback",
  meeting: "meeting_offer",
};
const STOPPED = new Set(["done", "none"]);

/** Whether the button of a clock is offered. Pure. */
export const canAct = (one, chip) =>
  one.state !== "closed" && chip.state !== "done" && chip.clock in ACTS;

function clockElement(desk, one, chip, onAct) {
  const made = stamp("clock");
  const running = !STOPPED.has(chip.state);
  const act = onAct !== null && canAct(one, chip);
  const why = one.dates.withheld ? "withheld" : "none";
  const stops = `clock.${chip.clock}.${running ? "stops" : why}`;
  fill(made, {
    name: desk.say(`clock.${chip.clock}`),
    due: dueOf(desk, chip, running),
    latest: running && latestOf(desk, chip),
    stops: running || chip.state === "none" ? desk.say(stops) : null,
    act: act && desk.say(`clock.${chip.clock}.act`),
  });
  show(part(made, "act"), act);
  part(made, "chip").append(chipElement(desk.say, chip));
  part(made, "act").firstElementChild.addEventListener("click", () => onAct(ACTS[chip.clock]));
  return made;
}

/** The law's last day, where it is another than the strict one. */
function latestOf(desk, { due_on: due, latest_on: latest }) {
  return latest !== null && latest !== due && desk.say("clock.latest", { day: desk.day(latest) });
}

function dueOf(desk, chip, running) {
  if (chip.done_on) return desk.say("clock.done", { day: desk.day(chip.done_on) });
  return running && chip.due_on && desk.say("clock.due", { day: desk.day(chip.due_on) });
}

/**
 * Shows each clock with what stops it and the button that does; `onAct(kind)` when pressed, or
 * null where nothing may be written.
 */
export function showClocks(desk, view, one, onAct) {
  const clocks = one.chips.filter(isDuty).map((chip) => clockElement(desk, one, chip, onAct));
  part(view, "clocks").replaceChildren(...clocks);
}

/** What is known of a case, [fact, value]; codes and dates as they are. Pure. */
export function factsOf(one, report, recovery) {
  const { language, reporter, wishes } = report;
  return [
    ["received", { day: one.received_on }],
    ["language", { code: `language.${language}` }],
    ["named", { code: reporter ? "fact.named.yes" : "fact.named.no" }],
    ["meeting", wishes?.meeting ? { code: "fact.meeting.yes" } : null],
    ["waived", one.dates.waived ? { code: "fact.waived.yes" } : null],
    ["withheld", one.withheld ? { code: `ground.${one.withheld}` } : null],
    ["outcome", one.outcome ? { code: `outcome.${one.outcome}` } : null],
    ["closed", one.dates.closed_on ? { day: one.dates.closed_on } : null],
    ["erase", one.dates.erase_on ? { day: one.dates.erase_on } : null],
    ["recovery", recovery ? { code: "fact.recovery.yes" } : null],
  ].filter(([, value]) => value !== null);
}

/** Shows the facts of an opened case. */
export function showFacts(desk, view, one, opened) {
  const report = opened.entries[0].body;
  const rows = factsOf(one, report, opened.recovery).map(([fact, value]) =>
    fill(stamp("answer"), {
      question: desk.say(`fact.${fact}`),
      answer: value.day ? desk.day(value.day) : desk.say(value.code),
    }),
  );
  part(view, "facts").replaceChildren(...rows);
}

/** Shows who can read the case, and whom the reporter left out. */
export function showReaders(desk, view, opened) {
  const person = (one) => {
    const name = one.id === desk.who.id ? desk.say("reader.you", { name: one.name }) : one.name;
    return fill(stamp("person"), { name, role: one.role_text || desk.say(`role.${one.role}`) });
  };
  const known = new Map(Object.values(opened.keyring.channels).flat().map((one) => [one.id, one]));
  const out = opened.left_out.map((id) => known.get(id) ?? { id, name: id, role_text: "" });
  part(view, "readers").replaceChildren(...opened.readers.map(person));
  part(view, "left-out-list").replaceChildren(
    ...out.map((one) => fill(stamp("person"), { name: one.name, role: one.role_text })),
  );
  show(part(view, "left-out"), out.length > 0);
}
