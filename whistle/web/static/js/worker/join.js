// The Worker of the page on which somebody joins: makes the key and the passphrase, and seals the
// key under it. The private key is never anywhere else. Nothing here fetches, stores or logs.

import { privateKey, sealWithPassphrase } from "../sealing/age.js";
import { b64u, randomBytes, utf8 } from "../sealing/bytes.js";
import { refuse } from "../sealing/errors.js";
import { generate, normalised } from "../sealing/passphrase.js";
import { fingerprint, listed } from "../sealing/phrase.js";
import { handlerSigningKey } from "../sealing/signing.js";
import { serve } from "./answer.js";

const PASSPHRASE_LIST = 7776;
const PHRASE_LIST = 2048;

let made = null; // {age, signing, passphrase}

async function makeKey({ passphraseList, phraseList }) {
  const words = listed(passphraseList, PASSPHRASE_LIST);
  const seed = randomBytes(32);
  made = {
    age: await privateKey(seed),
    signing: handlerSigningKey(seed),
    passphrase: generate(words),
  };
  return {
    passphrase: made.passphrase,
    fingerprint: fingerprint(made.age.publicBytes, made.signing.public, listed(phraseList, PHRASE_LIST)),
  };
}

/** Seals the key, once the passphrase has been typed as it was shown. */
async function sealKey({ typed }) {
  const { age, signing, passphrase } = made ?? refuse("SealingError", "no_key");
  if (normalised(typed) !== passphrase) refuse("SealingError", "typed");
  const keyFile = await sealWithPassphrase(utf8(`${age.text}\n`), passphrase);
  return { age: b64u(age.publicBytes), sign: b64u(signing.public), key_file: b64u(keyFile) };
}

serve(self, {
  makeKey,
  sealKey,
  forget() {
    made = null;
  },
});
