// What a handler signs of a case that their key does not open (protocol section 5).

import { concat, label } from "./bytes.js";
import { refuse } from "./errors.js";

const HASH = 32; // bytes

/** The 64-byte signature: of the thread's id, H of case.age and H of the newest sealed entry. */
export function signUnopened(signing, thread, caseAgeHash, headHash) {
  const named = [thread, caseAgeHash, headHash];
  if (named.some(({ length }) => length !== HASH)) refuse("SealingError", "bad_request");
  return signing.sign(concat(label("whistle/cannot-open/v1"), ...named));
}
