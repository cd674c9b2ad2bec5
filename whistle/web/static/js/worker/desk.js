// The desk's Worker: holds the handler's key and the open case's keys, in memory only.
// Nothing here fetches, stores or logs.

import { b64u, fromB64u, H } from "../sealing/bytes.js";
import { openCaseKeys } from "../sealing/case-keys.js";
import { verifyThread } from "../sealing/chain.js";
import { Ends } from "../sealing/ends.js";
import { makeEntry } from "../sealing/entry.js";
import { Consents } from "../sealing/consents.js";
import { refuse } from "../sealing/errors.js";
import { currentReaders, leavers, makeDesk, newcomers, reseal } from "../sealing/resealing.js";
import { marksIn, newestMarks } from "../sealing/marks.js";
import { PERSON_KINDS, Persons } from "../sealing/persons.js";
import { solve, subject } from "../sealing/puzzle.js";
import { signIn } from "../sealing/sign-in.js";
import { serve } from "./answer.js";
import { disclosuresOf, makePackage, sealPackage } from "./exporting.js";
import { Cosigning } from "./cosigning.js";
import { described, person, verified } from "./keyring.js";
import { news } from "./keyring-news.js";
import { approval, byTwo, proposals } from "./erasing.js";
import { Opened } from "./list.js";
import { nameIn, personsOf } from "./persons.js";
import { opened as openedKey, opening, ownKey } from "./own-key.js";
import { unopened } from "./unopened.js";

const phrases = new Map(); // words to cover, by case: as long as somebody is signed in

const HANDLER_KINDS = [
  "message",
  "acknowledgement",
  "feedback",
  "closing",
  "reopening",
  "meeting_offer",
  "out_of_scope",
  "consent_request",
  "disclosure_notice",
  "disclosure",
  "handover_preview",
];
const DESK_KINDS = [
  "note",
  "marks",
  "withholding",
  "handover",
  "untold_disclosure",
  ...PERSON_KINDS,
  "erasure_proposal",
  "erasure_withdrawal",
];

let handler = null; // {id, age, signing}
let open = null; // the open case
const list = new Opened(); // what the list shows
const ends = new Ends();
const cosigning = new Cosigning();

const held = () => handler ?? refuse("SealingError", "locked");
const heldCase = () => (held(), open ?? refuse("SealingError", "no_case"));

/** With a passphrase, or with the 32 bytes of a passkey. */
async function unlock({ handler: id, oldKey, ...way }) {
  const own = await openedKey(way);
  handler = { id, ...own, opens: await opening(own.age, oldKey) };
  open = null;
  phrases.clear();
  list.clear();
  return { handler: id, age: handler.age.publicText, sign: b64u(handler.signing.public) };
}

async function openCase(params, alive) {
  open = null;
  open = await read(params, alive);
  if (!list.followed) list.follow(open, []);
  const { id, cases, notes } = open;
  const shown = { entries: cases.entries, notes: notes?.entries ?? [] };
  return { ...told(open), listed: list.keepWhole(id, shown) };
}

/** Who reads a case, when it is not the one that is open. */
async function readersOf(params, alive) {
  const found = await read(params, alive);
  const { cases, notes } = found;
  const whole = cases.fault === null && !notes?.fault;
  return { readers: whole ? currentReaders(cases.access, found).map(({ id }) => id) : [] };
}

async function read({ answer, ...params }, alive) {
  const { opens } = held();
  const found = verified(answer, params);
  const shared = { keyrings: found.chain, today: found.on, alive };
  const cases = await verifyThread(answer.entries, {
    ...shared,
    thread: answer.thread,
    privateTexts: await openCaseKeys(fromB64u(answer.case_age), opens),
  });
  cases.fault = ends.check(cases);
  const notes = await deskChain(answer, cases, shared, opens);
  const caseAgeHash = b64u(H(fromB64u(answer.case_age)));
  return { id: answer.id, channel: answer.channel, cases, notes, caseAgeHash, ...found };
}

async function deskChain(answer, { entries, thread }, shared, opens) {
  if (entries.length === 0) return null;
  // A key whose entry never came opens nothing: it is made anew. Notes that a change of access
  // names and that are not there are a fault.
  const made = answer.desk_age !== null && answer.notes.length > 0;
  const privateTexts = made ? await openCaseKeys(fromB64u(answer.desk_age), opens) : [];
  const found = await verifyThread(answer.notes, { ...shared, thread, privateTexts, entries });
  if (made || ends.knows(thread, "desk")) found.fault = ends.check(found);
  return made || found.fault ? found : null;
}

