// Who may read a case and which keys are the case's: entry 1, as `access` entries have changed
// it (protocol section 3). A change keeps the generation and the key, or takes the next
// generation and a new key, to which everything after it is sealed. Whoever is taken out must not
// open what comes after: that takes a new generation. Whom it adds the keyring must name with that
// very key. Only the reporter can add somebody who was left out, under whatever id. A handler's change says where the
// desk chain stands: from there on only those who are readers then write notes, and a new
// generation seals them to a new desk key.
//
// Reason: access

import { b64u } from "./bytes.js";
import { refuse } from "./errors.js";

const FAMILY = "ThreadError";

/** Why access changes: said in the clear to everybody in the case, the reporter too. */
export const REASONS = ["recused", "conflict", "left", "rollover", "colleague", "reporter_asked"];

const BARRING = ["recused", "conflict"];

export class Access {
  constructor() {
    this.readers = new Set();
    this.leftOut = new Set();
    this.barred = new Set(); // taken out for a conflict of interest
    this.keys = []; // public keys as b64u, newest last
    this.generation = 1;
    this.maker = null; // the handler who made the newest key; null: the reporter
    this.persons = new Map(); // of those left out by entry 1's keyring: id -> person
    this.stages = []; // {prev, readers, key}: stretches of the desk chain
  }

  /** The access after entries that were verified. */
  static of(entries) {
    const access = new Access();
    for (const { head } of entries) access.follow(head);
    return access;
  }

  get key() {
    return this.keys.at(-1);
  }

  /** Whether somebody who may no longer read has made the newest key, and so had it. */
  get makerIsGone() {
    return this.maker !== null && !this.readers.has(this.maker);
  }

  /** Takes over what a verified head says, if it says anything about access. */
  follow(head) {
    if (head.kind === "report") {
      this.readers = new Set(head.readers.map(({ id }) => id));
      this.leftOut = new Set(head.left_out);
      this.keys = [head.case_key];
      this.stages = [{ prev: null, readers: new Set(this.readers), key: null }];
    }
    if (head.kind !== "access") return;
    for (const { id } of head.added) {
      this.readers.add(id);
      this.leftOut.delete(id);
      this.barred.delete(id);
    }
    for (const id of head.removed) {
      this.readers.delete(id);
      if (BARRING.includes(head.reason)) this.barred.add(id);
    }
    if (head.gen !== this.generation) {
      this.generation = head.gen;
      this.keys.push(head.case_key);
      this.maker = head.author.side === "handler" ? head.author.id : null;
    }
    this.beginStage(head);
  }

  beginStage({ desk_prev: prev, desk_key: key, added }) {
    if (prev === null) for (const { id } of added) this.stages.at(-1).readers.add(id);
    else this.stages.push({ prev, readers: new Set(this.readers), key });
  }

  /** Remembers who the persons are that were left out, by the keyring of entry 1. */
  nameLeftOut({ handlers }) {
    const out = handlers.filter(({ id }) => this.leftOut.has(id));
    this.persons = new Map(out.map(({ id, person }) => [id, person]));
  }

  /** Whether somebody is added who was left out, under this id or another of theirs. */
  bringsBack(added, { handlers }) {
    const known = [...this.persons].map(([id, person]) => ({ id, person }));
    const out = [...known, ...handlers].filter(({ id }) => this.leftOut.has(id));
    const persons = out.map(({ person }) => person);
    const theirs = ({ id, person }) => added.some((one) => one.id === id) && persons.includes(person);
    return added.some(({ id }) => this.leftOut.has(id)) || handlers.some(theirs);
  }

  /** Refuses a change of access that may not be made. */
  check(head, keyring) {
    const byReporter = head.author.side === "reporter";
    const named = head.added.every(({ id, sha256 }) =>
      keyring.handlers.some((one) => one.id === id && b64u(one.ageHash) === sha256),
    );
    const bringsBack = this.bringsBack(head.added, keyring);
    const right = this.keyRight(head) && this.peopleRight(head) && this.deskRight(head, byReporter);
    if (!right || !named || (bringsBack && !byReporter)) refuse(FAMILY, "access");
  }

  keyRight({ gen, case_key: key }) {
    if (gen === this.generation) return key === this.key;
    return gen === this.generation + 1 && !this.keys.includes(key);
  }

  peopleRight({ gen, author, reason, added, removed }) {
    const known = removed.every((id) => this.readers.has(id));
    const both = added.some(({ id }) => removed.includes(id));
    const closed = removed.length === 0 || gen !== this.generation;
    const kept = [...this.readers].some((id) => !removed.includes(id));
    const own = reason !== "recused" || (removed.length === 1 && removed[0] === author.id);
    return known && !both && closed && (kept || added.length > 0) && own;
  }

  /** Whether a change says of the desk chain what its author must say, and no more. */
  deskRight({ gen, thread, desk_prev: prev, desk_key: key }, byReporter) {
    if (byReporter) return prev === null && key === null;
    const raised = gen !== this.generation;
    return prev !== null && (key !== null) === (raised && prev !== thread);
  }
}

/** Who may write at a place of the desk chain, and to which key, while the chain is read. */
export class DeskAccess {
  constructor({ stages }) {
    this.stages = stages;
    this.at = 0;
    this.key = undefined;
  }

  get readers() {
    return this.stages[this.at].readers;
  }

  /** Whether no later stretch begins: the chain is not shorter than it once was. */
  get atLast() {
    return this.at === this.stages.length - 1;
  }

  /** Enters the stretches that begin after the sealed entry of this hash. */
  reach(prev) {
    while (!this.atLast && this.stages[this.at + 1].prev === prev) {
      this.at += 1;
      this.key = this.stages[this.at].key ?? this.key;
    }
  }
}
