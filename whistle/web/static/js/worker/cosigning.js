// The draft of the next keyring: verified as the next link of the published chain, told in words,
// and signed over exactly the bytes that were told (protocol section 2).

import { b64u, fromB64u } from "../sealing/bytes.js";
import { publicBytes } from "../sealing/age.js";
import { refuse } from "../sealing/errors.js";
import { COSIGN_NAMESPACE } from "../sealing/keyrings.js";
import { fingerprint, listed } from "../sealing/phrase.js";
import { sign } from "../sealing/sshsig.js";
import { verified } from "./keyring.js";
import { changes } from "./keyring-news.js";

const PHRASE_LIST = 2048;

/** Every change, in the words' codes; new keys with their fingerprint. */
function worded(keyring, before, list) {
  const wordsOf = ({ age, sign }) => fingerprint(publicBytes(age), sign, list);
  const handlerOf = (id) => keyring.handlers.find((one) => one.id === id);
  return changes(keyring, before).map(({ id, ...told }) => {
    const one = handlerOf(id);
    return one ? { ...told, role: one.role_text, words: wordsOf(one) } : told;
  });
}

/**
 * What a second signature is compared with: the list that is in force when the draft is issued, so
 * that whoever still waits in a list between them is told as well. The signature lets them in.
 */
const vouchedAgainst = (links) => {
  const { issued_on } = links.at(-1).keyring;
  return links.slice(0, -1).findLast(({ effectiveOn }) => effectiveOn <= issued_on).keyring;
};

export class Cosigning {
  #shown = null; // {file, sha256}: what was told last, and nothing else, can be signed

  read({ keyringAnswer, draft, phraseList, ...params }) {
    this.#shown = null;
    const keyrings = [...keyringAnswer.keyrings, { ...draft, cosignature: null }];
    const { chain } = verified({ ...keyringAnswer, keyrings }, params);
    const { keyring, effectiveOn } = chain.links.at(-1);
    const told = worded(keyring, vouchedAgainst(chain.links), listed(phraseList, PHRASE_LIST));
    this.#shown = { file: fromB64u(draft.file), sha256: b64u(keyring.sha256) };
    const { serial, issued_on, expires_on } = keyring;
    const facts = { serial, issued_on, expires_on, counts_from: effectiveOn };
    return { ...facts, sha256: this.#shown.sha256, changes: told };
  }

  sign(key, sha256) {
    if (this.#shown === null || this.#shown.sha256 !== sha256) refuse("SealingError", "not_shown");
    return sign(key, COSIGN_NAMESPACE, this.#shown.file);
  }

  forget() {
    this.#shown = null;
  }
}
