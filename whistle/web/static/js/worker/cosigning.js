// The draft of the next keyring: verified as the next link of the published chain, told in words,
// and signed over exactly the bytes that were told (protocol section 2).

import { b64u, fromB64u } from "../sealing/bytes.js";
import { publicBytes } from "../sealing/age.js";
import { refuse } from "../sealing/errors.js";
import { COSIGN_NAMESPACE } from "../sealing/keyrings.js";
import { fingerprint, listed } from "../sealing/phrase.js";
import { sign } from "../sealing/sshsig.js";
import { verified } from "./keyring.js";

const PHRASE_LIST = 2048;

const rolesOf = ({ channels }) => JSON.stringify(Object.entries(channels).sort());

/** What happened to a handler from one keyring to the next, or null. */
function difference(one, was) {
  if (was === undefined) return "added";
  if (one.age !== was.age || b64u(one.sign) !== b64u(was.sign)) return "keys";
  if (["person", "name", "role_text"].some((key) => one[key] !== was[key])) return "name";
  if (rolesOf(one) !== rolesOf(was)) return "channels";
  return one.from === was.from && one.to === was.to ? null : "validity";
}

function others(now, before) {
  const recovery = ({ recovery: one }) => one && JSON.stringify([one.age, one.k, one.holders]);
  const signs = ({ service }) => service.map((key) => b64u(key.sign));
  const named = now.recovery?.holders.map(({ name }) => name).join(", ") ?? "";
  return [
    recovery(now) !== recovery(before) && { what: named ? "recovery" : "recovery_gone", name: named },
    signs(now).some((key) => !signs(before).includes(key)) && { what: "service", name: "" },
    signs(before).some((key) => !signs(now).includes(key)) && { what: "service_gone", name: "" },
    now.next_root !== null && { what: "next_root", name: "" },
  ].filter(Boolean);
}

/** Every change, in the words' codes; new keys with their fingerprint. */
function changes(now, before, list) {
  const old = new Map(before.handlers.map((one) => [one.id, one]));
  const told = now.handlers
    .map((one) => ({ one, what: difference(one, old.get(one.id)) }))
    .filter(({ what }) => what !== null)
    .map(({ one, what }) => ({
      what,
      name: one.name,
      role: one.role_text,
      words: fingerprint(publicBytes(one.age), one.sign, list),
    }));
  const here = new Set(now.handlers.map(({ id }) => id));
  const gone = before.handlers.filter(({ id }) => !here.has(id));
  return [...told, ...gone.map(({ name }) => ({ what: "removed", name })), ...others(now, before)];
}

export class Cosigning {
  #shown = null; // {file, sha256}: what was told last, and nothing else, can be signed

  read({ keyringAnswer, draft, phraseList, ...params }) {
    this.#shown = null;
    const keyrings = [...keyringAnswer.keyrings, { ...draft, cosignature: null }];
    const { chain } = verified({ ...keyringAnswer, keyrings }, params);
    const [before, { keyring, effectiveOn }] = chain.links.slice(-2);
    const told = changes(keyring, before.keyring, listed(phraseList, PHRASE_LIST));
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
