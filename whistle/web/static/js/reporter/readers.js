/**
 * Who would read the report: fetched and verified once, then shown by name with what is coming.
 * The names of the signed keyring replace those that came with the page.
 */

import { persons, remaining } from "./answers.js";
import { all, fill, make, one, show, stamp, wordsOf } from "./dom.js";
import { getKeyring } from "./net.js";
import { fillIn, inWords, say } from "./words.js";

/**
 * Fetches and verifies the keyring into `held`, unless it is there. Returns null, or the code of
 * the sentence that says why not.
 */
export async function fetchReaders(sealing, channel, held) {
  if (held.readers) return null;
  const answer = await getKeyring();
  if (answer.status !== 200) return "keyring_missing";
  try {
    const keyring = await sealing.ask("readKeyring", { keyringAnswer: answer.json });
    const readers = keyring.channels[channel] ?? [];
    Object.assign(held, { keyringAnswer: answer.json, keyring, readers });
    return null;
  } catch (error) {
    return error.family === "KeyringError" ? "keyring_bad" : "cannot_seal";
  }
}

/** Shows the verified persons, those left out ticked, and the notices. */
export function showReaders({ keyring, readers }, leftOut) {
  const box = one("[data-readers] fieldset");
  const noRecovery = one("[data-readers] [name=no_recovery]")?.checked ?? false;
  one("[data-recovery]")?.remove();
  for (const choice of all(".choice", box)) choice.remove();
  const rows = persons(readers).map((person, index) => choiceOf(person, index, leftOut));
  box.append(...rows, recoveryOf(keyring.recovery, leftOut, noRecovery));
  one("[data-notices]").replaceChildren(...noticesOf(keyring));
}

function choiceOf({ person, name, role_text: role }, index, leftOut) {
  const choice = fill(stamp("reader"), { name, role });
  const id = index === 0 ? "left_out" : `left_out-${index + 1}`;
  const input = one("input", choice);
  Object.assign(input, { id, value: person, checked: leftOut.includes(person) });
  input.setAttribute("aria-describedby", `${id}-about`);
  one("label", choice).htmlFor = id;
  one(".hint", choice).id = `${id}-about`;
  return choice;
}

/** The recovery key can be left out; it is, when one of its holders is (protocol section 10). */
function recoveryOf(recovery, leftOut, noRecovery) {
  if (!recovery) return "";
  const box = make("div", "");
  const choice = stamp("recovery");
  const hint = one(".hint", choice);
  hint.textContent = fillIn(hint.textContent, { names: holdersOf(recovery) });
  one("input", choice).checked = noRecovery;
  box.append(choice, stamp("no-recovery"));
  box.dataset.recovery = JSON.stringify(recovery.holders.map(({ person }) => person));
  choiceOfRecovery(box, leftOut);
  return box;
}

const holdersOf = ({ holders }) => holders.map(({ name }) => name).join(", ");

/** What the check page says of the recovery key; null where there is none. */
export function recoveryTold({ recovery }, { leftOut, noRecovery }) {
  if (!recovery) return null;
  const held = recovery.holders.some(({ person }) => leftOut.includes(person));
  if (held || noRecovery) return wordsOf("recovery-left-out");
  return fillIn(wordsOf("if-lost"), { names: holdersOf(recovery) });
}

/** Shows the choice about the recovery key, or that it is left out anyhow. */
export function choiceOfRecovery(box, leftOut) {
  if (!box?.dataset.recovery) return;
  const held = JSON.parse(box.dataset.recovery).some((person) => leftOut.includes(person));
  show(box.firstElementChild, !held);
  show(box.lastElementChild, held);
}

function noticesOf({ state, coming }) {
  const notices = [];
  if (state === "expired") notices.push(stamp("expired"));
  if (coming) notices.push(comingOf(coming));
  return notices;
}

function comingOf(coming) {
  const notice = stamp("coming");
  const line = one("[data-slot=takes_effect]", notice);
  line.textContent = fillIn(line.textContent, { day: inWords(coming.takes_effect_on) });
  for (const kind of ["added", "changed", "removed", "recovery"]) {
    const row = one(`[data-list=${kind}]`, notice);
    const rows = coming[kind].map(({ name }) => make("li", fillIn(row.textContent, { name })));
    row.replaceWith(...rows);
  }
  return notice;
}

/** The only person who would read the report; null if there are more. */
export function onlyReader(readers, leftOut) {
  const left = remaining(readers, leftOut);
  return left.length === 1 ? left[0] : null;
}

/** Shows "Anna Berg, Case handler" to be agreed to; `agreedTo` is the person agreed to before. */
export function showOnlyReader(reader, agreedTo) {
  const box = one("[data-one-reader]");
  show(box, reader !== null);
  if (!reader) return;
  fill(box, { reader: `${reader.name}, ${reader.role_text}` });
  one("input", box).checked = reader.person === agreedTo;
}

/** Says why there is no list yet; an empty code clears it. */
export function tellReaders(code) {
  const status = one("[data-readers-status]");
  status.textContent = code ? say(code) : "";
  show(one("[data-readers]"), !code);
}
