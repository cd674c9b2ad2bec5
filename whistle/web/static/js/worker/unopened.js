// Signing that a case cannot be opened, in the Worker: only once it has been tried here, now.

import { b64u, fromB64u, H } from "../sealing/bytes.js";
import { refuse } from "../sealing/errors.js";
import { signUnopened } from "../sealing/unopened.js";
import { keysDoNotOpen, reportDoesNotOpen } from "../sealing/unreadable.js";

/**
 * The JSON body of POST …/cannot-open for a case as the server gave it.
 * @param read  opens and verifies it; refused as `opens` if that gives so much as the report
 */
export async function unopened({ signing }, answer, read) {
  if (await opens(read)) refuse("SealingError", "opens");
  const last = answer.entries.at(-1) ?? refuse("SealingError", "bad_request");
  const caseAge = H(fromB64u(answer.case_age));
  const head = last.sealed ? H(fromB64u(last.sealed)) : fromB64u(last.sha256);
  const signature = signUnopened(signing, fromB64u(answer.thread), caseAge, head);
  return { case_age_sha256: b64u(caseAge), head_sha256: b64u(head), signature: b64u(signature) };
}

async function opens(read) {
  try {
    return !reportDoesNotOpen((await read()).cases);
  } catch (error) {
    if (keysDoNotOpen(error)) return false;
    throw error;
  }
}
