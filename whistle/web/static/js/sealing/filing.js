// The one filing format (protocol section 5): "WHISTLEF1\n" ‖ u32 ‖ JSON ‖ case.age ‖ entry1.age.
// Who can open it is decided here, in the reporter's browser, from the signed keyring.
//
// Reasons of FilingError: channel · left_out · no_readers · one_reader (not confirmed)

import { privateKey, privateText } from "./age.js";
import { b64u, concat, randomBytes, u32, utf8 } from "./bytes.js";
import { sealCaseKeys } from "./case-keys.js";
import { makeEntry } from "./entry.js";
import { refuse } from "./errors.js";
import { readers } from "./keyring.js";
import { threadId } from "./reading.js";

const FAMILY = "FilingError";
const MAGIC = utf8("WHISTLEF1\n");

/** A channel's readers, those who are not left out, and whether the recovery key may open it. */
export function chooseReaders(keyring, channel, on, leftOut, leaveOutRecovery) {
  const all = readers(keyring, channel, on);
  if (all.length === 0) refuse(FAMILY, "channel");
  const known = leftOut.every((id) => all.some((one) => one.id === id));
  if (!known || new Set(leftOut).size !== leftOut.length) refuse(FAMILY, "left_out");
  const chosen = all.filter(({ id }) => !leftOut.includes(id));
  const persons = all.filter(({ id }) => leftOut.includes(id)).map(({ person }) => person);
  const holds = keyring.recovery?.holders.some(({ person }) => persons.includes(person));
  const recovery = keyring.recovery !== null && !leaveOutRecovery && !holds;
  return { all, chosen, recovery };
}

function refuseTooFew({ chosen }, oneReaderConfirmed) {
  if (chosen.length === 0) refuse(FAMILY, "no_readers");
  if (chosen.length > 1 || oneReaderConfirmed) return;
  refuse(FAMILY, "one_reader", { readers: chosen.map(({ id, name }) => ({ id, name })) });
}

/**
 * Builds a filing. `asked`: {receipt (of derive), keyring, channel, body, on, leftOut, waiveAck,
 * leaveOutRecovery, oneReaderConfirmed, made}. Gives its bytes and its parts.
 */
export async function makeFiling(asked) {
  const { receipt, keyring, channel, body, on, made } = asked;
  const { leftOut = [], waiveAck = false } = asked;
  const choice = chooseReaders(keyring, channel, on, leftOut, asked.leaveOutRecovery);
  refuseTooFew(choice, asked.oneReaderConfirmed);
  const seed = randomBytes(32);
  const { publicBytes } = await privateKey(seed);
  const [caseKey, sign] = [b64u(publicBytes), receipt.signing.public];
  const thread = b64u(threadId(receipt.age.publicBytes, sign, publicBytes));
  const adds = {
    reporter_age: b64u(receipt.age.publicBytes),
    reporter_sign: b64u(sign),
    case_key: caseKey,
    readers: choice.chosen.map(({ id, ageHash }) => ({ id, sha256: b64u(ageHash) })),
    left_out: leftOut,
    recovery: choice.recovery ? b64u(keyring.recovery.ageHash) : null,
    waive_ack: waiveAck,
    code_made_by: asked.codeMadeBy ?? null,
  };
  const author = { side: "reporter", id: "reporter", signing: receipt.signing };
  const place = { thread, next: { chain: "case", seq: 1, prev: thread }, sealTo: caseKey };
  const entry1 = await makeEntry(place, { channel, keyring, author, kind: "report", body, adds, made });
  const keys = [...choice.chosen.map(({ age }) => age), receipt.age.publicText];
  if (choice.recovery) keys.push(keyring.recovery.age);
  const count = choice.all.length + 1 + (keyring.recovery ? 1 : 0);
  const caseAge = await sealCaseKeys([privateText(seed)], keys, count);
  const json = {
    channel,
    keyring_serial: keyring.serial,
    mailbox_id: b64u(receipt.mailboxId),
    thread,
    case_public_key: caseKey,
    waive_ack: waiveAck,
    left_out: leftOut,
    sizes: [caseAge.length, entry1.length],
  };
  return { bytes: written(json, caseAge, entry1), json, choice, caseAge, entry1 };
}

/** A filing has exactly one spelling: compact JSON, its keys in this order. */
function written(json, caseAge, entry1) {
  const bytes = utf8(JSON.stringify(json));
  return concat(MAGIC, u32(bytes.length), bytes, caseAge, entry1);
}
