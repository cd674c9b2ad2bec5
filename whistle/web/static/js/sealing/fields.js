// Checks of the values in signed JSON: each returns the value or refuses it. A shape is an
// object of such checks, and an object must have exactly its keys.
//
// Reasons: missing_key · unknown_key · value

import { fromB64u } from "./bytes.js";
import { isDate } from "./dates.js";
import { refuse } from "./errors.js";

const ID = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const TEXT_MAX = 200; // code points

const when = (test) => (value, family) => (test(value) ? value : refuse(family, "value"));

/** A line of 1 to 200 characters without control characters. */
export const text = when((value) => {
  if (typeof value !== "string" || CONTROL.test(value)) return false;
  const { length } = [...value];
  return length > 0 && length <= TEXT_MAX;
});
export const id = when((value) => typeof value === "string" && ID.test(value));
export const flag = when((value) => typeof value === "boolean");
export const date = when(isDate);
export const number = (low = 0) => when((value) => Number.isSafeInteger(value) && value >= low);
export const oneOf = (...allowed) => when((value) => allowed.includes(value));
export const orNull = (check) => (value, family) => (value === null ? null : check(value, family));

/** Exactly `size` bytes (any number without it) in base64url; stays as it is written. */
export const binary = (size) => (value, family) => {
  fromB64u(value, family, size);
  return value;
};

export const listOf = (check) => (value, family) =>
  Array.isArray(value) ? value.map((item) => check(item, family)) : refuse(family, "value");

/** A list of different ids. */
export const ids = (value, family) => {
  const all = listOf(id)(value, family);
  return new Set(all).size === all.length ? all : refuse(family, "value");
};

/** An object with exactly the keys of `shape`, each checked; gives a new object. */
export const object = (shape) => (value, family) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) refuse(family, "value");
  const read = {};
  for (const [key, check] of Object.entries(shape)) {
    if (!Object.hasOwn(value, key)) refuse(family, "missing_key");
    read[key] = check(value[key], family);
  }
  const unknown = Object.keys(value).some((key) => !Object.hasOwn(shape, key));
  return unknown ? refuse(family, "unknown_key") : read;
};

/** An object of any ids, each with a checked value. */
export const mapOf = (check) => (value, family) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) refuse(family, "value");
  const pairs = Object.entries(value).map(([key, one]) => [id(key, family), check(one, family)]);
  return Object.fromEntries(pairs);
};
