// Who may read a case and which keys are the case's: entry 1, as `access` entries have changed
// it (protocol section 3). A change keeps the generation and the key, or takes the next
// generation and a new key, to which everything after it is sealed. Whom it adds the keyring
// must name with that very key. Only the reporter can add somebody who was left out.
//
// Reason: access

import { b64u } from "./bytes.js";
import { refuse } from "./errors.js";

const FAMILY = "ThreadError";

export class Access {
  constructor() {
    this.readers = new Set();
    this.leftOut = new Set();
    this.keys = []; // public keys as b64u, newest last
    this.generation = 1;
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

  /** Takes over what a verified head says, if it says anything about access. */
  follow(head) {
    if (head.kind === "report") {
      this.readers = new Set(head.readers.map(({ id }) => id));
      this.leftOut = new Set(head.left_out);
      this.keys = [head.case_key];
    }
    if (head.kind !== "access") return;
    for (const { id } of head.added) {
      this.readers.add(id);
      this.leftOut.delete(id);
    }
    for (const id of head.removed) this.readers.delete(id);
    if (head.gen === this.generation) return;
    this.generation = head.gen;
    this.keys.push(head.case_key);
  }

  /** Refuses a change of access that may not be made. */
  check(head, keyring) {
    const same = head.gen === this.generation;
    const next = head.gen === this.generation + 1;
    const keyRight = same ? head.case_key === this.key : next && !this.keys.includes(head.case_key);
    const named = head.added.every(({ id, sha256 }) =>
      keyring.handlers.some((one) => one.id === id && b64u(one.ageHash) === sha256),
    );
    const bringsBack = head.added.some(({ id }) => this.leftOut.has(id));
    const unbidden = bringsBack && head.author.side !== "reporter";
    const known = head.removed.every((id) => this.readers.has(id));
    if (!keyRight || !named || unbidden || !known) refuse(FAMILY, "access");
  }
}
