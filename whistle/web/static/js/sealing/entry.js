// Makes the next entry of a verified chain, and a case's desk key (protocol section 3).

import { privateKey, privateText, publicText, seal } from "./age.js";
import { b64u, fromB64u, randomBytes } from "./bytes.js";
import { BODY_TYPE, bodyBytes } from "./bodies.js";
import { sealCaseKeys } from "./case-keys.js";
import { pack } from "./container.js";
import { refuse } from "./errors.js";
import { readers, validOn } from "./keyring.js";

/**
 * Seals one more entry where `place` {thread, next, sealTo, fault} says, signed by `author`
 * {side, id, signing}. `adds` is what the kind adds to the head.
 */
export async function makeEntry(place, { channel, keyring, author, kind, body, adds = {}, made }) {
  if (place.fault) refuse("ThreadError", place.fault.reason, place.fault);
  const head = {
    v: 1,
    channel,
    thread: place.thread,
    ...place.next,
    kind,
    author: { side: author.side, id: author.id },
    keyring: { serial: keyring.serial, sha256: b64u(keyring.sha256) },
    made,
    body_type: BODY_TYPE,
    body_len: 0,
    ...adds,
  };
  const container = pack(head, bodyBytes(body), author.signing);
  return seal(container, [publicText(fromB64u(place.sealTo))]);
}

/**
 * The handlers to seal a case's keys to, computed here and never taken from a server's list:
 * (entry 1's readers and verified additions) without those left out, removed, not valid in the
 * keyring in force, or gone from the newest one.
 */
export function currentReaders(access, { keyring, newest, on }) {
  const kept = ({ id }) => newest.handlers.some((one) => one.id === id && validOn(one, on));
  return keyring.handlers.filter(
    (one) =>
      access.readers.has(one.id) && !access.leftOut.has(one.id) && validOn(one, on) && kept(one),
  );
}

/** A desk key for a case: the sealed desk.age, and the first entry of the desk chain. */
export async function makeDesk(cases, { keyring, newest, on, channel, author, made }) {
  const recovery = cases.entries[0].head.recovery === null ? null : keyring.recovery;
  const chosen = currentReaders(cases.access, { keyring, newest, on });
  const keys = chosen.map(({ age }) => age);
  if (recovery) keys.push(recovery.age);
  const places = readers(keyring, channel, on).length + (keyring.recovery ? 1 : 0);
  const seed = randomBytes(32);
  const { publicBytes } = await privateKey(seed);
  const deskKey = b64u(publicBytes);
  const deskAge = await sealCaseKeys([privateText(seed)], keys, Math.max(places, keys.length));
  const next = { chain: "desk", seq: 1, prev: cases.thread };
  const place = { thread: cases.thread, next, sealTo: deskKey, fault: cases.fault };
  const asked = { channel, keyring, author, kind: "desk", body: {}, made };
  const sealed = await makeEntry(place, { ...asked, adds: { desk_key: deskKey } });
  return { deskAge, sealed };
}
