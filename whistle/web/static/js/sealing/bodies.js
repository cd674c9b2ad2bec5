// Bodies of entries: JSON objects, no text in them over 20 000 code points (protocol section 3).

import { utf8 } from "./bytes.js";
import { refuse, WhistleError } from "./errors.js";
import { parseJson } from "./json.js";

export const BODY_TYPE = "application/json";
export const BODY_MAX = 256 * 1024; // bytes
const TEXT_MAX = 20000; // code points

function refuseLong(value) {
  if (typeof value === "string" && value.length > TEXT_MAX && [...value].length > TEXT_MAX) {
    refuse("TooLargeError", "text", { max: TEXT_MAX });
  }
  if (value !== null && typeof value === "object") Object.values(value).forEach(refuseLong);
}

/** The bytes of a body; refuses one with a text that is too long. */
export function bodyBytes(body) {
  refuseLong(body);
  return utf8(JSON.stringify(body));
}

/** The body of a verified entry; null when it is not the JSON it should be. */
export function readBody(bytes) {
  try {
    return parseJson(bytes, BODY_MAX, "ThreadError");
  } catch (error) {
    if (error instanceof WhistleError) return null;
    throw error;
  }
}
