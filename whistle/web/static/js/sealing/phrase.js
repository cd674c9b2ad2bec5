// Keys in words: eight of 2048, to compare with a paper or read over the telephone. The list comes
// from the page, which has it from this site; a list of another length is refused.

import { H, label } from "./bytes.js";
import { refuse } from "./errors.js";

const WORDS = 8;
const BITS = 11;

/** The words of a list as it is served, one a line. */
export function listed(text, count) {
  const words = String(text).split("\n").slice(0, -1);
  const right = words.length === count && new Set(words).size === count && words.every(Boolean);
  return right ? words : refuse("SealingError", "word_list");
}

function inWords(digest, list) {
  let bits = 0n;
  for (const byte of digest.subarray(0, (WORDS * BITS) / 8)) bits = (bits << 8n) | BigInt(byte);
  const places = Array.from({ length: WORDS }, (_, at) => BigInt(BITS * (WORDS - 1 - at)));
  return places.map((place) => list[Number((bits >> place) & 2047n)]);
}

/** The words of a person's two public keys (1 216 and 32 bytes). */
export const fingerprint = (age, sign, list) =>
  inWords(H(label("whistle/handler-keys/v1"), age, sign), list);
