// The head of an entry (protocol section 3): its fields, and which kinds of entry there are.
// A kind fixes the chain it stands in, who may write it, and what its head adds.
//
// Reasons: those of json.js and fields.js, version · kind (unknown, in the wrong chain, or of
// the wrong side)

import { REASONS } from "./access.js";
import { CANNOT_WAIT, DUTIES, SCOPES } from "./consents.js";
import { refuse } from "./errors.js";
import { binary, date, flag, id, ids, listOf, number, object, oneOf, orNull, text } from "./fields.js";
import { parseJson } from "./json.js";
import { GIVEN, ROLES } from "./persons.js";

const FAMILY = "ThreadError";
const HEAD_MAX = 32 * 1024; // bytes
const SYSTEM_KINDS = [
  "received",
  "acknowledged",
  "late",
  "missed",
  "waived",
  "keyring_expired",
  "cannot_open",
  "erase_planned",
  "reprisal_check",
  "recovered",
];
const IDS = { reporter: "reporter", system: "service" };

const BASE = {
  v: number(),
  channel: id,
  thread: binary(32),
  chain: oneOf("case", "desk"),
  seq: number(1),
  prev: binary(32),
  kind: id,
  author: object({ side: oneOf("reporter", "handler", "system"), id }),
  keyring: object({ serial: number(1), sha256: binary(32) }),
  made: oneOf("browser", "server", "cli"),
  body_type: text,
  body_len: number(),
};

/** Readers: handler ids, each once, with the hash of the key sealed to. */
const readers = (value, family) => {
  const all = listOf(object({ id, sha256: binary(32) }))(value, family);
  ids(all.map((one) => one.id), family);
  return all;
};

const REPORT = {
  reporter_age: binary(1216),
  reporter_sign: binary(32),
  case_key: binary(1216),
  readers,
  left_out: ids,
  recovery: orNull(binary(32)),
  waive_ack: flag,
  code_made_by: orNull(id),
};
const ACCESS = {
  gen: number(1),
  case_key: binary(1216),
  desk_key: orNull(binary(1216)),
  desk_prev: orNull(binary(32)),
  added: readers,
  removed: ids,
  reason: oneOf(...REASONS),
};

const REMOVED = { entries: listOf(object({ seq: number(2), sha256: binary(32) })) };

/** What is proposed to be erased early; a whole case is named by its report alone. */
const erased = (value, family) => {
  const all = listOf(object({ seq: number(1), sha256: binary(32) }))(value, family);
  const seqs = all.map(({ seq }) => seq);
  if (seqs.length === 0 || new Set(seqs).size !== seqs.length) refuse(family, "value");
  return all;
};

const PROPOSAL = {
  erases: oneOf("entries", "notes", "case"),
  entries: erased,
  reason: oneOf("irrelevant", "not_needed"),
};
const OF_PROPOSAL = { proposal: binary(32) };
/** What is told: listed codes, each once, at least one. */
const scope = (value, family) => {
  const all = ids(value, family);
  const listed = all.length > 0 && all.every((one) => SCOPES.includes(one));
  return listed ? all : refuse(family, "value");
};
const NOTICE = { scope, duty: oneOf(...DUTIES), earliest_on: date };
const DISCLOSURE = {
  scope,
  consent: orNull(binary(32)),
  notice: orNull(binary(32)),
  duty: orNull(oneOf(...DUTIES)),
  cannot_wait: orNull(oneOf(...CANNOT_WAIT)),
};
const UNTOLD = { scope, duty: oneOf(...DUTIES), cannot_wait: oneOf(...CANNOT_WAIT) };

const GROUND = {
  person: binary(32),
  given: orNull(oneOf(...GIVEN)),
  given_on: orNull(date),
  duty: orNull(oneOf(...DUTIES)),
};

const kind = (chain, sides, adds = {}) => ({ chain, sides, adds });

const KINDS = {
  report: kind("case", ["reporter"], REPORT),
  message: kind("case", ["reporter", "handler"]),
  acknowledgement: kind("case", ["handler"]),
  feedback: kind("case", ["handler"], { final: flag, next_on: orNull(date) }),
  closing: kind("case", ["handler"], { outcome: id }),
  reopening: kind("case", ["handler"]),
  waiver: kind("case", ["reporter"], { waive_ack: flag }),
  meeting: kind("case", ["reporter"]),
  meeting_offer: kind("case", ["handler"]),
  out_of_scope: kind("case", ["handler"]),
  removed: kind("case", ["handler"], REMOVED),
  access: kind("case", ["handler", "reporter"], ACCESS),
  consent_request: kind("case", ["handler"], { scope }),
  consent: kind("case", ["reporter"], { request: binary(32), given: flag }),
  disclosure_notice: kind("case", ["handler"], NOTICE),
  disclosure: kind("case", ["handler"], DISCLOSURE),
  handover_preview: kind("case", ["handler"], { answer_by: date }),
  desk: kind("desk", ["handler"], { desk_key: binary(1216) }),
  note: kind("desk", ["handler"]),
  withholding: kind("desk", ["handler"], { ground: id }),
  handover: kind("desk", ["handler"]),
  untold_disclosure: kind("desk", ["handler"], UNTOLD),
  note_removed: kind("desk", ["handler"], REMOVED),
  person: kind("desk", ["handler"], { role: oneOf(...ROLES) }),
  person_ground: kind("desk", ["handler"], GROUND),
  person_ended: kind("desk", ["handler"], { ended: binary(32) }),
  marks: kind("desk", ["handler"]),
  erasure_proposal: kind("desk", ["handler"], PROPOSAL),
  erasure_approval: kind("desk", ["handler"], OF_PROPOSAL),
  erasure_withdrawal: kind("desk", ["handler"], OF_PROPOSAL),
  ...Object.fromEntries(SYSTEM_KINDS.map((name) => [name, kind("case", ["system"])])),
};

/** The head in `bytes`; every key known and of the right form. */
export function parseHead(bytes) {
  const head = parseJson(bytes, HEAD_MAX, FAMILY);
  if (Object.hasOwn(head, "v") && number()(head.v, FAMILY) !== 1) refuse(FAMILY, "version");
  const known = Object.hasOwn(KINDS, head.kind) ? KINDS[head.kind] : null;
  const read = object({ ...BASE, ...(known?.adds ?? remaining(head)) })(head, FAMILY);
  const { side, id: author } = read.author;
  if (!known || known.chain !== read.chain || !known.sides.includes(side)) refuse(FAMILY, "kind");
  if (side !== "handler" && author !== IDS[side]) refuse(FAMILY, "value");
  if (head.kind === "erasure_proposal") checkProposal(read);
  return read;
}

/** The report stands for the whole case, and is never erased alone. */
function checkProposal({ erases, entries }) {
  const names = entries.some(({ seq }) => seq === 1);
  const right = erases === "case" ? names && entries.length === 1 : !names;
  if (!right) refuse(FAMILY, "value");
}

/** What an unknown kind may add: anything, so that the refusal says `kind`. */
const remaining = (head) =>
  Object.fromEntries(
    Object.keys(head)
      .filter((key) => !Object.hasOwn(BASE, key))
      .map((key) => [key, (value) => value]),
  );
