// Who else is named in the open case, and to whom their names may go: decided here, from verified entries.

import { refuse } from "../sealing/errors.js";
import { Persons } from "../sealing/persons.js";

const text = (value) => (typeof value === "string" ? value.trim() : "");
const plain = (value) => text(value).normalize("NFKC").replace(/\s+/gu, " ").toLowerCase();

/** Refuses a package for somebody else than the ground names, but for how it is written. */
export function refuseOther(named, recipient) {
  if (plain(named) !== plain(recipient)) refuse("SealingError", "other_recipient");
}

/** Everybody who is listed now: [{id, name, role, grounds: [{id, recipient, on, duty, given, given_on}]}]. */
export function personsOf({ notes }) {
  const entries = notes?.entries ?? [];
  const persons = Persons.of(entries);
  const named = entries.filter(({ sealed_sha256: id }) => persons.listed.has(id));
  const grounds = entries.filter(({ sealed_sha256: id }) => persons.mayBeTold(id) !== null);
  return named.map(({ sealed_sha256: id, head, body }) => ({
    id,
    name: text(body?.name),
    role: head.role,
    grounds: grounds
      .filter((one) => one.head.person === id)
      .map(({ sealed_sha256: ground, on, head: { duty, given, given_on }, body: said }) => {
        return { id: ground, recipient: text(said?.recipient), on, duty, given, given_on };
      }),
  }));
}

/** The name that an entry is about, for a ground or its end; null for other entries. */
export function nameIn({ head }, entries) {
  const about = head.person ?? head.ended;
  const found = about && entries.find(({ sealed_sha256: id }) => id === about);
  if (!found) return null;
  return found.kind === "person" ? text(found.body?.name) : nameIn(found, entries);
}

/**
 * The names to cover in a package for a recipient: of everybody who is listed, but those for whom a ground
 * is chosen that counts now and names this very recipient.
 */
export function namesToCover(opened, { grounds = [], recipient = "" }) {
  const persons = personsOf(opened);
  const told = grounds.map((id) => {
    const person = persons.find((one) => one.grounds.some((ground) => ground.id === id));
    const ground = person?.grounds.find((one) => one.id === id);
    if (!ground) refuse("SealingError", "person_not_told");
    refuseOther(ground.recipient, recipient);
    return person.id;
  });
  return persons.filter(({ id, name }) => !told.includes(id) && name !== "").map(({ name }) => name);
}
