// One chain of a case while it is read, entry by entry; chain.js says the order and the reasons.

import { DeskAccess } from "./access.js";
import { open, shape } from "./age.js";
import { b64u, fromB64u, H, label } from "./bytes.js";
import { readBody } from "./bodies.js";
import { unpack } from "./container.js";
import { refuse } from "./errors.js";
import { Consents } from "./consents.js";
import { checkKind, checkRole, ERASABLE } from "./kinds.js";
import { validOn } from "./keyring.js";
import { ENTRY_SIZES } from "./padding.js";
import { Persons } from "./persons.js";

const FAMILY = "ThreadError";
const THREAD = label("whistle/thread/v1");

/** The 32-byte id of a thread, for the life of the case. */
export const threadId = (reporterAge, reporterSign, caseKey) =>
  H(THREAD, reporterAge, reporterSign, caseKey);

/** Holds what the next entry must fit. */
export class Reading {
  constructor({ chain, keys, keyrings, thread, reporter, access, today }) {
    Object.assign(this, { chain, keys, keyrings, thread, reporter, access, today });
    this.desk = chain === "desk" ? new DeskAccess(access) : null;
    this.seq = 0;
    this.serial = 0;
    this.prev = thread;
    this.entries = [];
    this.proofs = []; // of each entry, what shows its writer to others
    this.gaps = new Map();
    this.consents = new Consents();
    this.persons = new Persons();
  }

  /** Checks one more record as the server gave it, and keeps its entry. */
  async take(record) {
    if (record.chain !== this.chain) refuse(FAMILY, "moved");
    const again = record.seq > 0 && record.seq <= this.seq;
    if (record.seq !== this.seq + 1) refuse(FAMILY, again ? "fork" : "gap");
    this.desk?.reach(this.prev);
    if (!record.sealed && record.sha256) {
      if (!ERASABLE.includes(record.kind)) refuse(FAMILY, "gap");
      this.gaps.set(record.seq, record.sha256);
      Object.assign(this, { seq: record.seq, prev: record.sha256 });
      return;
    }
    const sealed = fromB64u(record.sealed, FAMILY);
    const { opener, plaintext } = await this.opened(sealed);
    const container = unpack(plaintext);
    const { head } = container;
    compareClear(record, head);
    if (record.seq === 1) this.begin(head, opener);
    this.place(head, opener);
    const keyring = this.keyring(head);
    const handler = this.author(record, head, keyring);
    const key = await this.verify(container, record, keyring, handler);
    const sha256 = b64u(H(sealed));
    const alarm = checkKind(this, record, container, keyring);
    const removed = ["removed", "note_removed"].includes(head.kind) ? head.entries : [];
    for (const { seq, sha256: gone } of removed) {
      if (this.gaps.get(seq) === gone) this.gaps.delete(seq);
    }
    if (head.kind === "access") this.access.check(head, keyring);
    this.access.follow(head);
    this.consents.follow(head, sha256, readBody(container.body));
    this.persons.follow(head, sha256, record.on);
    this.proofs.push(proof(container, key));
    this.entries.push(plain(container, record, handler, sha256, alarm));
    Object.assign(this, { seq: head.seq, prev: sha256, serial: keyring.serial });
  }

  /**
   * Checks a record of the desk chain by itself, for a list: everything but what stands before it.
   * Its author must be nobody whom the reporter left out.
   */
  async alone(record, kind) {
    this.desk = { key: undefined, readers: { has: (id) => !this.access.leftOut.has(id) } };
    if (record.chain !== this.chain) refuse(FAMILY, "moved");
    const sealed = fromB64u(record.sealed, FAMILY);
    const container = unpack((await this.opened(sealed)).plaintext);
    const { head } = container;
    compareClear(record, head);
    if (head.kind !== kind) refuse(FAMILY, "kind");
    if (head.thread !== this.thread) refuse(FAMILY, "moved");
    const handler = this.author(record, head, this.keyring(head));
    await this.verify(container, record, null, handler);
    return plain(container, record, handler, b64u(H(sealed)), null);
  }

  /** Where the chain is not whole although each of its entries is, or null. */
  missing() {
    // An erased entry that no signed "removed" names: somebody else has taken it.
    if (this.gaps.size > 0) return Math.min(...this.gaps.keys());
    // A change of access names a note that is not there.
    this.desk?.reach(this.prev);
    return this.desk === null || this.desk.atLast ? null : this.seq + 1;
  }

  /** The public key that an entry is sealed to, and its plaintext. */
  async opened(sealed) {
    refuseShape(sealed);
    const sizeAllowed = () => true; // refuseShape has looked
    for (const key of this.candidates()) {
      const { publicBytes } = key;
      try {
        const plaintext = await open(sealed, [key], { stanzas: 1, sizeAllowed });
        return { opener: b64u(publicBytes), plaintext };
      } catch (error) {
        if (error.family === "SealError") refuse(FAMILY, "damaged");
        if (error.family !== "NotForMeError") throw error;
      }
    }
    return refuse(FAMILY, "cannot_open");
  }

