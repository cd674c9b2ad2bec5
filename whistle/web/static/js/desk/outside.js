/**
 * Before anything of a case goes to somebody outside: asking the reporter for consent, announcing a
 * legal duty, recording a disclosure. The Worker refuses a disclosure that rests on nothing.
 */

import { checkText } from "./checks.js";
import { fill, part, show, whileBusy } from "./dom.js";
import { clearFaults, fillSelect, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { ensureKey } from "./notes.js";
import { sendEntry } from "./send.js";

/** The boxes of a group that are ticked. */
export const tickedIn = (form, name) =>
  [...form.querySelectorAll(`input[name="${name}"]:checked`)].map(({ value }) => value);

/** Faults of texts and choices, under codes that several forms share. */
const texts = (value, fields) =>
  Object.entries(fields).flatMap(([field, kind]) =>
    checkText(field, value(field)).map(({ code }) => ({
      field,
      code: `outside.${kind}.${code.slice(field.length + 1)}`,
    })),
  );
export const chosen = (value, field, code) => (value(field) === "" ? [{ field, code }] : []);
const ticked = (form, field) =>
  tickedIn(form, field).length === 0 ? [{ field, code: "scope.empty" }] : [];

/**
 * What a disclosure may rest on today, [{value, recipient, on, adds}]: consents that count, duties
 * that were announced and have waited. Pure.
 */
export function basesOf(entries, today) {
  const answers = new Map();
  for (const one of entries) if (one.kind === "consent") answers.set(one.head.request, one);
  const bases = [];
  for (const { kind, head, body, on, sealed_sha256: key } of entries) {
    const answer = answers.get(key);
    if (kind === "consent_request" && answer?.head.given) {
      const adds = { scope: head.scope, consent: answer.sealed_sha256, notice: null, duty: null };
      bases.push({ by: "consent", recipient: body.recipient, on: answer.on, adds });
    }
    if (kind === "disclosure_notice" && head.earliest_on <= today) {
      const adds = { scope: head.scope, consent: null, notice: key, duty: head.duty };
      bases.push({ by: "notice", recipient: body.recipient, on, adds });
    }
  }
  return bases.map((one, at) => ({ ...one, value: String(at) }));
}

const OWN = ["now", "untold"];

const disclosure = (adds, body, ground) => [
  "makeEntry",
  { kind: "disclosure", body, cannot_wait: null, ...adds },
  { ground },
];

/** For each form: its faults, and [request to the Worker, params, facts for the server]. */
const FORMS = {
  consent_request: {
    faults: (value, form) => [
      ...texts(value, { ask_recipient: "recipient" }),
      ...ticked(form, "ask_scope"),
      ...texts(value, { ask_why: "why" }),
    ],
    make: (value, form) => [
      "makeEntry",
      {
        kind: "consent_request",
        body: { recipient: value("ask_recipient"), why: value("ask_why") },
        scope: tickedIn(form, "ask_scope"),
      },
      {},
    ],
  },
  disclosure_notice: {
    faults: (value, form) => [
      ...chosen(value, "notice_duty", "duty.empty"),
      ...texts(value, { notice_recipient: "recipient" }),
      ...ticked(form, "notice_scope"),
      ...texts(value, { notice_why: "why" }),
    ],
    make: (value, form, { one }) => [
      "makeEntry",
      {
        kind: "disclosure_notice",
        body: { recipient: value("notice_recipient"), why: value("notice_why") },
        scope: tickedIn(form, "notice_scope"),
        duty: value("notice_duty"),
        earliest_on: one.disclose_from_on,
      },
      {},
    ],
  },
  disclosure: {
    faults: (value, form) => [
      ...chosen(value, "told_basis", "basis.empty"),
      ...(OWN.includes(value("told_basis"))
        ? [
            ...chosen(value, "told_duty", "duty.empty"),
            ...chosen(value, "told_cannot_wait", "cannot_wait.empty"),
            ...texts(value, { told_recipient: "recipient" }),
            ...ticked(form, "told_scope"),
          ]
        : []),
      ...texts(value, { told_why: "why" }),
    ],
    make: (value, form, { opened, today }) => {
      const why = value("told_why");
      const basis = basesOf(opened.entries, today).find((one) => one.value === value("told_basis"));
      if (basis) {
        const ground = basis.by === "consent" ? "consent" : "duty";
        return disclosure(basis.adds, { recipient: basis.recipient, why }, ground);
      }
      const body = { recipient: value("told_recipient"), why };
      const scope = tickedIn(form, "told_scope");
      const [duty, reason] = [value("told_duty"), value("told_cannot_wait")];
      if (value("told_basis") === "untold") {
        const params = { kind: "untold_disclosure", body, scope, duty, cannot_wait: reason };
        return ["note", params, { ground: reason }];
      }
      const adds = { scope, consent: null, notice: null, duty, cannot_wait: reason };
      return disclosure(adds, body, reason);
    },
  },
};

/** Wires these forms; `place` as in write.js. Returns {offer()}. */
export function wireOutside(desk, place) {
  const section = part(place.view, "outside");

  /** Shows what can be done now. */
  function offer() {
    const { one, opened, today } = place.current();
    const role = opened.readers.find(({ id }) => id === desk.who.id)?.role;
    const whole = opened.fault === null && opened.notes_fault === null && role !== "investigator";
    show(section, whole);
    for (const box of section.querySelectorAll("[data-outside]")) show(box, whole);
    fill(section, { "notice-day": desk.say("outside.day", { day: desk.day(one.disclose_from_on) }) });
    const bases = basesOf(opened.entries, today).map(({ value, by, recipient, on }) => ({
      value,
      text: desk.say(`basis.${by}`, { recipient, day: desk.shortDay(on), on: desk.shortDay(on) }),
    }));
    const own = OWN.map((value) => ({ value, text: desk.say(`basis.${value}`) }));
    fillSelect(section.querySelector("#told_basis"), [...bases, ...own], desk.say("choose"));
    showOwn();
  }

  const showOwn = () =>
    show(part(section, "told-own"), OWN.includes(section.querySelector("#told_basis").value));

  async function take(name) {
    const form = formOf(section, name);
    const value = (field) => valueOf(form, field);
    const { faults, make } = FORMS[name];
    tell(section, "");
    if (showFaults(form, faults(value, form), desk.say)) return;
    tell(section, desk.say("write.sending"));
    try {
      const [ask, params, facts] = make(value, form, place.current());
      await sendOutside(desk, place, ask, params, facts, () => {
        form.reset();
        clearFaults(form);
        form.closest("details").open = false;
        return place.sent(section, desk.say(`outside.done.${name}`));
      });
    } catch (error) {
      place.failed(error, section);
    }
  }

  section.querySelector("#told_basis").addEventListener("change", showOwn);
  for (const name of Object.keys(FORMS)) {
    const form = formOf(section, name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(form.querySelector("button"), () => take(name));
    });
  }
  return { offer };
}

/** Seals and sends one entry, with facts for the server; `then` runs when it has arrived. */
export async function sendOutside(desk, place, ask, params, facts, then) {
  if (ask === "note") await ensureKey(desk, place);
  const { one } = place.current();
  const result = await sendEntry({
    key: JSON.stringify([one.id, ask, params]),
    unanswered: desk.unanswered,
    make: async () => ({ ...(await desk.sealing.ask(ask, params)), ...facts }),
    post: (entry) => desk.api.append(one.id, entry),
    reload: place.reload,
    again: false,
  });
  if (result === "news") {
    warn(part(place.view, "outside"), desk.say("write.news"));
    return false;
  }
  await then();
  return true;
}
