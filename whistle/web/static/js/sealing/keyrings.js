// The chain of keyrings, from the root key to today (protocol section 2). Each file is signed
// by the root, or by the `next_root` that the file before announced, and names that file.
// Nobody adds himself unseen: what adds or changes a key takes effect at once only with a second
// signature by a handler whom the keyring then in force names; else seven days after its issue.
//
// Reasons: those of keyring.js, empty · root · signature · cosignature · serial · serial_twice ·
// previous · dates · org · not_yet · rollback · fork

import { b64u, equal, fromB64u } from "./bytes.js";
import { addDays } from "./dates.js";
import { refuse } from "./errors.js";
import { parseKeyring, validOn } from "./keyring.js";
import { parsePublicLine, verify } from "./sshsig.js";

const FAMILY = "KeyringError";
const SIGN_NAMESPACE = "whistle-keyring-v1";
export const COSIGN_NAMESPACE = "whistle-keyring-cosign-v1";
const WAITING_DAYS = 7;

const handlerOf = (keyring, id) => keyring.handlers.find((one) => one.id === id);

/** Says whether a key is as before and ends no later. */
const shorter = (now, was) =>
  equal(now.sign, was.sign) &&
  now.from === was.from &&
  (was.to === null || (now.to !== null && now.to <= was.to));

/** Says whether a handler is as before, or has only fewer channels or a shorter life. */
function within(now, was) {
  if (!was || !shorter(now, was)) return false;
  const kept = Object.entries(now.channels).every(([name, role]) => was.channels[name] === role);
  return kept && ["person", "name", "role_text", "age"].every((key) => now[key] === was[key]);
}

/** Says whether `now` adds or changes a handler, the recovery key or a service key. */
function adds(now, was) {
  const recovery = ({ recovery: one }) => one && JSON.stringify([one.age, one.k, one.holders]);
  return (
    now.handlers.some((one) => !within(one, handlerOf(was, one.id))) ||
    (now.recovery !== null && recovery(now) !== recovery(was)) ||
    now.service.some((key) => !was.service.some((old) => shorter(key, old)))
  );
}

function follows(keyring, last) {
  const twice = keyring.serial === last.serial && !equal(keyring.sha256, last.sha256);
  if (twice) refuse(FAMILY, "serial_twice");
  if (keyring.serial <= last.serial) refuse(FAMILY, "serial");
  if (keyring.previous !== b64u(last.sha256)) refuse(FAMILY, "previous");
  if (keyring.org !== last.org) refuse(FAMILY, "org");
  if (keyring.issued_on < last.issued_on) refuse(FAMILY, "dates");
}

function signedBy(key, namespace, file, signature) {
  try {
    verify(key, namespace, file, signature);
    return true;
  } catch {
    return false;
  }
}

/** The id of the handler who signed too; null where nobody did. */
function cosigner({ file, cosignature }, keyring, last) {
  if (cosignature === null || cosignature === undefined) return null;
  const found = (last?.handlers ?? [])
    .filter((one) => validOn(one, keyring.issued_on))
    .find((one) => signedBy(one.sign, COSIGN_NAMESPACE, file, cosignature));
  return found ? found.id : refuse(FAMILY, "cosignature");
}

/**
 * The day from which a keyring counts, and whether the days until then are those in which an
 * addition of its own, that no handler vouched for, is announced.
 */
function placed(keyring, links, signer) {
  const { issued_on } = keyring;
  if (links.length === 0) return { effectiveOn: issued_on };
  const last = links.at(-1);
  const inForce = links.findLast((link) => link.effectiveOn <= issued_on).keyring;
  if (!adds(keyring, inForce) || (signer && sameKey(signer, last.keyring, inForce))) {
    return { effectiveOn: issued_on };
  }
  if (adds(keyring, last.keyring)) {
    return { effectiveOn: addDays(issued_on, WAITING_DAYS), announced: true };
  }
  return { effectiveOn: last.effectiveOn > issued_on ? last.effectiveOn : issued_on };
}

function sameKey(id, one, two) {
  const [first, second] = [handlerOf(one, id), handlerOf(two, id)];
  return Boolean(first && second) && equal(first.sign, second.sign);
}

/** A verified chain; newest last. */
export class Keyrings {
  constructor(links) {
    this.links = links;
    this.newest = links.at(-1).keyring;
  }

  /** The newest keyring that counts on that date. */
  effective(on) {
    const link = this.links.findLast((one) => one.effectiveOn <= on);
    return link ? link.keyring : refuse(FAMILY, "not_yet");
  }

  /** The keyring that a head names by serial and hash, or null. */
  named({ serial, sha256 }) {
    const named = ({ keyring }) => keyring.serial === serial && b64u(keyring.sha256) === sha256;
    return this.links.find(named)?.keyring ?? null;
  }

  /** Whether a keyring no longer waits on that date, or stops on the next: days begin at different hours. */
  counts(keyring, on) {
    const link = this.links.find((one) => one.keyring === keyring);
    return link !== undefined && addDays(link.effectiveOn, -1) <= on;
  }

  /** The newest link when it does not count yet on that date, or null. */
  coming(on) {
    const link = this.links.at(-1);
    return link.effectiveOn > on ? link : null;
  }
}

/**
 * Verifies the `{root, keyrings}` of an answer. `pinned` is the root's line as the page was
 * given it, if it was; `seen` is what this browser saw last, `{serial, sha256}`.
 */
export function verifyChain({ root, keyrings }, { pinned, seen } = {}) {
  let key = rootKey(root, pinned);
  if (!Array.isArray(keyrings) || keyrings.length === 0) refuse(FAMILY, "empty");
  const links = [];
  for (const written of keyrings) {
    const signed = { ...written, file: fromB64u(written.file, FAMILY) };
    const keyring = parseKeyring(signed.file);
    const last = links.at(-1)?.keyring;
    if (last) follows(keyring, last);
    else if (keyring.previous !== null) refuse(FAMILY, "previous");
    key = last?.next_root ?? key;
    if (!signedBy(key, SIGN_NAMESPACE, signed.file, signed.signature)) refuse(FAMILY, "signature");
    const signer = cosigner(signed, keyring, last);
    links.push({ keyring, signer, ...placed(keyring, links, signer) });
  }
  const chain = new Keyrings(links);
  if (seen) refuseOlder(chain, seen);
  return chain;
}

function rootKey(root, pinned) {
  let keys;
  try {
    keys = [root, pinned || root].map(parsePublicLine);
  } catch {
    return refuse(FAMILY, "root");
  }
  return equal(...keys) ? keys[0] : refuse(FAMILY, "root");
}

/** Refuses a chain that no longer holds the keyring this browser saw before. */
function refuseOlder(chain, seen) {
  if (chain.newest.serial < seen.serial) refuse(FAMILY, "rollback");
  if (!chain.named(seen)) refuse(FAMILY, "fork");
}
