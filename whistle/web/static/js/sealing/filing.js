// The one filing format (protocol section 5): "WHISTLEF1\n", u32, JSON, case.age, entry1.age.
// Who can open it is decided here, in the reporter's browser, from the signed keyring.

import { privateKey, privateText, seal } from "./age.js";
import { b64u, concat, H, label, randomBytes, shuffled, u32, utf8 } from "./bytes.js";
import { BODY_TYPE, bodyBytes } from "./bodies.js";
import { pack } from "./container.js";
import { refuse } from "./errors.js";
import { readers } from "./keyring.js";

const MAGIC = utf8("WHISTLEF1\n");
const THREAD = label("whistle/thread/v1");

/** The thread of a case: fixed for its life. */
export const threadId = (reporterAge, reporterSign, caseKey) =>
  H(THREAD, reporterAge, reporterSign, caseKey);

/**
 * Seals case keys to exactly as many stanzas as the channel has readers, plus the reporter,
 * plus recovery: a fresh dummy key stands in for each one left out, so that no count tells.
 */
export async function sealCaseKeys(privateTexts, keys, dummies) {
  const standIns = await Promise.all(Array.from({ length: dummies }, () => privateKey()));
  const recipients = shuffled([...keys, ...standIns.map(({ publicText }) => publicText)]);
  return seal(utf8(privateTexts.map((line) => `${line}\n`).join("")), recipients);
}

/** Who would read a report, and who is left out. Left-out ids that no reader has are refused. */
export function chooseReaders(keyring, channel, on, leftOut, leaveOutRecovery) {
  const all = readers(keyring, channel, on);
  if (all.length === 0) refuse("FilingError", "unknown_channel");
  if (leftOut.some((id) => !all.some((one) => one.id === id))) {
    refuse("FilingError", "unknown_handler");
  }
  const chosen = all.filter(({ id }) => !leftOut.includes(id));
  const persons = all.filter(({ id }) => leftOut.includes(id)).map(({ person }) => person);
  const holds = keyring.recovery?.holders.some(({ person }) => persons.includes(person));
  const recovery = keyring.recovery !== null && !leaveOutRecovery && !holds;
  return { all, chosen, recovery };
}

function firstHead({ receipt, keyring, channel, made, waiveAck, leftOut, codeMadeBy }, choice, key) {
  const thread = b64u(threadId(receipt.age.publicBytes, receipt.signing.public, key.publicBytes));
  return {
    v: 1,
    channel,
    thread,
    chain: "case",
    seq: 1,
    prev: thread,
    kind: "report",
    author: { side: "reporter", id: "reporter" },
    keyring: { serial: keyring.serial, sha256: b64u(keyring.sha256) },
    made,
    body_type: BODY_TYPE,
    body_len: 0,
    reporter_age: b64u(receipt.age.publicBytes),
    reporter_sign: b64u(receipt.signing.public),
    case_key: b64u(key.publicBytes),
    readers: choice.chosen.map(({ id, ageHash }) => ({ id, sha256: b64u(ageHash) })),
    left_out: leftOut,
    recovery: choice.recovery ? b64u(keyring.recovery.ageHash) : null,
    waive_ack: waiveAck,
    code_made_by: codeMadeBy ?? null,
  };
}

/** Builds a filing: `{bytes, thread, caseKey, choice}`. */
export async function makeFiling(asked) {
  const { receipt, keyring, channel, body, on, leftOut, waiveAck } = asked;
  const choice = chooseReaders(keyring, channel, on, leftOut, asked.leaveOutRecovery);
  if (choice.chosen.length === 0) refuse("FilingError", "no_readers");
  if (choice.chosen.length === 1 && !asked.oneReaderConfirmed) {
    refuse("FilingError", "one_reader", { id: choice.chosen[0].id });
  }
  const seed = randomBytes(32);
  const key = await privateKey(seed);
  const head = firstHead(asked, choice, key);
  const entry1 = await seal(pack(head, bodyBytes(body), receipt.signing), [key.publicText]);
  const keys = [...choice.chosen.map(({ age }) => age), receipt.age.publicText];
  if (choice.recovery) keys.push(keyring.recovery.age);
  const expected = choice.all.length + 1 + (keyring.recovery ? 1 : 0);
  const caseAge = await sealCaseKeys([privateText(seed)], keys, expected - keys.length);
  const json = {
    channel,
    keyring_serial: keyring.serial,
    mailbox_id: b64u(receipt.mailboxId),
    thread: head.thread,
    case_public_key: head.case_key,
    waive_ack: waiveAck,
    left_out: leftOut,
    sizes: [caseAge.length, entry1.length],
  };
  const jsonBytes = utf8(JSON.stringify(json));
  const bytes = concat(MAGIC, u32(jsonBytes.length), jsonBytes, caseAge, entry1);
  return { bytes, json, choice, caseAge, entry1 };
}
