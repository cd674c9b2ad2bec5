/**
 * A package of a case for somebody outside: chosen, covered, shown exactly as it goes, first to the
 * reporter where there is time, then noted, logged and saved. The Worker makes it from verified
 * entries and decides what of the reporter may stand in it.
 */

import { written } from "../sealing/signs.js";
import { checkDay, checkText } from "./checks.js";
import { fill, focusOn, part, show, stamp, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { chosen, sendOutside, tickedIn } from "./outside.js";
import { groundText } from "./persons.js";
import { answersOf, headingOf, partsOf, systemLine } from "./thread.js";

const idOf = ({ chain, seq }) => `${chain}:${seq}`;
const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** Notes that somebody wrote: neither the key's entry nor marks, nor what is said of persons who are named. */
const isWritten = ({ kind }) => !["desk", "marks"].includes(kind) && !kind.startsWith("person");

/** Whether the reporter has seen this very text: "none", "waiting" (until `day`) or "over". Pure. */
export function previewState(entries, text, today) {
  const shown = entries.findLast(({ kind, body }) => kind === "handover_preview" && body.text === text);
  if (!shown) return { state: "none" };
  const answered = entries.some(({ side, seq }) => side === "reporter" && seq > shown.seq);
  const day = shown.head.answer_by;
  return { state: answered || day < today ? "over" : "waiting", day };
}

/** The words of the page around the texts of an entry: {heading, day, line, labels, coded}. */
function frameOf(desk, entry) {
  const heading = headingOf(desk, entry) ?? desk.say(`kind.${entry.side === "system" ? "system" : entry.kind}`);
  const frame = { heading, day: desk.day(entry.on), line: "", labels: {}, coded: {} };
  if (entry.side === "system") {
    return { ...frame, heading: desk.say("export.system"), line: systemLine(desk, entry.body) };
  }
  if (entry.kind === "report") {
    for (const { question, code } of answersOf(entry.body)) {
      const name = question.replace("question.", "");
      const path = ["name", "contact"].includes(name) ? `reporter.${name}` : `answers.${name}`;
      frame.labels[path] = desk.say(question);
      if (code !== null) frame.coded[path] = desk.say(code);
    }
  } else {
    for (const { path, heading: label } of partsOf(entry)) {
      if (path && label) frame.labels[path] = desk.say(label);
    }
  }
  return frame;
}

/** Wires the form for a package; `place` as in write.js. Returns {offer(), clear()}. */
export function wireExport(desk, place) {
  const section = part(place.view, "outside");
  const box = part(section, "package-made");
  const form = formOf(section, "package");
  let made = null; // what the Worker made last, for exactly these choices
  let asked = null;

  const words = () => ({
    language: document.documentElement.lang,
    ...Object.fromEntries(
      ["title", "about", "verification", "how", "covered", "reporter", "system", "handler"].map(
        (name) => [name, desk.say(`export.${name}`)],
      ),
    ),
  });

  /** Shows what can go: every entry ticked, no note. */
  function offer() {
    const { opened } = place.current();
    const kept = new Map(boxes().map(({ value, checked }) => [value, checked]));
    const notes = opened.notes.filter(isWritten);
    const rows = [...opened.entries, ...notes].map((entry, at) => {
      const row = stamp("package-entry");
      const input = row.querySelector("input");
      Object.assign(input, { id: `package_entry-${at}`, value: idOf(entry) });
      input.checked = kept.get(input.value) ?? entry.chain === "case";
      row.querySelector("label").htmlFor = input.id;
      const { heading } = frameOf(desk, entry);
      const text = `${desk.shortDay(entry.on)}, ${heading}`;
      return fill(row, { text: entry.chain === "desk" ? desk.say("package.note", { text }) : text });
    });
    part(section, "package-entries").replaceChildren(...rows);
    const told = opened.disclosures.map(({ id, recipient, on }) => ({
      value: id,
      text: desk.say("identity.by", { recipient, day: desk.shortDay(on) }),
    }));
    const select = section.querySelector("#package_disclosure");
    const before = select.value;
    fillSelect(select, told, desk.say("identity.none"));
    select.value = told.some(({ value }) => value === before) ? before : "";
    offerPersons(opened.persons);
    const cover = form.elements.package_cover;
    if (cover.value === "") cover.value = opened.phrases.join("\n");
    if (made) sayPreview();
  }

  /** Each of the others who are named: covered, or told on a ground that counts. */
  function offerPersons(persons) {
    const before = new Map(grounds().map(({ name, value }) => [name, value]));
    const rows = persons.map(({ id, name, role, grounds: some }) => {
      const row = stamp("package-person");
      const select = row.querySelector("select");
      Object.assign(select, { id: `person-${id}`, name: `person-${id}` });
      row.querySelector("label").htmlFor = select.id;
      const options = some.map((one) => ({ value: one.id, text: groundText(desk, one) }));
      fillSelect(select, options, desk.say("person.covered"));
      const chosenBefore = before.get(select.name) ?? "";
      select.value = options.some(({ value }) => value === chosenBefore) ? chosenBefore : "";
      return fill(row, { name: `${name}, ${desk.say(`person.${role}`)}` });
    });
    part(section, "package-persons").replaceChildren(...rows);
    show(part(section, "package-others"), rows.length > 0);
  }

  const grounds = () => [...part(section, "package-persons").querySelectorAll("select")];
  const groundsChosen = () => grounds().map(({ value }) => value).filter(Boolean);

  /** The names of those who are told in the package that was made. */
  function toldIn({ grounds: ids }) {
    const { persons } = place.current().opened;
    const told = persons.filter((one) => one.grounds.some(({ id }) => ids.includes(id)));
    return told.map(({ name }) => name).join(", ") || null;
  }

  const boxes = () => [...section.querySelectorAll("input[name='package_entry']")];

  async function build() {
    const { one, opened } = place.current();
    const entries = tickedIn(form, "package_entry");
    const notes = opened.notes.filter(isWritten);
    const all = [...opened.entries, ...notes];
    asked = {
      entries,
      frames: Object.fromEntries(all.map((entry) => [idOf(entry), frameOf(desk, entry)])),
      phrases: linesOf(valueOf(form, "package_cover")),
      disclosure: valueOf(form, "package_disclosure") || null,
      grounds: groundsChosen(),
      recipient: valueOf(form, "package_name"),
      signatures: form.elements.package_signatures.checked,
      number: one.number,
      to: valueOf(form, "package_to"),
      words: words(),
    };
    made = await desk.sealing.ask("package", asked);
    showMade();
  }

  function showMade() {
    const sections = made.items.map(({ number, heading, author, day, parts }) => {
      const item = fill(stamp("package-item"), {
        heading: `${number}. ${heading}`,
        by: `${author}, ${day}`,
      });
      part(item, "texts").append(
        ...parts.map(({ label, text }) =>
          label ? fill(stamp("headed"), { heading: label, text }) : fill(stamp("text"), { text }),
        ),
      );
      return item;
    });
    part(box, "package-preview").replaceChildren(...sections);
    const n = made.items.filter(({ covered }) => covered).length;
    fill(box, {
      "package-covered": desk.say(n === 0 ? "package.nothing-covered" : "package.some-covered", { n }),
    });
    sayPreview();
    show(box, true);
  }

  function sayPreview() {
    const { opened, today } = place.current();
    const { state, day } = previewState(opened.entries, made.text, today);
    fill(box, { "preview-state": desk.say(`preview.${state}`, { day: day ? desk.day(day) : "" }) });
    show(formOf(box, "preview").querySelector(".actions"), state === "none");
    show(box.querySelector("#answer_by").closest(".field"), state === "none");
    return state;
  }

  const faultsOfPackage = (value) => [
    ...chosen(value, "package_to", "package_to.empty"),
    ...named(value, "package_name", "recipient"),
    ...named(value, "package_basis", "why"),
    ...(tickedIn(form, "package_entry").length > 0
      ? []
      : [{ field: "package_entry", code: "package_entries.empty" }]),
  ];
  const named = (value, field, kind) =>
    checkText(field, value(field)).map(({ code }) => ({
      field,
      code: `outside.${kind}.${code.slice(field.length + 1)}`,
    }));

  async function look() {
    tell(section, "");
    if (showFaults(form, faultsOfPackage((name) => valueOf(form, name)), desk.say)) return;
    tell(section, desk.say("outside.making"));
    await build();
    tell(section, "");
    focusOn(box.querySelector("#package-heading"));
  }

  /** Adds what is marked in the preview to what is covered. */
  async function coverMarked() {
    const selection = window.getSelection();
    const inside = part(box, "package-preview").contains(selection.anchorNode);
    const marked = inside ? linesOf(written(selection.toString())) : [];
    if (marked.length === 0) {
      warn(section, desk.say("package.nothing-marked"));
      return;
    }
    const cover = form.elements.package_cover;
    cover.value = [...new Set([...linesOf(cover.value), ...marked])].join("\n");
    await build();
    tell(section, box.querySelector("[data-field='package-covered']").textContent);
  }

  async function preview() {
    const own = formOf(box, "preview");
    const day = valueOf(own, "answer_by");
    const faults = checkDay("answer_by", day, place.current().today).map(({ code }) => ({
      field: "answer_by",
      code: code.replace("next_on", "answer_by"),
    }));
    if (showFaults(own, faults, desk.say)) return;
    tell(section, desk.say("write.sending"));
    const params = { kind: "handover_preview", body: { text: made.text }, answer_by: day };
    await sendOutside(desk, place, "makeEntry", params, {}, () => {
      own.reset();
      clearFaults(own);
      return place.sent(section, desk.say("outside.done.preview"));
    });
  }

  function faultsOfGoing(value) {
    const faults = chosen(value, "package_form", "package_form.empty");
    if (value("package_form") === "sealed") {
      faults.push(...chosen(value, "package_public_key", "package_public_key.empty"));
    }
    if (!formOf(box, "go").elements.package_looked.checked) {
      faults.unshift({ field: "package_looked", code: "package_looked.empty" });
    }
    const waits = sayPreview() !== "over" && value("no_time").trim() === "";
    return waits ? [{ field: "no_time", code: "no_time.empty" }, ...faults] : faults;
  }

  async function go() {
    const own = formOf(box, "go");
    const value = (name) => valueOf(own, name);
    if (showFaults(own, faultsOfGoing(value), desk.say)) return;
    tell(section, desk.say("outside.making"));
    const sealed = value("package_form") === "sealed";
    const file = sealed
      ? await desk.sealing.ask("sealPackage", { page: made.page, publicKey: value("package_public_key") })
      : { bytes: new TextEncoder().encode(made.page), sha256: made.sha256 };
    const body = {
      to: valueOf(form, "package_name"),
      basis: valueOf(form, "package_basis"),
      sha256: file.sha256,
      no_time: value("no_time").trim() || null,
      named: toldIn(asked),
    };
    const { to } = asked;
    const printed = value("package_form") === "printed";
    await sendOutside(desk, place, "note", { kind: "handover", body }, { to }, async () => {
      if (printed) await print();
      else save(file.bytes, sealed ? "material.html.age" : "material.html");
      clear();
      form.closest("details").open = false;
      await place.sent(section, desk.say(printed ? "outside.done.printed" : "outside.done.package"));
    });
  }

  /** Takes what was made off the page. */
  function clear() {
    [made, asked] = [null, null];
    part(box, "package-preview").replaceChildren();
    part(section, "package-entries").replaceChildren();
    part(section, "package-persons").replaceChildren();
    show(box, false);
    for (const one of section.querySelectorAll("form")) {
      one.reset();
      clearFaults(one);
    }
  }

  /** Prints the preview alone; ends when the browser has let go of it. */
  function print() {
    const { dataset } = document.documentElement;
    dataset.printing = "package";
    return new Promise((resolve) => {
      const done = () => {
        delete dataset.printing;
        resolve();
      };
      window.addEventListener("afterprint", done, { once: true });
      window.print();
    });
  }

  const act = (name, work) => {
    const button = section.querySelector(`[data-act="${name}"]`);
    button.addEventListener("click", () => whileBusy(button, () => safely(work)));
  };
  const safely = (work) => Promise.resolve(work()).catch((error) => place.failed(error, section));
  for (const [name, work] of Object.entries({ package: look, preview, go })) {
    const one = formOf(section, name);
    one.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(one.querySelector("button:not([type='button'])"), () => safely(work));
    });
  }
  form.addEventListener("input", () => {
    made = null; // something else would go now
    show(box, false);
  });
  box.addEventListener("change", () => {
    const sealed = valueOf(formOf(box, "go"), "package_form") === "sealed";
    show(part(box, "package-key"), sealed);
  });
  act("cover", coverMarked);
  return { offer, clear };
}

/** Saves bytes as a file; never as a document of this site, which could reach the key. */
function save(bytes, name) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
