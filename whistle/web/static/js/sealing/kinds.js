// What an entry must say by its kind, beside what its head must hold (protocol section 3):
// entry 1 is sealed to readers its keyring names; entry 2 confirms entry 1; a system line says
// dates, numbers and hashes only, so that the server never puts words to anybody.
//
// Reasons: kind · readers · role · received · clear_differs · system_params, and those of json.js

import { b64u } from "./bytes.js";
import { BODY_MAX, readBody } from "./bodies.js";
import { addDays } from "./dates.js";
import { refuse } from "./errors.js";
import { object } from "./fields.js";
import { parseJson } from "./json.js";

const FAMILY = "ThreadError";
const PARAM = /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Za-z0-9_-]{43})$/;

/** What may be erased before its case: nothing that decides, and no change of readers. */
export const ERASABLE = ["message", "meeting", "meeting_offer", "note"];

const any = (value) => value;
const line = object({ code: any, params: any });

/** Refuses what the kind may not say; gives an alarm code or null. */
export function checkKind(reading, record, { head, body }, keyring) {
  const { seq, kind } = head;
  if (["report", "desk"].includes(kind) && seq !== 1) refuse(FAMILY, "kind");
  if (reading.chain === "case" && seq > 1 && (kind === "received") !== (seq === 2)) {
    refuse(FAMILY, "received");
  }
  if (head.author.side === "system") {
    const params = systemParams(kind, body);
    if (kind === "received") checkReceived(params, reading.entries[0]);
  }
  if (kind === "disclosure" && !reading.consents.founded(head, record.on, readBody(body))) {
    return "disclosure_unfounded";
  }
  if (!reading.persons.founded(head, record.on)) return "person_unfounded";
  if (kind !== "report") return null;
  checkReaders(head, keyring);
  reading.access.nameLeftOut(keyring);
  return isCurrent(reading.keyrings, keyring, record.on) ? null : "keyring_not_current";
}

/** Refuses an investigator who writes to the reporter, or decides: they read, note, and leave. */
export function checkRole(role, { kind, reason }) {
  const leaves = kind === "access" && reason === "recused";
  if (role === "investigator" && !["desk", "note"].includes(kind) && !leaves) refuse(FAMILY, "role");
}

function systemParams(kind, body) {
  const { code, params } = line(parseJson(body, BODY_MAX, FAMILY), FAMILY);
  const listed = params !== null && typeof params === "object" && !Array.isArray(params);
  const right = (value) =>
    typeof value === "number" || (typeof value === "string" && PARAM.test(value));
  if (code !== kind || !listed || !Object.values(params).every(right)) {
    refuse(FAMILY, "system_params");
  }
  return params;
}

function checkReceived(params, first) {
  if (params.entry1_sha256 !== first.sealed_sha256) refuse(FAMILY, "received");
  if (params.received_on !== first.on) refuse(FAMILY, "clear_differs");
}

function checkReaders(head, keyring) {
  for (const { id, sha256 } of head.readers) {
    const handler = keyring.handlers.find((one) => one.id === id);
    const named = handler && b64u(handler.ageHash) === sha256;
    const appointed = handler && Object.hasOwn(handler.channels, head.channel);
    if (!named || !appointed || head.left_out.includes(id)) refuse(FAMILY, "readers");
  }
  const recovery = keyring.recovery && b64u(keyring.recovery.ageHash);
  if (head.recovery !== null && head.recovery !== recovery) refuse(FAMILY, "readers");
}

/** In force on a day or the day before: a form may be open over midnight. */
function isCurrent(keyrings, keyring, on) {
  return [on, addDays(on, -1)].some((day) => {
    try {
      return keyrings.effective(day).serial === keyring.serial;
    } catch {
      return false;
    }
  });
}
