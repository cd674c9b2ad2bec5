// The signed list of handlers' public keys (protocol section 2): one file, read strictly.
// Names come from here and from nowhere else, so that a reporter can recognise whom to
// leave out. The chain of files, and who signed them, is keyrings.js.
//
// Reasons: those of json.js and fields.js, version · dates · duplicate · public_key · key

import { publicBytes } from "./age.js";
import { fromB64u, H } from "./bytes.js";
import { addDays } from "./dates.js";
import { refuse } from "./errors.js";
import { binary, date, id, listOf, mapOf, number, object, oneOf, orNull, text } from "./fields.js";
import { parseJson } from "./json.js";
import { checkPublic } from "./signing.js";

const FAMILY = "KeyringError";
const FILE_MAX = 256 * 1024; // bytes
const LIFE_DAYS_MAX = 400;
const WARN_DAYS = 60;
const GRACE_DAYS = 60;
export const READING_ROLES = ["handler", "deputy"]; // an investigator is let into single cases
const RESERVED_IDS = ["reporter", "service"];

function ageKey(written, family) {
  try {
    publicBytes(written);
    return written;
  } catch {
    return refuse(family, "public_key");
  }
}

function signKey(written, family) {
  const bytes = fromB64u(written, family, 32);
  try {
    return checkPublic(bytes);
  } catch {
    return refuse(family, "key");
  }
}

const life = { from: date, to: orNull(date) };

const FILE = object({
  v: number(),
  org: text,
  serial: number(1),
  previous: orNull(binary(32)),
  issued_on: date,
  expires_on: date,
  next_root: orNull(signKey),
  service: listOf(object({ sign: signKey, ...life })),
  recovery: orNull(
    object({ age: ageKey, k: number(1), holders: listOf(object({ person: id, name: text })) }),
  ),
  handlers: listOf(
    object({
      id,
      person: id,
      name: text,
      role_text: text,
      age: ageKey,
      sign: signKey,
      ...life,
      channels: mapOf(oneOf("handler", "deputy", "investigator")),
    }),
  ),
});

const hashed = (one) => one && { ...one, ageHash: H(publicBytes(one.age)) };

/** A keyring from its file's bytes; every shape, key and date is checked. */
export function parseKeyring(file) {
  const raw = parseJson(file, FILE_MAX, FAMILY);
  if (Object.hasOwn(raw, "v") && number()(raw.v, FAMILY) !== 1) refuse(FAMILY, "version");
  const read = FILE(raw, FAMILY);
  if (read.recovery && read.recovery.k > read.recovery.holders.length) refuse(FAMILY, "value");
  if (read.handlers.some((one) => RESERVED_IDS.includes(one.id))) refuse(FAMILY, "value");
  refuseDates(read);
  refuseDuplicates(read);
  const [recovery, handlers] = [hashed(read.recovery), read.handlers.map(hashed)];
  return { ...read, sha256: H(file), recovery, handlers };
}

function refuseDates({ issued_on, expires_on, handlers, service }) {
  const backwards = ({ from, to }) => to !== null && to < from;
  if ([...handlers, ...service].some(backwards)) refuse(FAMILY, "dates");
  const end = addDays(issued_on, LIFE_DAYS_MAX);
  if (expires_on < issued_on || expires_on > end) refuse(FAMILY, "dates");
}

/** One id or one key never stands for two. */
function refuseDuplicates({ handlers, service, recovery }) {
  const ages = handlers.map(({ age }) => String(publicBytes(age)));
  if (recovery) ages.push(String(publicBytes(recovery.age)));
  const signs = [...handlers, ...service].map(({ sign }) => String(sign));
  for (const values of [handlers.map((one) => one.id), ages, signs]) {
    if (new Set(values).size !== values.length) refuse(FAMILY, "duplicate");
  }
}

/** True when a key with `from` and `to` counts on that date, both ends included. */
export const validOn = (key, on) => key.from <= on && (key.to === null || on <= key.to);

/** Who reads a channel's reports from the start: handlers and deputies with a valid key. */
export const readers = (keyring, channel, on) =>
  keyring.handlers.filter(
    (one) =>
      Object.hasOwn(one.channels, channel) &&
      READING_ROLES.includes(one.channels[channel]) &&
      validOn(one, on),
  );

/** Who has a place in a channel, whatever the role: investigators too. */
export const appointed = (keyring, channel, on) =>
  keyring.handlers.filter((one) => Object.hasOwn(one.channels, channel) && validOn(one, on));

/** good, expiring (60 days before), expired (up to 60 days after: reports are taken) or closed. */
export function state({ expires_on }, on) {
  if (on > addDays(expires_on, GRACE_DAYS)) return "closed";
  if (on > expires_on) return "expired";
  return on > addDays(expires_on, -WARN_DAYS) ? "expiring" : "good";
}
