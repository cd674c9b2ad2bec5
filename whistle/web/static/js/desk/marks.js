/**
 * Marks of a case: a working title, who works on it, labels, linked cases. They are sealed to the
 * case's handlers, always whole, and the newest count. What colleagues change at once is joined.
 */

import { visible } from "../sealing/signs.js";
import { fill, part, show, stamp, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { MarksFault, merged, NONE, saveMarks } from "./merging.js";
import { toCase } from "./routes.js";

const TITLE_MAX = 120; // code points
const LABEL_MAX = 30;
const MANY = 12;

/** Labels as they are typed, with commas between; each once. Pure. */
export const labelsOf = (typed) => {
  const all = typed.split(",").map((one) => one.trim().replace(/\s+/gu, " "));
  return [...new Set(all.filter((one) => one !== ""))];
};

/** Faults of marks. Pure. */
export function faultsOfMarks({ title, labels, linked }) {
  const faults = [];
  if ([...title].length > TITLE_MAX) faults.push({ field: "title", code: "title.too_long" });
  if (labels.length > MANY) faults.push({ field: "labels", code: "labels.too_many" });
  if (labels.some((one) => [...one].length > LABEL_MAX)) {
    faults.push({ field: "labels", code: "labels.too_long" });
  }
  if (linked.length > MANY) faults.push({ field: "link", code: "link.too_many" });
  return faults;
}

/** Whether everybody who reads this case reads the other one too. Pure. */
export const allRead = (readers, others) => readers.every(({ id }) => others.includes(id));

/** The cases that can be linked: read, and not this one or one that is linked. Pure. */
export const linkable = (cases, id, linked) =>
  cases.filter((one) => one.id !== id && !one.unread && !linked.includes(one.id));

/** Wires the marks of one case; `place` as in write.js. Returns {offer(), leave()}. */
export function wireMarks(desk, place) {
  const form = formOf(place.view, "marks");
  const box = form.closest("section");
  let base = NONE; // what the form was filled with, by field: whatever differs was changed here
  let linked = []; // ids, as they will be saved

  const roleOf = ({ readers }) => readers.find(({ id }) => id === desk.who.id)?.role;

  /** Shows the newest marks; what somebody is changing stays in the form. */
  function offer() {
    const { one, opened } = place.current();
    const marks = opened.marks ?? NONE;
    const writes = opened.fault === null && opened.notes_fault === null;
    const investigates = roleOf(opened) === "investigator";
    show(box, opened.fault === null && opened.notes_fault === null);
    show(form, writes && !investigates);
    show(part(box, "marks-read"), investigates);
    const people = opened.readers.map(({ id, name }) => ({ value: id, text: name }));
    const mine = read();
    fillSelect(form.elements.assignee, people, desk.say("marks.nobody"));
    take(marks, mine, new Set(people.map(({ value }) => value)));
    const assignee = opened.readers.find(({ id }) => id === marks.assignee)?.name ?? null;
    fill(box, {
      "marks-title": marks.title || null,
      "marks-assignee": assignee,
      "marks-labels": marks.labels.join(", ") || null,
      "marks-by": opened.marks
        && desk.say("marks.by", { name: opened.marks.by, day: desk.day(opened.marks.on) }),
    });
    const known = new Set([...desk.list.known.values()].flatMap(({ labels: some = [] }) => some));
    part(box, "known-labels").replaceChildren(...[...known].map(asChoice));
    showLinked();
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /** Puts the newest marks into the fields in which nothing was changed. */
  function take(marks, mine, people) {
    const kept = Object.fromEntries(
      ["title", "assignee", "labels", "linked"].map((name) => {
        const changed = !same(mine[name], base[name]);
        return [name, { base: changed ? base[name] : marks[name], shown: changed ? mine[name] : marks[name] }];
      }),
    );
    const { title, assignee, labels } = form.elements;
    // Somebody who reads no more works on it no more: then nobody is chosen, and that is no change of ours.
    if (!people.has(kept.assignee.shown)) kept.assignee.shown = null;
    if (!people.has(kept.assignee.base)) kept.assignee.base = null;
    base = Object.fromEntries(Object.entries(kept).map(([name, one]) => [name, one.base]));
    title.value = kept.title.shown;
    assignee.value = kept.assignee.shown ?? "";
    labels.value = kept.labels.shown.join(", ");
    linked = [...kept.linked.shown];
    [title.dataset.ready, labels.dataset.ready] = [base.title, base.labels.join(", ")];
  }

  const asChoice = (text) => {
    const option = stamp("option");
    option.value = text;
    return option;
  };

  const nameOf = ({ id, number }) => {
    const { title, first } = desk.list.known.get(id) ?? {};
    return [number, title || first].filter(Boolean).join(": ");
  };

  /** Links to cases that this handler sees; of others nothing is shown. */
  function showLinked() {
    const cases = new Map(desk.cases().map((one) => [one.id, one]));
    const writes = !form.hidden;
    const made = linked.filter((id) => cases.has(id)).map((id) => {
      const element = stamp("linked");
      const link = element.querySelector("a");
      link.href = toCase(cases.get(id).number);
      link.textContent = visible(nameOf(cases.get(id)));
      const button = element.querySelector("button");
      show(button, writes);
      button.addEventListener("click", () => unlink(id));
      return element;
    });
    part(box, "linked").replaceChildren(...made);
    show(part(box, "linked"), made.length > 0);
    const { one } = place.current();
    const options = linkable(desk.cases(), one.id, linked);
    const chosen = form.elements.link.value;
    const choices = options.map((other) => ({ value: other.id, text: nameOf(other) }));
    fillSelect(form.elements.link, choices, desk.say("choose"));
    form.elements.link.value = choices.some(({ value }) => value === chosen) ? chosen : "";
    show(form.elements.link.closest(".field"), options.length > 0);
  }

  function unlink(id) {
    linked = linked.filter((one) => one !== id);
    showLinked();
    tell(box, desk.say("marks.unlinked"));
    form.elements.link.focus();
  }

  const read = () => ({
    title: valueOf(form, "title").trim(),
    assignee: valueOf(form, "assignee") || null,
    labels: labelsOf(valueOf(form, "labels")),
    linked,
  });

  /** Whoever reads this case must know of the one that is linked already. */
  async function refuseLink(id) {
    const answer = await desk.api.case(id);
    const { readers } = await desk.sealing.ask("readersOf", { answer, seen: desk.seen });
    const { opened } = place.current();
    const fault = allRead(opened.readers, readers) ? [] : [{ field: "link", code: "link.others" }];
    return showFaults(form, fault, desk.say);
  }

  /** What somebody else wrote in a field that was changed here too: said, so that nothing is lost unseen. */
  function clash(field, newest) {
    const { opened } = place.current();
    const nameOf = (id) => opened.readers.find((one) => one.id === id)?.name ?? desk.say("marks.nobody");
    const text = field === "title" ? newest.title : nameOf(newest.assignee);
    const name = opened.marks?.by ?? "";
    return { field, code: `marks.clash.${field}`, values: { name, text: text || "–" } };
  }

  /** The newest marks with what was changed here. */
  function changed(before, mine, newest) {
    const { marks, clashes } = merged(before, mine, newest);
    const faults = [...clashes.map((field) => clash(field, newest)), ...faultsOfMarks(marks)];
    // Whoever has been told, and saves once more, means it.
    for (const field of clashes) base = { ...base, [field]: newest[field] };
    if (faults.length > 0) throw new MarksFault(faults);
    return marks;
  }

  /** What stands in the form is saved, unless somebody typed on meanwhile. */
  function settle(mine) {
    linked = [...mine.linked];
    const shown = read();
    const saved = (name) => same(shown[name], mine[name]) || same(shown[name], base[name]);
    base = Object.fromEntries(
      Object.keys(shown).map((name) => [name, saved(name) ? shown[name] : mine[name]]),
    );
  }

  async function save() {
    const link = valueOf(form, "link");
    const mine = { ...read(), ...(link !== "" && { linked: [...linked, link] }) };
    const [before, seen] = [base, place.current().opened.marks?.seq];
    let met = seen; // the number of the marks to which the change was made
    tell(box, "");
    if (showFaults(form, faultsOfMarks(mine), desk.say)) return;
    tell(box, desk.say("write.sending"));
    try {
      if (link !== "" && (await refuseLink(link))) {
        tell(box, "");
        return;
      }
      const result = await saveMarks(desk, place, [before, mine], (newest) => {
        met = newest.seq;
        return changed(before, mine, newest);
      });
      if (result === "news") {
        warn(box, desk.say("write.news"));
        return;
      }
      clearFaults(form);
      form.elements.link.value = "";
      settle(mine);
      await place.sent(box, desk.say(met === seen ? "marks.saved" : "marks.joined"));
    } catch (error) {
      if (error.name !== "MarksFault") place.failed(error, box);
      else {
        tell(box, "");
        showFaults(form, error.faults, desk.say);
      }
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button:not([type='button'])"), save);
  });
  return {
    offer,
    leave: () => {
      [base, linked] = [NONE, []];
      for (const name of ["title", "labels"]) delete form.elements[name].dataset.ready;
    },
  };
}
