// Makes the next entry of a verified chain (protocol section 3).

import { publicText, seal } from "./age.js";
import { b64u, fromB64u } from "./bytes.js";
import { BODY_TYPE, bodyBytes } from "./bodies.js";
import { pack } from "./container.js";
import { refuse } from "./errors.js";

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
