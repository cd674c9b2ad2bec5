/**
 * Marks of a case: a working title, who works on it, labels, linked cases. They are sealed to the
 * case's handlers, always whole, and the newest count.
 */

import { fill, part, show, stamp, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { ensureKey } from "./notes.js";
import { toCase } from "./routes.js";
import { sendEntry } from "./send.js";

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

const NONE = { title: "", assignee: null, labels: [], linked: [] };

/** Wires the marks of one case; `place` as in write.js. Returns {offer(), resume(names), leave()}. */
export function wireMarks(desk, place) {
  const form = formOf(place.view, "marks");
  const box = form.closest("section");
  let touched = false; // something was changed and not saved: it is not overwritten
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
    const chosen = touched ? form.elements.assignee.value : (marks.assignee ?? "");
    const people = opened.readers.map(({ id, name }) => ({ value: id, text: name }));
    fillSelect(form.elements.assignee, people, desk.say("marks.nobody"));
    form.elements.assignee.value = people.some(({ value }) => value === chosen) ? chosen : "";
    const assignee = opened.readers.find(({ id }) => id === marks.assignee)?.name ?? null;
    fill(box, {
      "marks-title": marks.title || null,
      "marks-assignee": assignee,
      "marks-labels": marks.labels.join(", ") || null,
      "marks-by": opened.marks
        && desk.say("marks.by", { name: opened.marks.by, day: desk.day(opened.marks.on) }),
    });
    const { title, labels } = form.elements;
    [title.dataset.ready, labels.dataset.ready] = [marks.title, marks.labels.join(", ")];
    if (!touched) {
      for (const one of [title, labels]) one.value = one.dataset.ready;
      linked = [...marks.linked];
    }
    const known = new Set([...desk.list.known.values()].flatMap(({ labels: some = [] }) => some));
    part(box, "known-labels").replaceChildren(...[...known].map(asChoice));
    showLinked();
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
      link.textContent = nameOf(cases.get(id));
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
    touched = true;
    showLinked();
    tell(box, desk.say("marks.unlinked"));
    form.elements.link.focus();
  }

  function read() {
    const link = valueOf(form, "link");
    return {
      title: valueOf(form, "title").trim(),
      assignee: valueOf(form, "assignee") || null,
      labels: labelsOf(valueOf(form, "labels")),
      linked: link === "" ? linked : [...linked, link],
    };
  }

  /** Whoever reads this case must know of the one that is linked already. */
  async function refuseLink(id) {
    const answer = await desk.api.case(id);
    const { readers } = await desk.sealing.ask("readersOf", { answer, seen: desk.seen });
    const { opened } = place.current();
    const fault = allRead(opened.readers, readers) ? [] : [{ field: "link", code: "link.others" }];
    return showFaults(form, fault, desk.say);
  }

  const newest = () => place.current().opened.marks?.seq;

  async function save() {
    const body = read();
    tell(box, "");
    if (showFaults(form, faultsOfMarks(body), desk.say)) return;
    tell(box, desk.say("write.sending"));
    try {
      const link = valueOf(form, "link");
      if (link !== "" && (await refuseLink(link))) {
        tell(box, "");
        return;
      }
      touched = true;
      const before = newest();
      await ensureKey(desk, place);
      if (newest() !== before) {
        warn(box, desk.say("marks.news"));
        return;
      }
      const { one } = place.current();
      const result = await sendEntry({
        key: JSON.stringify([one.id, "marks", body]),
        unanswered: desk.unanswered,
        make: () => desk.sealing.ask("note", { kind: "marks", body }),
        post: (sealed) => desk.api.append(one.id, sealed),
        reload: place.reload,
        again: false,
      });
      if (result === "news") {
        warn(box, desk.say("marks.news"));
        return;
      }
      touched = false;
      clearFaults(form);
      form.elements.link.value = "";
      await place.sent(box, desk.say("marks.saved"));
    } catch (error) {
      place.failed(error, box);
    }
  }

  form.addEventListener("input", () => {
    touched = true;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button:not([type='button'])"), save);
  });
  return {
    offer,
    /** Unsent texts were put back: they count as changes. */
    resume: (names) => {
      touched ||= names.includes("title") || names.includes("labels");
    },
    leave: () => {
      [touched, linked] = [false, []];
      for (const name of ["title", "labels"]) delete form.elements[name].dataset.ready;
    },
  };
}
