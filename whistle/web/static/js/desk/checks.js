/**
 * What an entry needs before it is sealed. The server cannot read it, so this is the only check
 * (Directive (EU) 2019/1937 Art. 5(13): feedback says what is done and why). Pure: texts in,
 * codes out; the page has the sentence for each code.
 */

import { isDay } from "./dates.js";

export const LONGEST = 20_000; // code points
const LEAST = 15; // letters and digits that must be left when stock phrases are taken out

// Words of which "work goes on" is made: a text of nothing else names neither measure nor reason.
const GOING_ON = new Set(
  `we are is was be being been the this that it a an of on in with at for your our and still
  currently now just presently matter case report issue investigation inquiry work working handling
  going ongoing continues continuing continue progress progressing underway under way process
  processed processing investigated investigating looking into moment being reviewed review
  vi är det den detta denna en ett i på med av om för och nu just fortfarande ännu för närvarande
  ärendet ärende rapporten rapport saken utredningen utredning arbetet arbete arbetar jobbar håller
  fortsätter fortgår pågår pågående handläggs handläggning handläggningen behandlas utreds utreder
  undersöks tittar ser`.split(/\s+/),
);

const plain = (text) =>
  text
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Whether a text says nothing beyond the stock phrases ("we are working on it"). */
export function saysNothing(text, phrases) {
  let left = ` ${plain(text)} `;
  const longestFirst = phrases.map(plain).sort((one, other) => other.length - one.length);
  for (const phrase of longestFirst) left = left.replaceAll(` ${phrase} `, " ");
  const words = left.split(" ").filter((word) => word !== "" && !/^(.)\1*$/u.test(word));
  const telling = words.filter((word) => !GOING_ON.has(word));
  return words.join("").length < LEAST || telling.length === 0;
}

function textFault(text) {
  if (text.trim() === "") return "empty";
  return [...text].length > LONGEST ? "too_long" : null;
}

/** Faults of one required text: [] or [{field, code}]. */
export function checkText(field, text) {
  const fault = textFault(text);
  return fault ? [{ field, code: `${field}.${fault}` }] : [];
}

/** Faults of a promised day: it is one, after today, and not after `latest` (null: no limit). */
export function checkDay(field, day, { today, latest = null }) {
  if (!isDay(day)) return [{ field, code: "next_on.empty" }];
  if (day <= today) return [{ field, code: "next_on.past" }];
  return latest === null || day <= latest ? [] : [{ field, code: "next_on.too_far", day: latest }];
}

/** Faults of feedback {measures, reasons, final: true|false|null, nextOn}, in the page's order. */
export function checkFeedback({ measures, reasons, final, nextOn }, { phrases, ...days }) {
  const faults = [];
  for (const [field, text] of Object.entries({ measures, reasons })) {
    const fault = textFault(text) ?? (saysNothing(text, phrases) ? "nothing_said" : null);
    if (fault) faults.push({ field, code: `${field}.${fault}` });
  }
  if (final === null) faults.push({ field: "final", code: "final.empty" });
  if (final === false) faults.push(...checkDay("next_on", nextOn, days));
  return faults;
}

// What must have been written first, and the code of its fault.
const FIRST = { out_of_scope: "outcome.not_found", transferred: "outcome.not_handed" };

/**
 * Faults of a closing {outcome, reason, grounds, text}; `reason` only without final feedback.
 * `done` has the outcomes among those of FIRST for which that was written.
 */
export function checkClosing({ outcome, reason, grounds, text }, { reasonNeeded, done = [] }) {
  const faults = [];
  if (outcome === "") faults.push({ field: "outcome", code: "outcome.empty" });
  else if (outcome in FIRST && !done.includes(outcome)) {
    faults.push({ field: "outcome", code: FIRST[outcome] });
  } else if (reasonNeeded && reason in FIRST && reason !== outcome) {
    faults.push({ field: "reason", code: "reason.unfit" });
  }
  if (reasonNeeded && reason === "") faults.push({ field: "reason", code: "reason.empty" });
  return [...faults, ...checkText("grounds", grounds), ...checkText("closing_text", text)];
}
