/**
 * One case: fetched sealed, opened and verified in the Worker, shown, written to. A bundle of its own,
 * loaded behind the list.
 */

import { fill, focusOn, part, show } from "./dom.js";
import { showTasksOf } from "./case-tasks.js";
import { showClocks, showFacts, showReaders } from "./facts.js";
import { codeOf, isFault, notThere } from "./failures.js";
import { tell, warn } from "./forms.js";
import { showNotes, wireNotes } from "./notes.js";
import { wireReaders } from "./readers.js";
import { wireExport } from "./export.js";
import { wireOutside } from "./outside.js";
import { wirePersons } from "./persons.js";
import { readSnippets } from "./snippets.js";
import { wireSteps } from "./steps.js";
import { wireMarks } from "./marks.js";
import { entryElement } from "./thread.js";
import { wireTodos } from "./todos.js";
import { wireWriting } from "./write.js";
import { keysDoNotOpen, reportDoesNotOpen } from "../sealing/unreadable.js";

/** The parts that hold what was opened. */
const FILLED = ["thread", "notes", "linked", "facts", "readers", "left-out-list", "clocks", "case-tasks", "todo-list", "persons"];

/** Fields that say what marks hold. */
const FIELDS = ["working-title", "marks-title", "marks-assignee", "marks-labels", "marks-by"];

/** Choices that say what entries hold, or who reads. */
const CHOICES = ["erased", "out", "in", "assignee", "link", "known-labels", "todo-who", "ground_person", "ended"];

const readPhrases = (root) =>
  [...root.querySelector("template[data-phrases]").content.children].map((one) => one.textContent);

/** Wires the view of one case. Returns {open(one), leave()}; `one` is the case as the list has it. */
export function wireCase(desk, { onMissing }) {
  const view = desk.view("case");
  let current = null; // {one, opened, today}
  let fetched = null; // the case as it came, sealed
  let unopened = null; // the part for a case that does not open: it comes when one does not
  let visit = 0; // a slow answer for a case that was left is dropped

  const place = { view, current: () => current, reload, sent, failed };
  const writing = wireWriting(desk, place, {
    snippets: readSnippets(desk.root),
    phrases: readPhrases(desk.root),
  });
  wireNotes(desk, place);
  const steps = wireSteps(desk, place);
  const marks = wireMarks(desk, place);
  const todos = wireTodos(desk, place);
  const readers = wireReaders(desk, place);
  const outside = wireOutside(desk, place);
  const persons = wirePersons(desk, place);
  const packages = wireExport(desk, place);

  async function load(id) {
    const ours = visit;
    const answer = await desk.api.case(id);
    fetched = answer;
    unopened?.clear();
    const opened = await desk.sealing.ask("openCase", { answer, seen: desk.seen });
    if (ours !== visit) return;
    const before = current?.opened.entries.length ?? 0;
    current = { one: answer, opened, today: answer.today };
    if (opened.listed) desk.list.keepWhole(opened.listed, opened.marks?.seq ?? null);
    showCase(before);
    await showTasksOf(desk, view, id, () => ours === visit);
  }

  function showCase(before) {
    const { one, opened } = current;
    const { entries, fault } = opened;
    const whole = fault === null && entries.length > 0;
    const shut = reportDoesNotOpen(opened);
    fill(view, {
      number: one.number,
      state: desk.say(`state.${one.state}`),
      channel: desk.channels.size > 1 ? desk.channels.get(one.channel) : null,
      fault: whole ? null : faultSentence(fault),
      "working-title": opened.marks?.title || null,
    });
    show(part(view, "fault"), !whole && !shut);
    show(part(view, "shut"), shut);
    show(part(view, "fault-below"), entries.length > 0);
    part(view, "verified").textContent = desk.say("case.verified", { n: entries.length });
    part(view, "thread").replaceChildren(...entries.map((entry) => entryElement(desk, entry)));
    markNews(before);
    showClocks(desk, view, one, whole ? writing.choose : null);
    part(view, "facts").replaceChildren();
    if (entries.length > 0) showFacts(desk, view, one, opened);
    showReaders(desk, view, opened);
    readers.offer();
    showNotes(desk, view, opened);
    todos.offer();
    marks.offer();
    show(part(view, "write"), whole);
    if (whole) writing.offer();
    show(part(view, "steps"), whole);
    if (whole) steps.offer();
    show(part(view, "outside"), whole);
    if (whole) outside.offer();
    if (whole) persons.offer();
    if (whole) packages.offer();
    show(part(view, "opened"), !shut);
    if (shut) offerSigning();
  }

  async function offerSigning() {
    const [ours, answer] = [visit, fetched];
    try {
      const { wireUnopened } = await import(desk.root.dataset.unopened);
      unopened ??= wireUnopened(desk, view, (id) => load(id).catch(cannotOpen));
      await unopened.offer(answer, () => ours === visit);
    } catch (error) {
      // An investigator of the case signs nothing; whoever left it is shown nothing.
      if (ours === visit && error.status !== 403) failed(error);
    }
  }

  const faultSentence = (fault) =>
    fault === null ? desk.say("fault") : desk.say(`fault.${fault.reason}`, { n: fault.seq - 1 });

  /** What came while the case was open takes the focus, so that it is read first. */
  function markNews(before) {
    const added = before > 0 ? part(view, "thread").children[before] : undefined;
    if (added) focusOn(added);
  }

  function reload() {
    return load(current.one.id);
  }

  async function sent(where, sentence) {
    desk.drafts.save(current.one.id, view);
    try {
      await reload();
      tell(where, sentence);
    } catch (error) {
      if (!desk.lost(error)) warn(where, desk.say("write.sent.unseen"));
    }
  }

  function failed(error, where = view) {
    if (!desk.lost(error)) warn(where, desk.say(codeOf(error)));
  }

  async function open(one) {
    visit += 1;
    current = null;
    clear();
    fill(view, { number: one.number, state: desk.say(`state.${one.state}`), channel: null });
    fill(view, { "working-title": null });
    desk.show("case");
    tell(view, desk.say("case.opening"));
    try {
      await load(one.id);
      if (current === null) return;
      const names = desk.drafts.restore(one.id, view);
      writing.resume(names);
      tell(view, "");
    } catch (error) {
      cannotOpen(error);
    }
  }

  function cannotOpen(error) {
    if (notThere(error)) return onMissing();
    if (!isFault(error)) return failed(error);
    tell(view, "");
    const shut = keysDoNotOpen(error);
    fill(view, { fault: desk.say(codeOf(error)) });
    show(part(view, "fault"), !shut);
    show(part(view, "fault-below"), true);
    show(part(view, "shut"), shut);
    if (shut) offerSigning();
    return undefined;
  }

  /** Takes everything that was opened off the page. */
  function clear() {
    for (const name of FILLED) {
      part(view, name).replaceChildren();
    }
    packages.clear();
    for (const id of CHOICES) view.querySelector(`#${id}`).replaceChildren();
    for (const name of FIELDS) view.querySelector(`[data-field="${name}"]`).textContent = "";
    for (const form of view.querySelectorAll("form")) form.reset();
    marks.leave();
    todos.leave();
    unopened?.clear();
    show(part(view, "opened"), false);
    show(part(view, "fault"), false);
    show(part(view, "shut"), false);
    for (const one of view.querySelectorAll(".status")) one.textContent = "";
  }

  function leave() {
    visit += 1;
    if (current !== null) desk.sealing.ask("closeCase").catch(() => {});
    current = fetched = null;
    clear();
  }

  view.addEventListener("input", () => {
    if (current !== null) desk.drafts.save(current.one.id, view);
  });
  return { open, leave };
}
