// Bodies of entries: JSON objects, limited in length (protocol section 3: text is at most
// 20 000 code points).

import { utf8 } from "./bytes.js";
import { refuse } from "./errors.js";
import { parseJson } from "./json.js";

export const BODY_TYPE = "application/json";
const TEXT_MAX = 20000; // code points
const BODY_MAX = 256 * 1024; // bytes

function codePoints(value) {
  if (typeof value === "string") return [...value].length;
  if (value === null || typeof value !== "object") return 0;
  return Object.values(value).reduce((sum, part) => sum + codePoints(part), 0);
}

/** The bytes of a body; refuses one whose texts are too long together. */
export function bodyBytes(body) {
  if (codePoints(body) > TEXT_MAX) refuse("TooLargeError", "text", { max: TEXT_MAX });
  return utf8(JSON.stringify(body));
}

/** The body of a verified entry. */
export const readBody = (bytes) => parseJson(bytes, BODY_MAX, "ThreadError");