/** Who was let in and taken out by a change of access, by the names of the newest keyring with them. */
function changed({ head }, { chain }) {
  const known = chain.links.flatMap(({ keyring }) => keyring.handlers);
  const nameOf = (id) => known.findLast((one) => one.id === id)?.name ?? id;
  const added = head.added.map(({ id }) => nameOf(id));
  return { changed: { added, removed: head.removed.map(nameOf) } };
}

function told(opened) {
  const { id, channel, cases, notes } = opened;
  const noted = notes?.entries ?? [];
  const alone = ({ kind }) => ["removed", "note_removed"].includes(kind);
  const mine = (entry) => ({
    ...entry,
    mine: entry.author_id === handler.id,
    ...(alone(entry) && !byTwo(entry, noted, opened) ? { alarm: "removed_alone" } : {}),
    ...(entry.kind === "access" ? changed(entry, opened) : {}),
    ...(PERSON_KINDS.includes(entry.kind) ? { named: nameIn(entry, noted) } : {}),
  });
  return {
    id,
    thread: cases.thread,
    entries: cases.entries.map(mine),
    fault: cases.fault,
    notes: noted.map(mine),
    notes_fault: notes?.fault ?? null,
    marks: newestMarks(noted),
    proposals: proposals(noted, opened, handler.id),
    needs_desk: notes === null && cases.entries.length > 0,
    readers: currentReaders(cases.access, opened).map((one) => person(one, channel)),
    may_be_let_in: newcomers(cases.access, opened).map((one) => person(one, channel)),
    leavers: leavers(cases.access, opened),
    old_key: cases.access.makerIsGone,
    left_out: [...cases.access.leftOut],
    disclosures: disclosuresOf(opened),
    persons: personsOf(opened),
    phrases: phrases.get(id) ?? [],
    recovery: Boolean(cases.entries[0]?.head.recovery),
    next_seq: cases.next.seq,
    next_note_seq: notes?.next.seq ?? 1,
    keyring: described(opened),
  };
}

/**
 * Refuses a list of keys in which this handler's own key is missing or another. Only who has no
 * place at the desk may be missing: then nothing of the desk is shown either.
 */
function refuseExchanged(keyring, outside) {
  const own = keyring.handlers.find(({ id }) => id === handler.id);
  if (own === undefined && outside) return;
  if (own === undefined) refuse("KeyringError", "own_missing");
  if (own.age !== handler.age.publicText || b64u(own.sign) !== b64u(handler.signing.public)) {
    refuse("KeyringError", "own_other");
  }
}

const asAuthor = ({ channel, keyring, chain, on }) => ({
  channel,
  keyring,
  chain,
  on,
  author: { side: "handler", id: handler.id, signing: handler.signing },
  made: "browser",
});

/** What a kind adds to the head, and the server need not know. */
function sealedFacts({ kind, scope, duty, earliest_on, consent, notice, cannot_wait, answer_by, ...more }) {
  const { role, person, given, given_on, ended } = more;
  if (kind === "person") return { role };
  if (kind === "person_ground") return { person, given, given_on, duty };
  if (kind === "person_ended") return { ended };
  if (kind === "consent_request") return { scope };
  if (kind === "disclosure_notice") return { scope, duty, earliest_on };
  if (kind === "disclosure") return { scope, consent, notice, duty, cannot_wait };
  if (kind === "untold_disclosure") return { scope, duty, cannot_wait };
  return kind === "handover_preview" ? { answer_by } : {};
}

/** What a kind adds to the head, and the server must also know in the clear. */
function clearFacts({ kind, final, next_on, outcome, ground, erases, entries, reason, proposal }) {
  if (kind === "feedback") return { final: final === true, next_on: next_on ?? null };
  if (kind === "closing") return { outcome };
  if (kind === "withholding") return { ground };
  if (kind === "erasure_proposal") return { erases, entries, reason };
  return kind === "erasure_withdrawal" ? { proposal } : {};
}

async function caseEntry(params) {
  const { kind, body } = params;
  const opened = heldCase();
  if (!HANDLER_KINDS.includes(kind)) refuse("SealingError", "bad_request");
  const clear = clearFacts(params);
  const adds = { ...clear, ...sealedFacts(params) };
  if (kind === "disclosure") {
    const consents = Consents.of(opened.cases.entries);
    if (!consents.founded(adds, opened.on, body)) refuse("SealingError", "unfounded");
  }
  const asked = { ...asAuthor(opened), kind, body, adds };
  const sealed = await makeEntry(opened.cases, asked);
  return { chain: "case", seq: opened.cases.next.seq, kind, sealed: b64u(sealed), ...clear };
}

