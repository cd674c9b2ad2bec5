// A person's own private key in the Worker: opened by a passphrase or by a passkey, sealed to a new
// passkey, and written out for paper. The key itself goes to the page for paper only.

import { openWithPassphrase, privateKey, privateSeed, sealWithPassphrase } from "../sealing/age.js";
import { b64u, fromB64u, text, utf8 } from "../sealing/bytes.js";
import { refuse } from "../sealing/errors.js";
import { openKeyFile, sealKeyFile } from "../sealing/passkey.js";
import { generate, normalised } from "../sealing/passphrase.js";
import { listed } from "../sealing/phrase.js";
import { handlerSigningKey } from "../sealing/signing.js";

const PASSPHRASE_LIST = 7776;

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

/**
 * What a person does with their own key once it is open.
 * @param held  returns the key at work here, or refuses
 */
export function ownKey(held) {
  let words = null; // a new passphrase that has been shown and not yet typed back

  /** The key at work here, once its file has been opened anew. */
  async function openedAgain(way) {
    const { age } = held();
    const fresh = await opened(way);
    return fresh.age.text === age.text ? age : refuse("SealingError", "locked");
  }

  return {
    /** The key file for a new passkey; its 32 bytes are forgotten. */
    async sealToPasskey({ prf }) {
      const keyFile = await sealKeyFile(held().age.text, prf).finally(() => prf.fill(0));
      return { keyFile: b64u(keyFile) };
    },
    /** The private key for paper. */
    async writeOut(way) {
      return { written: (await openedAgain(way)).text };
    },
    /** Six new words from the list as it is served. */
    async newPassphrase({ list, ...way }) {
      await openedAgain(way);
      words = generate(listed(list, PASSPHRASE_LIST));
      return { passphrase: words };
    },
    /** The key file under the new words, once they have been typed as they were shown. */
    async sealToPassphrase({ typed }) {
      if (words === null || normalised(typed) !== words) refuse("SealingError", "typed");
      const keyFile = await sealWithPassphrase(utf8(`${held().age.text}\n`), words);
      words = null;
      return { keyFile: b64u(keyFile) };
    },
  };
}
