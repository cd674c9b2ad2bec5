// A person's own private key in the Worker: opened by a passphrase or by a passkey, sealed to a new
// passkey, and written out for paper. The key itself goes to the page for paper only.

import { open, openWithPassphrase, privateKey, privateSeed, seal, sealWithPassphrase } from "../sealing/age.js";
import { b64u, fromB64u, randomBytes, text, utf8 } from "../sealing/bytes.js";
import { refuse } from "../sealing/errors.js";
import { signNewKey } from "../sealing/new-key.js";
import { openKeyFile, sealKeyFile } from "../sealing/passkey.js";
import { generate, normalised } from "../sealing/passphrase.js";
import { listed } from "../sealing/phrase.js";
import { handlerSigningKey } from "../sealing/signing.js";

const PASSPHRASE_LIST = 7776;
const KEY_LINE = 78; // bytes

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

/** The private keys that open cases: one's own, and the one before while a case waits for it. */
export async function opening(age, oldKey) {
  if (!oldKey) return [age];
  const sizeAllowed = (size) => size === KEY_LINE;
  const line = text(await open(fromB64u(oldKey), [age], { stanzas: 1, sizeAllowed }));
  return [age, await privateKey(privateSeed(line.trim()))];
}

/**
 * What a person does with their own key once it is open.
 * @param held  returns the key at work here, or refuses
 */
export function ownKey(held) {
  let words = null; // a new passphrase that has been shown and not yet typed back
  let coming = null; // a new key {age, signing, words} that has not been sealed yet

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
    /** A new key, and the six words under which it will lie. */
    async newKey({ list, ...way }) {
      await openedAgain(way);
      const seed = randomBytes(32);
      const made = generate(listed(list, PASSPHRASE_LIST));
      coming = { age: await privateKey(seed), signing: handlerSigningKey(seed), words: made };
      return { passphrase: made };
    },
    /** The new key sealed under its words, the old one sealed to it, and signed by the old one. */
    async sealNewKey({ typed }) {
      if (coming === null || normalised(typed) !== coming.words) refuse("SealingError", "typed");
      const { id, age, signing } = held();
      const keyFile = await sealWithPassphrase(utf8(`${coming.age.text}\n`), coming.words);
      const oldKey = await seal(utf8(`${age.text}\n`), [coming.age.publicText]);
      const made = [coming.age.publicBytes, coming.signing.public, keyFile, oldKey];
      coming = null;
      const signature = signNewKey({ id, signing }, made);
      const names = ["age", "sign", "key_file", "old_key", "signature"];
      const given = [...made, signature].map((one, at) => [names[at], b64u(one)]);
      return { made: Object.fromEntries(given) };
    },
  };
}
