// A passkey as a key (protocol section 6): its PRF output is the secret of an age identity, and a
// person's private key lies in an age file for that identity. The output never leaves the browser.

import { hkdf, sha256 } from "../../vendor/age-encryption@0.3.1/age.js";
import { open, privateKey, seal } from "./age.js";
import { utf8 } from "./bytes.js";
import { refuse } from "./errors.js";

const PRF_BYTES = 32;
const FILE_MAX = 4096;

/** The private key `{text, publicText}` that an authenticator's 32 bytes stand for. */
export function identity(prf) {
  if (!(prf instanceof Uint8Array) || prf.length !== PRF_BYTES) refuse("SealError", "prf");
  return privateKey(hkdf(sha256, prf, utf8("whistle/passkey/v1"), utf8("age-identity"), 32));
}

/** A person's private key (age's text of it) sealed to a passkey. */
export async function sealKeyFile(written, prf) {
  return seal(utf8(`${written}\n`), [(await identity(prf)).publicText]);
}

/** The bytes of a key file that was sealed to a passkey. */
export async function openKeyFile(sealed, prf) {
  const { text } = await identity(prf);
  return open(sealed, [text], { stanzas: 1, sizeAllowed: (size) => size <= FILE_MAX });
}
