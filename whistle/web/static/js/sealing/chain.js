// A thread: entries that each bind the one before, checked whole (protocol sections 3 and 4).
// Entry by entry, in this order: one stanza and a pad size · opened by a key that entry 1 or a
// verified access entry names · the container · clear columns · sequence · thread and chain ·
// hash of the sealed entry before · keyring known and never older than before · author known to
// that keyring on that date, and a reader of this case · signature · what its kind must say.
//
// What this cannot see: the newest entries withheld. That shows when the other side next writes.
//
// Reasons: those of container.js, access.js and kinds.js, gap · fork · moved · clear_differs ·
// shape · cannot_open · damaged · case_key · keyring_unknown · keyring_fell · unknown_author ·
// not_reader · role · forged · not_mine

import { privateKey, privateSeed } from "./age.js";
import { Access } from "./access.js";
import { b64u } from "./bytes.js";
import { WhistleError } from "./errors.js";
import { Reading } from "./reading.js";

/** The given private keys as text, by their public keys in b64u. */
const heldIn = (keys) => new Map(keys.map(({ text, publicBytes }) => [b64u(publicBytes), text]));

/**
 * Verifies the records of one chain in the order the server gave them: `entries` before the
 * first fault, the `fault` {reason, chain, seq} or null, and what the next entry must fit.
 * `reporter` is the reporter's own public signing key (b64u) when it is the reporter who reads;
 * `today`, if known: no entry makes a list of keys count before its day;
 * `entries` of the verified case chain are given when the records are of the desk chain.
 * `alive` is called after each entry.
 */
export async function verifyThread(records, given) {
  const { privateTexts, keyrings, thread, reporter, entries, today, alive = () => {} } = given;
  const chain = entries ? "desk" : "case";
  const keys = await Promise.all(privateTexts.map((text) => privateKey(privateSeed(text))));
  const access = Access.of(entries ?? []);
  const reading = new Reading({ chain, keys, keyrings, thread, reporter, access, today });
  let fault = null;
  if (records.length === 0 && chain === "case") fault = { reason: "gap", chain, seq: 1 };
  for (const record of records) {
    try {
      await reading.take(record);
      alive();
    } catch (error) {
      if (!(error instanceof WhistleError)) throw error;
      fault = { reason: error.reason, chain, seq: record.seq };
      break;
    }
  }
  const missing = fault === null ? reading.missing() : null;
  if (missing !== null) fault = { reason: "gap", chain, seq: missing };
  const sealTo = (reading.desk ?? access).key;
  const next = { chain, seq: reading.seq + 1, prev: reading.prev };
  const found = { proofs: reading.proofs, entries: reading.entries, fault, thread: reading.thread };
  return { ...found, next, sealTo, access, held: heldIn(keys) };
}
