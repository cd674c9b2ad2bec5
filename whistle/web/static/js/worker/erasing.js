// Erasing early by two persons (protocol section 3.8): what is proposed in a case, and the entries that
// a second person signs.

import { b64u, fromB64u, H } from "../sealing/bytes.js";
import { makeEntry } from "../sealing/entry.js";
import { refuse } from "../sealing/errors.js";

const ENDS = ["erasure_approval", "erasure_withdrawal"];
const KIND_OF = { entries: "removed", notes: "note_removed" };

/** The person of a handler, by the newest keyring that has them. */
const personOf = (id, { chain }) =>
  chain.links.flatMap(({ keyring }) => keyring.handlers).findLast((one) => one.id === id)?.person;

/** The proposals that stand, by the verified entries of the desk chain. */
export function proposals(notes, keyrings, me) {
  const ended = new Set(
    notes.filter(({ kind }) => ENDS.includes(kind)).map(({ head }) => head.proposal),
  );
  const mine = personOf(me, keyrings);
  return notes
    .filter(({ kind, sealed_sha256: sha256 }) => kind === "erasure_proposal" && !ended.has(sha256))
    .map(({ sealed_sha256: sha256, author_id: id, author_name: by, on, head }) => ({
      proposal: sha256,
      by,
      on,
      erases: head.erases,
      entries: head.entries,
      reason: head.reason,
      own: id === me || personOf(id, keyrings) === mine,
    }));
}

const same = (some, others) =>
  some.length === others.length &&
  some.every(({ seq, sha256 }) => others.some((one) => one.seq === seq && one.sha256 === sha256));

/** Whether two persons' entries stand behind one by which something was removed. */
export function byTwo({ kind, author_id: id, head }, notes, keyrings) {
  return notes
    .filter((one) => one.kind === "erasure_approval" && one.author_id === id)
    .map((one) => notes.find(({ sealed_sha256: sha256 }) => sha256 === one.head.proposal))
    .some(
      (proposal) =>
        proposal?.kind === "erasure_proposal" &&
        KIND_OF[proposal.head.erases] === kind &&
        same(proposal.head.entries, head.entries) &&
        personOf(proposal.author_id, keyrings) !== personOf(id, keyrings),
    );
}

/** The JSON body of POST …/erasures: the approval, and the entry that says what went. */
export async function approval(opened, proposal, author, me) {
  const { cases, notes } = opened;
  const found = proposals(notes?.entries ?? [], opened, me).find((one) => one.proposal === proposal);
  if (!found) refuse("FilingError", "proposal");
  if (found.own) refuse("FilingError", "same_person");
  const approved = { ...author, kind: "erasure_approval", body: {}, adds: { proposal } };
  const sealed = b64u(await makeEntry(notes, approved));
  const asked = { proposal, seq: notes.next.seq, sealed, entries: found.entries };
  if (found.erases === "case") return { ...asked, removed: null };
  const { seq } = notes.next;
  const after = { ...notes.next, seq: seq + 1, prev: b64u(H(fromB64u(sealed))) };
  const place = found.erases === "notes" ? { ...notes, next: after } : cases;
  const adds = { entries: found.entries };
  const removed = await makeEntry(place, {
    ...author,
    kind: KIND_OF[found.erases],
    body: {},
    adds,
  });
  return { ...asked, removed: { seq: place.next.seq, sealed: b64u(removed) } };
}
