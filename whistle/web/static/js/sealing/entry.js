// Makes the next entry of a verified chain, and the desk key of a case (protocol section 3).

import { open, privateKey, privateText, seal } from "./age.js";
import { b64u, randomBytes, text } from "./bytes.js";
import { BODY_TYPE, bodyBytes } from "./bodies.js";
import { pack } from "./container.js";
import { refuse } from "./errors.js";
import { sealCaseKeys } from "./filing.js";
import { validOn } from "./keyring.js";

const PLAINTEXT_MAX = 2048; // bytes of case.age
const STANZAS_MAX = 80; // 128 KiB of header

/**
 * Seals one more entry to `chain.key`, signed by `author` {side, id, signing}. `extra` is
 * what the kind adds to the head.
 */
export async function makeEntry(chain, { channel, keyring, author, kind, body, extra = {}, made }) {
  if (chain.fault) refuse("ThreadError", chain.fault.reason, chain.fault);
  const head = {
    v: 1,
    channel,
    thread: chain.thread,
    ...chain.next,
    kind,
    author: { side: author.side, id: author.id },
    keyring: { serial: keyring.serial, sha256: b64u(keyring.sha256) },
    made,
    body_type: BODY_TYPE,
    body_len: 0,
    ...extra,
  };
  return seal(pack(head, bodyBytes(body), author.signing), [chain.key.publicText]);
}

/** The private keys in a case.age or desk.age, newest first, as age's text. */
export async function openCaseKeys(sealed, mine) {
  const sizeAllowed = (size) => size <= PLAINTEXT_MAX;
  const plain = text(await open(sealed, [mine], { sizeAllowed, stanzasMax: STANZAS_MAX }));
  const lines = plain.split("\n").filter(Boolean);
  return lines.length > 0 ? lines : refuse("SealError", "no_keys");
}

/**
 * Who may read now, computed here and never taken from a server's list: entry 1's readers
 * and verified additions, less those left out, removed, recused, or without a valid key.
 */
export function currentReaders(entries, keyring, on) {
  const first = entries[0].head;
  const ids = new Set(first.readers.map(({ id }) => id));
  for (const { kind, head } of entries) {
    if (kind === "access") {
      head.added.forEach(({ id }) => ids.add(id));
      head.removed.forEach((id) => ids.delete(id));
    }
    if (kind === "recuse") ids.delete(head.author.id);
  }
  first.left_out.forEach((id) => ids.delete(id));
  return keyring.handlers.filter((one) => ids.has(one.id) && validOn(one, on));
}

/** A desk key for a case: the sealed desk.age and the first entry of the desk chain. */
export async function makeDesk({ thread, readers, recovery, dummies }, asked) {
  const seed = randomBytes(32);
  const key = await privateKey(seed);
  const keys = readers.map(({ age }) => age);
  if (recovery) keys.push(recovery.age);
  const deskAge = await sealCaseKeys([privateText(seed)], keys, dummies);
  const chain = { thread, fault: null, next: { chain: "desk", seq: 1, prev: thread }, key };
  const extra = { desk_key: b64u(key.publicBytes) };
  const sealed = await makeEntry(chain, { ...asked, kind: "desk", body: {}, extra });
  return { deskAge, sealed };
}
