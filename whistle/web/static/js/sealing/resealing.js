// Sealing a case again when who may read it changes (protocol sections 3 and 5): its keys, and the
// signed entry that says so. Who is sealed to is computed here, from entry 1, verified changes of
// access and verified keyrings; never from a list that a server sends.
//
// Whoever is taken out must not read what comes after: the case and its notes get new keys. So does
// a case whose newest key was made by somebody who has left it since. Else the keys stay and are
// only sealed anew. Keys that no verified entry names are not carried on.
//
// Reasons of FilingError: not_reader · left_out · not_appointed · last_reader · reason, and
// those of case-keys.js. ThreadError cannot_open: a private key is missing, so case.age is old.

import { privateKey, publicText } from "./age.js";
import { Access, REASONS } from "./access.js";
import { b64u, fromB64u } from "./bytes.js";
import { sealCaseKeys } from "./case-keys.js";
import { makeEntry } from "./entry.js";
import { refuse } from "./errors.js";
import { appointed, READING_ROLES } from "./keyring.js";

const FAMILY = "FilingError";

/**
 * The readers who still have a place in the channel, with the keys to seal to: those of the
 * keyring in force. What a newer one takes counts at once.
 */
export function currentReaders(access, { channel, keyring, chain, on }) {
  const still = new Set(appointed(chain.newest, channel, on).map(({ id }) => id));
  const reads = ({ id }) => access.readers.has(id) && !access.leftOut.has(id) && still.has(id);
  return appointed(keyring, channel, on).filter(reads);
}

/** The persons of these ids, by every keyring there was. */
const personsOf = (ids, chain) =>
  chain.links
    .flatMap(({ keyring: { handlers } }) => handlers)
    .filter(({ id }) => ids.includes(id))
    .map(({ person }) => person);

/**
 * Who may be let in: appointed by both keyrings, no reader, and nobody whom the reporter left out, under
 * whatever id.
 */
export function newcomers(access, { channel, keyring, chain, on }) {
  const still = new Set(appointed(chain.newest, channel, on).map(({ id }) => id));
  const absent = personsOf([...access.leftOut], chain);
  const free = ({ id, person }) =>
    !access.readers.has(id) && !absent.includes(person) && still.has(id);
  return appointed(keyring, channel, on).filter(free);
}

/** Readers of the case whom the newest keyring no longer names for its channel. */
export function leavers(access, { channel, chain, on }) {
  const still = new Set(appointed(chain.newest, channel, on).map(({ id }) => id));
  return [...access.readers].filter((id) => !still.has(id));
}

/** How many stanzas case.age has; only an investigator of the case adds to a filing's number. */
function stanzaCount(access, { channel, keyring, on }) {
  const counts = ({ id, channels }) =>
    READING_ROLES.includes(channels[channel]) || access.readers.has(id);
  const people = appointed(keyring, channel, on).filter(counts).length;
  return people + 1 + (keyring.recovery ? 1 : 0);
}

/** The recovery key if entry 1 was sealed to it, and nobody who must not read holds a share. */
function recoveryOf(first, access, { keyring, chain }) {
  if (first.head.recovery === null || keyring.recovery === null) return [];
  const persons = personsOf([...access.leftOut, ...access.barred], chain);
  const holds = keyring.recovery.holders.some(({ person }) => persons.includes(person));
  return holds ? [] : [keyring.recovery.age];
}

/** case.age for the readers of `access`, the reporter and perhaps recovery. */
function sealCase(texts, first, access, given) {
  const reporter = publicText(fromB64u(first.head.reporter_age));
  const handlers = currentReaders(access, given).map(({ age }) => age);
  const keys = [...handlers, reporter, ...recoveryOf(first, access, given)];
  return sealCaseKeys(texts, keys, stanzaCount(access, given));
}

/** desk.age: the same without the reporter. */
function sealDesk(texts, first, access, given) {
  const handlers = currentReaders(access, given).map(({ age }) => age);
  const keys = [...handlers, ...recoveryOf(first, access, given)];
  return sealCaseKeys(texts, keys, stanzaCount(access, given) - 1);
}

