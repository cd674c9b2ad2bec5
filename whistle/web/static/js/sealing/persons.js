// Witnesses, the person concerned, others who are named (protocol section 3.13): a handler lists them, and
// their names are covered in packages. A ground says why one recipient may be told a name: a consent of
// that person's own, with how and on which day it was given, or a listed legal duty. What names nothing
// that counts carries an alarm, and counts for nothing.

export const ROLES = ["witness", "concerned", "other"];
export const GIVEN = ["in_writing", "spoken"];

/** The kinds of entry that say something of them: none of it ever goes into a package. */
export const PERSON_KINDS = ["person", "person_ground", "person_ended"];

/** What a desk chain has said of them so far, by the hashes (b64u) of sealed entries. */
export class Persons {
  constructor() {
    this.listed = new Set();
    this.grounds = new Map(); // hash of the ground -> hash of the person
  }

  /** What verified entries have said. */
  static of(entries) {
    const persons = new Persons();
    for (const { head, sealed_sha256: key, on } of entries) persons.follow(head, key, on);
    return persons;
  }

  /** Takes over what a verified head, which came on a day, says of persons. */
  follow(head, key, on) {
    if (!this.founded(head, on)) return;
    if (head.kind === "person") this.listed.add(key);
    if (head.kind === "person_ground") this.grounds.set(key, head.person);
    if (head.kind === "person_ended") {
      this.listed.delete(head.ended);
      this.grounds.delete(head.ended);
    }
  }

  /** Whether a verified head, which came on a day, rests on what it names. */
  founded({ kind, person, ended, given, given_on: givenOn, duty }, on) {
    if (kind === "person_ended") return this.listed.has(ended) || this.grounds.has(ended);
    if (kind !== "person_ground") return true;
    if (!this.listed.has(person)) return false;
    if (duty !== null) return given === null && givenOn === null;
    return given !== null && givenOn !== null && givenOn <= on;
  }

  /** The person whose name may be told on this ground now, or null. */
  mayBeTold(ground) {
    const person = this.grounds.get(ground);
    return this.listed.has(person) ? person : null;
  }
}
