/**
 * Witnesses, the person concerned, others who are named: who is listed, on which ground a name may be told to
 * one recipient, and what ends it. Whoever is listed is covered in every package; the Worker sees to that.
 */

import { checkText } from "./checks.js";
import { isDay } from "./dates.js";
import { fill, part, show, stamp, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf } from "./forms.js";
import { chosen, sendOutside } from "./outside.js";

const CONSENTS = ["in_writing", "spoken"];
const NAME_MAX = 200; // code points

const written = (value, field, kind) =>
  checkText(field, value(field)).map(({ code }) => ({
    field,
    code: `outside.${kind}.${code.slice(field.length + 1)}`,
  }));

function faultsOfGround(value, today) {
  const faults = [
    ...chosen(value, "ground_person", "ground_person.empty"),
    ...chosen(value, "ground_by", "ground_by.empty"),
  ];
  const day = value("ground_given_on");
  if (CONSENTS.includes(value("ground_by")) && (!isDay(day) || day > today)) {
    faults.push({ field: "ground_given_on", code: isDay(day) ? "ground_given_on.future" : "ground_given_on.empty" });
  }
  return [
    ...faults,
    ...written(value, "ground_recipient", "recipient"),
    ...written(value, "ground_why", "why"),
  ];
}

/** For each form: its faults, and what to seal as a note. Pure. */
export const FORMS = {
  person: {
    faults: (value) => [
      ...(value("person_name").trim() === "" ? [{ field: "person_name", code: "person_name.empty" }] : []),
      ...([...value("person_name")].length > NAME_MAX ? [{ field: "person_name", code: "person_name.too_long" }] : []),
      ...chosen(value, "person_role", "person_role.empty"),
    ],
    make: (value) => ({ kind: "person", role: value("person_role"), body: { name: value("person_name").trim() } }),
  },
  person_ground: {
    faults: faultsOfGround,
    make: (value) => {
      const by = value("ground_by");
      const consent = CONSENTS.includes(by);
      return {
        kind: "person_ground",
        person: value("ground_person"),
        given: consent ? by : null,
        given_on: consent ? value("ground_given_on") : null,
        duty: consent ? null : by,
        body: { recipient: value("ground_recipient").trim(), why: value("ground_why") },
      };
    },
  },
  person_ended: {
    faults: (value) => [...chosen(value, "ended", "ended.empty"), ...written(value, "ended_why", "why")],
    make: (value) => ({ kind: "person_ended", ended: value("ended"), body: { why: value("ended_why") } }),
  },
};

/** A ground in one line: on what it rests, since when, for whom. */
export function groundText(desk, { duty, given, given_on: day, recipient, on }) {
  const what = duty ? desk.say(`duty.${duty}`) : desk.say(`given.${given}`);
  return desk.say("person.ground", { what, day: desk.shortDay(day ?? on), recipient });
}

/** Wires these forms; `place` as in write.js. Returns {offer()}. */
export function wirePersons(desk, place) {
  const section = part(place.view, "outside");
  const day = section.querySelector("#ground_given_on").closest(".field");

  /** Shows who is listed, and what can be said of them. */
  function offer() {
    const { persons } = place.current().opened;
    const lines = persons.flatMap((one) => [
      { value: one.id, text: `${one.name}, ${desk.say(`person.${one.role}`)}` },
      ...one.grounds.map((ground) => ({ value: ground.id, text: `${one.name}: ${groundText(desk, ground)}` })),
    ]);
    const people = persons.map(({ id, name, role, grounds }) => {
      const told = grounds.map((one) => groundText(desk, one));
      const text = [desk.say(`person.${role}`), ...(told.length > 0 ? told : [desk.say("person.nobody")])];
      const made = fill(stamp("named"), { name });
      part(made, "lines").replaceChildren(...text.map((line) => fill(stamp("named-line"), { text: line })));
      made.dataset.person = id;
      return made;
    });
    part(section, "persons").replaceChildren(...people);
    show(part(section, "persons"), people.length > 0);
    for (const name of ["person_ground", "person_ended"]) show(formOf(section, name), people.length > 0);
    const named = persons.map(({ id, name }) => ({ value: id, text: name }));
    keep(section.querySelector("#ground_person"), named);
    keep(section.querySelector("#ended"), lines);
    showDay();
  }

  function keep(select, options) {
    const before = select.value;
    fillSelect(select, options, desk.say("choose"));
    select.value = options.some(({ value }) => value === before) ? before : "";
  }

  const showDay = () => show(day, CONSENTS.includes(section.querySelector("#ground_by").value));

  async function take(name, form) {
    const value = (field) => valueOf(form, field);
    const { faults, make } = FORMS[name];
    tell(section, "");
    if (showFaults(form, faults(value, place.current().today), desk.say)) return;
    tell(section, desk.say("write.sending"));
    try {
      await sendOutside(desk, place, "note", make(value), {}, () => {
        form.reset();
        clearFaults(form);
        return place.sent(section, desk.say(`outside.done.${name}`));
      });
    } catch (error) {
      place.failed(error, section);
    }
  }

  section.querySelector("#ground_by").addEventListener("change", showDay);
  for (const name of Object.keys(FORMS)) {
    const form = formOf(section, name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(form.querySelector("button"), () => take(name, form));
    });
  }
  return { offer };
}
