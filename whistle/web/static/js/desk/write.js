/** The one place to write to the reporter: a message, or an act that stops a clock. */

import { focusOn, part, show, whileBusy } from "./dom.js";
import {
  acknowledgementOwed,
  besides,
  doneFirst,
  entryOf,
  faultsOf,
  hasFinal,
  KINDS,
  kindsFor,
  meetingOwed,
  textOf,
} from "./entries.js";
import { clearFaults, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { looksLike } from "./language.js";
import { sendEntry } from "./send.js";
import { snippetText, wireSnippets } from "./snippets.js";

const DAY_OF = { feedback: "next_on", reopening: "reopen_on" };
const DAYS_REFUSED = { next_on_too_far: "next_on.too_far", next_on: "next_on.past" };

/** The dates that ready texts may name: after an acknowledgement the feedback is due earlier. */
const daysOf = (one) => ({ ...one.dates, ...one.ready });

/**
 * @param place  {view, current() -> {one, opened, today}, reload(), sent(where, sentence),
 *   failed(error, where)}; `where` has the live region that tells it
 * @param snippets, phrases  as they stand in the page
 * @returns {offer(), choose(kind), resume(names)}
 */
export function wireWriting(desk, place, { snippets, phrases }) {
  const section = part(place.view, "write");
  const form = (kind) => formOf(section, kind);
  let insisted = ""; // a text in another language that the handler was warned of

  const language = () => place.current().opened.entries[0].body.language;
  const reasonNeeded = () => !hasFinal(place.current().one);
  const chosen = () => section.querySelector("input[name='kind']:checked").value;

  function choose(kind) {
    section.querySelector(`#kind-${kind}`).checked = true;
    for (const one of KINDS) show(form(one), one === kind);
  }

  /** Offers what can be sent now, with ready texts in the reporter's language. */
  function offer() {
    const { one, opened } = place.current();
    const role = opened.readers.find(({ id }) => id === desk.who.id)?.role;
    const kinds = kindsFor(one, role);
    show(part(section, "kinds"), kinds.length > 1);
    for (const kind of KINDS) {
      show(section.querySelector(`#kind-${kind}`).parentElement, kinds.includes(kind));
      wireSnippets(desk, form(kind), snippets, { language: language(), dates: daysOf(one) });
    }
    sayLanguage(kinds.length > 0);
    show(part(section, "investigator"), kinds.length === 0);
    const notYet = kinds.length > 0 && one.state !== "closed";
    show(part(section, "not-yet"), notYet && acknowledgementOwed(one));
    show(part(section, "meeting-first"), notYet && meetingOwed(one));
    show(part(form("closing"), "reason"), reasonNeeded());
    readyAcknowledgement(one);
    sayFeedbackDates(one);
    sayLatest(one.ready.next_feedback_latest_on);
    if (kinds.length === 0) for (const kind of KINDS) show(form(kind), false);
    else choose(kinds.includes(chosen()) ? chosen() : "message");
  }

  function sayLanguage(writes) {
    const name = desk.say(`language.${language()}`);
    const hint = part(section, "language-hint");
    hint.textContent = desk.say("write.language", { language: name });
    show(hint, writes);
    for (const label of section.querySelectorAll("[data-field='snippet-language']")) {
      label.textContent = desk.say("write.snippets", { language: name });
    }
  }

  function readyAcknowledgement(one) {
    const area = form("acknowledgement").elements.acknowledgement;
    const ready = snippets.find(({ kind }) => kind === "acknowledgement");
    const untouched = area.value === "" || area.value === area.dataset.ready;
    area.dataset.ready = snippetText(ready, language(), daysOf(one));
    if (untouched) area.value = area.dataset.ready;
    area.lang = language();
  }

  function sayFeedbackDates(one) {
    const chip = one.chips.find(({ clock }) => clock === "feedback");
    const days = { due: desk.day(chip.due_on), latest: desk.day(chip.latest_on) };
    part(section, "feedback-dates").textContent = desk.say("write.feedback-dates", days);
  }

  function sayLatest(day) {
    for (const [kind, name] of Object.entries(DAY_OF)) {
      const hint = section.querySelector(`#${name}-hint`);
      show(hint, day !== null);
      if (day !== null) hint.textContent = desk.say("next_on.latest", { day: desk.day(day) });
      form(kind).elements[name].max = day ?? "";
    }
  }

  async function send(kind) {
    const value = (name) => valueOf(form(kind), name);
    const { one, today } = place.current();
    const latest = one.ready.next_feedback_latest_on;
    const context = {
      phrases,
      today,
      latest,
      reasonNeeded: reasonNeeded(),
      done: doneFirst(one),
    };
    tell(section, "");
    if (refuse(kind, faultsOf(kind, value, context))) return;
    const entry = entryOf(kind, value);
    if (warnOfLanguage(textOf(entry))) return;
    const beside = besides(kind, value, context);
    tell(section, desk.say("write.sending"));
    try {
      const result = await sendEntry({
        key: JSON.stringify([one.id, entry, beside]),
        unanswered: desk.unanswered,
        make: async () => ({ ...(await desk.sealing.ask("makeEntry", entry)), ...beside }),
        post: (sealed) => desk.api.append(one.id, sealed),
        reload: place.reload,
        again: kind === "message",
      });
      await done(kind, result);
    } catch (error) {
      if (!refusedDay(kind, error)) place.failed(error, section);
    }
  }

  /** Shows faults at their fields; a day in one is said in words. */
  const refuse = (kind, faults) =>
    showFaults(
      form(kind),
      faults.map((one) => ({ ...one, values: one.day ? { day: desk.day(one.day) } : {} })),
      desk.say,
    );

  /** The server's own refusal of a promised day, at its field: the day has changed meanwhile. */
  function refusedDay(kind, { code }) {
    if (!(code in DAYS_REFUSED) || !(kind in DAY_OF)) return false;
    const day = place.current().one.ready.next_feedback_latest_on;
    tell(section, "");
    return refuse(kind, [{ field: DAY_OF[kind], code: DAYS_REFUSED[code], day }]);
  }

  async function done(kind, result) {
    if (result === "news") {
      warn(section, desk.say("write.news"));
      return;
    }
    form(kind).reset();
    show(part(form("feedback"), "next-date"), false);
    clearFaults(form(kind));
    choose("message");
    const sentence = desk.say(result === "sent" ? `write.sent.${kind}` : "write.news-sent");
    await place.sent(section, sentence);
  }

  function warnOfLanguage(text) {
    const seen = looksLike(text);
    if (seen === null || seen === language() || insisted === text) return false;
    insisted = text;
    const name = desk.say(`language.${language()}`);
    warn(section, desk.say("write.other-language", { language: name }));
    return true;
  }

  for (const kind of KINDS) {
    section.querySelector(`#kind-${kind}`).addEventListener("change", () => {
      tell(section, "");
      choose(kind);
    });
    form(kind).addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(form(kind).querySelector("button:not([type='button'])"), () => send(kind));
    });
  }
  form("feedback").addEventListener("change", () => {
    show(part(form("feedback"), "next-date"), valueOf(form("feedback"), "final") === "no");
  });

  return {
    offer,
    choose(kind) {
      choose(kind);
      focusOn(part(section, "heading"));
    },
    /** Shows the form whose unsent texts were put back. */
    resume(names) {
      const holds = (kind) =>
        names.some((name) => form(kind).querySelector(`[data-draft="${name}"]`) !== null);
      const kind = KINDS.find(holds);
      if (kind !== undefined) choose(kind);
    },
  };
}
