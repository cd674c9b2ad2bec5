// Who may be told who the reporter is (protocol section 3.9): a request names one recipient and what
// is to be told, the reporter's newest answer to it counts. A disclosure rests on such a consent, on
// a listed legal duty that was announced and has waited, or on such a duty with a listed reason why
// it cannot wait; it tells no more than what it rests on.

export const SCOPES = ["name", "contact", "facts"];
export const DUTIES = ["investigation", "court", "defence"];
export const CANNOT_WAIT = ["urgent", "would_jeopardise"];

/** What a case chain has said so far, by the hashes (b64u) of sealed entries. */
export class Consents {
  constructor() {
    this.requests = new Map(); // hash -> scope
    this.answers = new Map(); // hash of the request -> {key, given}
    this.notices = new Map(); // hash -> head
  }

  /** What verified entries have said. */
  static of(entries) {
    const consents = new Consents();
    for (const { head, sealed_sha256: key } of entries) consents.follow(head, key);
    return consents;
  }

  /** Takes over what a verified head says, if it says anything about consent. */
  follow(head, key) {
    if (head.kind === "consent_request") this.requests.set(key, head.scope);
    if (head.kind === "consent") this.answers.set(head.request, { key, given: head.given });
    if (head.kind === "disclosure_notice") this.notices.set(key, head);
  }

  /** Whether a disclosure that came on a day rests on what it names. */
  founded({ scope, consent, notice, duty, cannot_wait: cannotWait }, on) {
    if (consent !== null) {
      return duty === null && notice === null && covers(this.agreed(consent), scope);
    }
    if (duty === null) return false;
    if (notice === null) return cannotWait !== null;
    const named = this.notices.get(notice);
    if (named?.duty !== duty || !covers(named.scope, scope)) return false;
    return named.earliest_on <= on || cannotWait !== null;
  }

  /** What may be told by this consent; nothing if it is none, or has been taken back. */
  agreed(consent) {
    for (const [request, { key, given }] of this.answers) {
      if (key === consent && given) return this.requests.get(request) ?? [];
    }
    return [];
  }
}

const covers = (wide, narrow) => narrow.every((one) => wide.includes(one));
