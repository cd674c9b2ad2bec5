// Who may be told who the reporter is (protocol section 3.9): a request names one recipient and what
// is to be told, the reporter's newest answer to it counts. A disclosure rests on such a consent, on
// a listed legal duty that was announced and has waited, or on such a duty with a listed reason why
// it cannot wait; it tells no more than what it rests on, and the very recipient who stands there.

export const SCOPES = ["name", "contact", "facts"];
export const DUTIES = ["investigation", "court", "defence"];
export const CANNOT_WAIT = ["urgent", "would_jeopardise"];

/** What a case chain has said so far, by the hashes (b64u) of sealed entries. */
export class Consents {
  constructor() {
    this.requests = new Map(); // hash -> {scope, recipient}
    this.answers = new Map(); // hash of the request -> {key, given}
    this.notices = new Map(); // hash -> {scope, recipient, duty, earliest_on}
  }

  /** What verified entries have said. */
  static of(entries) {
    const consents = new Consents();
    for (const { head, sealed_sha256: key, body } of entries) consents.follow(head, key, body);
    return consents;
  }

  /** Takes over what a verified head says, if it says anything about consent. */
  follow(head, key, body) {
    const basis = () => ({ ...head, recipient: recipientIn(body) });
    if (head.kind === "consent_request") this.requests.set(key, basis());
    if (head.kind === "consent") this.answers.set(head.request, { key, given: head.given });
    if (head.kind === "disclosure_notice") this.notices.set(key, basis());
  }

  /** Whether a disclosure that came on a day rests on what it names. */
  founded({ scope, consent, notice, duty, cannot_wait: cannotWait }, on, body) {
    const covered = (basis) => covers(basis, scope, recipientIn(body));
    if (consent !== null) {
      return duty === null && notice === null && covered(this.agreed(consent));
    }
    if (duty === null) return false;
    if (notice === null) return cannotWait !== null;
    const named = this.notices.get(notice);
    if (named?.duty !== duty || !covered(named)) return false;
    return named.earliest_on <= on || cannotWait !== null;
  }

  /** What was agreed to by this consent; undefined if it is none, or has been taken back. */
  agreed(consent) {
    for (const [request, { key, given }] of this.answers) {
      if (key === consent && given) return this.requests.get(request);
    }
    return undefined;
  }
}

/** To whom something is told; null where that cannot be read. */
const recipientIn = (body) => (typeof body?.recipient === "string" ? body.recipient : null);

/** Whether no more is told than that, and to nobody else: to the letter as it was asked for. */
const covers = (basis, scope, recipient) =>
  basis !== undefined &&
  basis.recipient !== null &&
  basis.recipient === recipient &&
  scope.every((one) => basis.scope.includes(one));
