// Sealing to somebody outside: their own age key, post-quantum or classic. Nothing of a case itself is
// ever sealed to a classic key; this is a copy that leaves, in the form that its reader can open.

import { Encrypter } from "../../vendor/age-encryption@0.3.1/age.js";
import { refuse } from "./errors.js";

const KEY = /^age1[0-9a-z]{58,2000}$/u;

/** Seals bytes to one public key as text, `age1pq1…` or `age1…`. */
export async function sealOutside(plaintext, publicKey) {
  const encrypter = new Encrypter();
  try {
    if (!KEY.test(publicKey)) throw new Error("form");
    encrypter.addRecipient(publicKey);
  } catch {
    refuse("SealError", "public_key");
  }
  return encrypter.encrypt(plaintext);
}