  /** The given keys, the one that should fit first; the oldest of case.age for entry 1. */
  candidates() {
    const expected = (this.desk ?? this.access).key;
    if (!expected) return [...this.keys].reverse();
    const fits = ({ publicBytes }) => b64u(publicBytes) === expected;
    return [...this.keys.filter(fits), ...this.keys.filter((key) => !fits(key))];
  }

  /** Takes from a chain's first entry what the others are measured by. */
  begin(head, opener) {
    const first = this.chain === "desk" ? "desk" : "report";
    if (head.kind !== first) refuse(FAMILY, "kind");
    if ((head.desk_key ?? head.case_key) !== opener) refuse(FAMILY, "case_key");
    if (this.desk) {
      this.desk.key = opener;
      return;
    }
    const [age, sign, key] = [head.reporter_age, head.reporter_sign, opener].map((one) => fromB64u(one));
    const thread = b64u(threadId(age, sign, key));
    if (this.thread && this.thread !== thread) refuse(FAMILY, "moved");
    if (this.reporter && this.reporter !== head.reporter_sign) refuse(FAMILY, "not_mine");
    [this.thread, this.prev, this.reporter] = [thread, thread, head.reporter_sign];
    this.access.follow(head);
  }

  /** Checks key, thread and the entry before. */
  place(head, opener) {
    if (opener !== (this.desk ?? this.access).key) refuse(FAMILY, "case_key");
    if (head.thread !== this.thread) refuse(FAMILY, "moved");
    if (head.prev !== this.prev) refuse(FAMILY, "fork");
  }

  keyring(head) {
    const keyring = this.keyrings.named(head.keyring);
    if (keyring === null) refuse(FAMILY, "keyring_unknown");
    return keyring.serial < this.serial ? refuse(FAMILY, "keyring_fell") : keyring;
  }

  /** Whether the keyring that an entry names no longer waited when it came in. */
  counts(keyring, { on }) {
    return this.keyrings.counts(keyring, this.today < on ? this.today : on);
  }

  /** The handler who wrote an entry; null if it was not a handler. */
  author(record, head, keyring) {
    if (head.author.side !== "handler") return null;
    const handler = keyring.handlers.find(({ id }) => id === head.author.id);
    const named = handler && this.counts(keyring, record) && validOn(handler, record.on);
    if (!named || !Object.hasOwn(handler.channels, head.channel)) refuse(FAMILY, "unknown_author");
    const { readers } = this.desk ?? this.access;
    if (!readers.has(handler.id)) refuse(FAMILY, "not_reader");
    checkRole(handler.channels[head.channel], head);
    return handler;
  }

  signersOf({ author }, record, keyring, handler) {
    if (handler) return [handler.sign];
    if (author.side === "reporter") return [fromB64u(this.reporter)];
    const counting = this.counts(keyring, record) ? keyring.service : [];
    return counting.filter((key) => validOn(key, record.on)).map(({ sign }) => sign);
  }

  /** The key of the signature, which does not come from the entry itself; refuses a forged one. */
  async verify(container, record, keyring, handler) {
    for (const key of this.signersOf(container.head, record, keyring, handler)) {
      try {
        await container.verify(key);
        return key;
      } catch {
        // another of the service's keys, perhaps
      }
    }
    return refuse(FAMILY, "forged");
  }
}

/** One stanza and a pad size, before any key is touched. */
function refuseShape(sealed) {
  let told = { stanzas: [] };
  try {
    told = shape(sealed);
  } catch {
    // not an age file: refused below
  }
  const one = told.stanzas.length === 1 && told.stanzas[0] === "mlkem768x25519";
  if (!one || !ENTRY_SIZES.includes(told.plaintextSize)) refuse(FAMILY, "shape");
}

function compareClear(record, head) {
  const handler = head.author.side === "handler" ? head.author.id : null;
  const same = record.kind === head.kind && record.seq === head.seq && record.handler === handler;
  if (!same) refuse(FAMILY, "clear_differs");
  if (record.chain !== head.chain) refuse(FAMILY, "moved");
}

/** What proves an entry without its head: the hash of it, the body, the signature and its key. */
const proof = ({ headBytes, body, signature }, key) => ({
  head_sha256: b64u(H(headBytes)),
  body: b64u(body),
  sig: b64u(signature),
  key: b64u(key),
});

function plain({ head, body }, record, handler, sha256, alarm) {
  const { chain, seq, kind, author, made } = head;
  const entry = { chain, seq, kind, on: record.on, side: author.side, author_id: author.id };
  entry.author_name = handler?.name ?? "";
  entry.author_role = handler?.role_text ?? "";
  return { ...entry, made, body: readBody(body), head, sealed_sha256: sha256, alarm };
}