const newKey = async () => {
  const { text, publicBytes } = await privateKey();
  return { text, public: b64u(publicBytes) };
};

/**
 * A desk key for a case: the sealed desk.age, and the first entry of the desk chain. `given`:
 * {channel, keyring, chain, on, author, made}.
 */
export async function makeDesk(cases, given) {
  const key = await newKey();
  const deskAge = await sealDesk([key.text], cases.entries[0], cases.access, given);
  const next = { chain: "desk", seq: 1, prev: cases.thread };
  const place = { thread: cases.thread, next, sealTo: key.public, fault: cases.fault };
  const adds = { desk_key: key.public };
  const sealed = await makeEntry(place, { ...given, kind: "desk", body: {}, adds });
  return { deskAge, sealed };
}

/**
 * A change of access: the signed entry, and the keys sealed to who remains. `cases` and `notes`
 * are what verifyThread gave (`notes` null, or without entries, where nobody has opened the desk);
 * `change` {remove: [id], add: [id], reason}; `given` as for makeDesk.
 */
export async function reseal(cases, notes, change, given) {
  for (const { fault } of [cases, notes ?? cases]) {
    if (fault) refuse("ThreadError", fault.reason, fault);
  }
  const { access, entries } = cases;
  const added = refuseWrong(access, change, given);
  const desk = notes?.entries.length > 0 ? notes : null;
  const raised = change.remove.length > 0 || access.makerIsGone;
  const [fresh, freshDesk] = [raised ? await newKey() : null, raised && desk ? await newKey() : null];
  const adds = {
    gen: access.generation + (raised ? 1 : 0),
    case_key: fresh?.public ?? access.key,
    desk_key: freshDesk?.public ?? null,
    desk_prev: desk ? desk.next.prev : cases.thread,
    added: added.map(({ id, ageHash }) => ({ id, sha256: b64u(ageHash) })),
    removed: change.remove,
    reason: change.reason,
  };
  const head = { ...adds, kind: "access", author: given.author };
  const after = Access.of([...entries, { head }]);
  if (currentReaders(after, given).length === 0) refuse(FAMILY, "last_reader");
  const texts = textsOf(fresh, access.keys, cases);
  const deskTexts = desk && textsOf(freshDesk, deskKeys(access, desk), desk);
  return {
    seq: cases.next.seq,
    sealed: await makeEntry(cases, { ...given, kind: "access", body: {}, adds }),
    caseAge: await sealCase(texts, entries[0], after, given),
    deskAge: desk && (await sealDesk(deskTexts, entries[0], after, given)),
    newKey: fresh?.public ?? null,
    adds,
  };
}

/** Refuses a change that readers would refuse, before anything is sealed; gives who is let in. */
function refuseWrong(access, { remove, add, reason }, given) {
  if (!remove.every((id) => access.readers.has(id))) refuse(FAMILY, "not_reader");
  const absent = personsOf([...access.leftOut], given.chain);
  if (personsOf(add, given.chain).some((person) => absent.includes(person))) refuse(FAMILY, "left_out");
  const free = newcomers(access, given);
  const chosen = add.map((id) => free.find((one) => one.id === id));
  if (chosen.includes(undefined)) refuse(FAMILY, "not_appointed");
  if (!REASONS.includes(reason)) refuse(FAMILY, "reason");
  return chosen;
}

/** A new private key, if there is one, and those of `publicKeys` (newest last): newest first. */
function textsOf(fresh, publicKeys, { held }) {
  const texts = publicKeys.toReversed().map((key) => held.get(key));
  if (texts.includes(undefined)) refuse("ThreadError", "cannot_open");
  return fresh ? [fresh.text, ...texts] : texts;
}

const deskKeys = (access, desk) => [
  desk.entries[0].head.desk_key,
  ...access.stages.map(({ key }) => key).filter((key) => key !== null),
];
