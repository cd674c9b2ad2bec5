// Packages of the open case. What may be told of the reporter is decided here, from verified entries:
// only what a disclosure that is founded, and still is, has told.

import { b64u, H, utf8 } from "../sealing/bytes.js";
import { Consents } from "../sealing/consents.js";
import { refuse } from "../sealing/errors.js";
import { sealOutside } from "../sealing/outside.js";
import { itemsOf, plainText, recordOf, someOf } from "../sealing/package.js";
import { pageOf } from "../sealing/package-page.js";
import { PERSON_KINDS } from "../sealing/persons.js";
import { namesToCover, refuseOther } from "./persons.js";

const numbered = (chain, name) =>
  (chain?.entries ?? []).map((entry, at) => ({ entry, proof: chain.proofs[at], id: `${name}:${entry.seq}` }));

/** Every disclosure of a case that may be relied on now, [{id, scope, by}]. */
export function disclosuresOf({ cases, notes, on }) {
  const consents = Consents.of(cases.entries);
  const told = cases.entries.filter(
    ({ kind, head, body, on: came }) => kind === "disclosure" && consents.founded(head, came, body),
  );
  const untold = (notes?.entries ?? []).filter(({ kind }) => kind === "untold_disclosure");
  return [...told, ...untold].map(({ chain, seq, head, body, on: day, sealed_sha256: entry }) => ({
    id: `${chain}:${seq}`,
    recipient: body?.recipient ?? "",
    on: day,
    identity: { scope: head.scope, by: head.consent ? "consent" : "duty", entry },
  }));
}

/** Everybody inside who could be named: all handlers of all lists of keys, the newest name first. */
function everybody({ chain, cases, notes }) {
  const known = new Map();
  const all = chain.links.flatMap(({ keyring }) => keyring.handlers).reverse();
  for (const { id, name } of all) if (!known.has(id)) known.set(id, { id, name });
  const authors = [...cases.entries, ...(notes?.entries ?? [])].map(({ author_id: id }) => id);
  const order = ({ id }) => (authors.includes(id) ? authors.indexOf(id) : authors.length);
  return [...known.values()].sort((one, other) => order(one) - order(other));
}

/**
 * A package of the open case: {items, text, page, sha256, identity}. `asked` {entries: [id], frames,
 * phrases, disclosure: id or null, grounds: [id], recipient, signatures, number, to, words}.
 */
export function makePackage(opened, handler, asked) {
  const { cases, notes } = opened;
  const all = [...numbered(cases, "case"), ...numbered(notes, "desk")];
  const chosen = all
    .filter(({ id, entry }) => asked.entries.includes(id) && !PERSON_KINDS.includes(entry.kind))
    .map(({ id, ...one }) => ({ ...one, frame: asked.frames[id] }));
  const allowed = disclosuresOf(opened).find(({ id }) => id === asked.disclosure);
  if (asked.disclosure !== null && !allowed) refuse("SealingError", "not_disclosed");
  if (allowed) refuseOther(allowed.recipient, asked.recipient);
  const identity = allowed?.identity ?? null;
  const items = someOf(
    itemsOf({
      chosen,
      handlers: everybody(opened),
      phrases: asked.phrases,
      others: namesToCover(opened, asked),
      number: asked.number,
      reporter: cases.entries[0].body.reporter ?? null,
      scope: identity?.scope ?? [],
      signatures: asked.signatures,
      words: asked.words,
    }),
  );
  const made = { madeOn: opened.on, to: asked.to, identity, key: handler.signing };
  const page = pageOf(items, recordOf(items, made), asked.words);
  const shown = items.map(({ record, ...item }) => ({ ...item, covered: record.covered }));
  return { items: shown, text: plainText(items), page, sha256: b64u(H(utf8(page))), identity };
}

/** The file of a package, sealed to somebody's key; the bytes, and their hash. */
export async function sealPackage({ page, publicKey }) {
  const bytes = await sealOutside(utf8(page), publicKey.trim());
  return { bytes, sha256: b64u(H(bytes)), transfer: [bytes.buffer] };
}
