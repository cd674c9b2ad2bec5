// A person's own private key in the Worker: opened by a passphrase or by a passkey, sealed to a new
// passkey, and written out for paper. The key itself goes to the page for paper only.

import { openWithPassphrase, privateKey, privateSeed } from "../sealing/age.js";
import { fromB64u, text } from "../sealing/bytes.js";
import { openKeyFile } from "../sealing/passkey.js";
import { handlerSigningKey } from "../sealing/signing.js";

/** A passphrase as it was generated: lower case, one space between words. */
export const normalised = (typed) => String(typed).toLowerCase().trim().split(/\s+/).join(" ");

/** Opens a key file; returns `{age, signing}`. */
export async function opened({ keyFile, passphrase, prf }) {
  const sealed = fromB64u(keyFile);
  const inside =
    prf === undefined
      ? await openWithPassphrase(sealed, normalised(passphrase))
      : await openKeyFile(sealed, prf).finally(() => prf.fill(0));
  const line = text(inside)
    .split("\n")
    .find((one) => one.startsWith("AGE-SECRET-KEY-PQ-1"));
  const seed = privateSeed((line ?? "").trim());
  return { age: await privateKey(seed), signing: handlerSigningKey(seed) };
}