async function note(params) {
  const { kind = "note", body } = params;
  const opened = heldCase();
  if (opened.notes === null) refuse("SealingError", "no_desk_key");
  if (!DESK_KINDS.includes(kind)) refuse("SealingError", "bad_request");
  const clear = clearFacts(params);
  const said = kind === "marks" ? marksIn(body) : body;
  const adds = { ...clear, ...sealedFacts(params) };
  if (!Persons.of(opened.notes.entries).founded({ kind, ...adds }, opened.on)) {
    refuse("SealingError", "person_unfounded");
  }
  const sealed = await makeEntry(opened.notes, { ...asAuthor(opened), kind, body: said, adds });
  return { chain: "desk", seq: opened.notes.next.seq, kind, sealed: b64u(sealed), ...clear };
}

async function desk() {
  const opened = heldCase();
  if (opened.notes !== null) refuse("SealingError", "bad_request");
  const made = await makeDesk(opened.cases, asAuthor(opened));
  const entry = { chain: "desk", seq: 1, kind: "desk", sealed: b64u(made.sealed) };
  return { desk_age: b64u(made.deskAge), entry };
}

/** The JSON body of POST …/access. For `left`, who is gone from the keyring is taken out. */
async function changeAccess({ remove = [], add = [], reason }) {
  const opened = heldCase();
  const gone = reason === "left" ? leavers(opened.cases.access, opened) : [];
  const change = { remove: [...new Set([...remove, ...gone])], add, reason };
  const made = await reseal(opened.cases, opened.notes, change, asAuthor(opened));
  const { gen, desk_prev } = made.adds;
  return {
    seq: made.seq,
    sealed: b64u(made.sealed),
    case_age: b64u(made.caseAge),
    if_match: opened.caseAgeHash,
    gen,
    case_key: made.newKey,
    added: add,
    removed: change.remove,
    reason,
    desk_age: made.deskAge && b64u(made.deskAge),
    desk_prev,
    keyring_serial: opened.chain.newest.serial,
  };
}

/** Takes the list's cases and the keyrings for what follows; what is not listed is forgotten. */
function openList({ keyringAnswer, ids, ...params }) {
  held();
  list.follow(verified(keyringAnswer, params), ids);
}

async function openPieces({ pieces }, alive) {
  const { opens } = held();
  if (!list.followed) refuse("SealingError", "bad_request");
  // At once: while the browser's threads open a stanza of one case, another one is looked at here.
  const one = (piece) => list.open(piece, opens).finally(alive);
  return { opened: await Promise.all(pieces.map(one)) };
}

serve(self, {
  unlock,
  signIn: ({ nonce }) => ({
    signature: b64u(signIn(held(), self.location.origin, fromB64u(nonce, "SealingError", 32))),
  }),
  readKeyring(params) {
    const found = verified(params.keyringAnswer, params);
    if (handler !== null) refuseExchanged(found.keyring, params.outside === true);
    return { ...described(found), news: news(found, params.seen) };
  },
  readDraft: (params) => cosigning.read(params),
  cosign: ({ sha256 }) => ({ cosignature: cosigning.sign(held().signing, sha256) }),
  openCase,
  makeDesk: desk,
  /** What a try to sign in costs after many wrong ones; needs no key. */
  pay: ({ person: who, code, at, bits }, alive) => ({
    number: solve(subject("sign_in", who, code.replace(/\s/gu, "")), { at, bits }, alive),
  }),
  ...ownKey(held),
  makeEntry: caseEntry,
  note,
  approve: ({ proposal }) => {
    const opened = heldCase();
    return approval(opened, proposal, asAuthor(opened), handler.id);
  },
  readersOf,
  unopened: (params, alive) => unopened(held(), params.answer, () => read(params, alive)),
  openList,
  openPieces,
  search: ({ query }) => (held(), list.search(String(query))),
  forget: ({ id }) => list.forget(id),
  reseal: changeAccess,
  package(asked) {
    const opened = heldCase();
    phrases.set(opened.id, asked.phrases);
    return makePackage(opened, handler, asked);
  },
  sealPackage: (asked) => (held(), sealPackage(asked)),
  closeCase() {
    open = null;
  },
  lock() {
    [handler, open] = [null, null];
    phrases.clear();
    list.clear();
    cosigning.forget();
  },
}, ["search"]);
