/**
 * Signing in: a one-time code fetches the person's own sealed key, the passphrase opens it in the
 * Worker, and the Worker's signature opens the session (protocol section 6). Or one touch of a
 * passkey does both. What was used is remembered, so that the lock asks for the same.
 */

import { part, show, whileBusy } from "./dom.js";
import { codeOf, priced, signedOut, wrongPassphrase } from "./failures.js";
import {
  clearFaults,
  emptyFields,
  formOf,
  showFaults,
  tell,
  valueOf,
  warn,
  wireShowing,
} from "./forms.js";
import { possible, touch } from "./passkeys.js";

/**
 * Exchanges a one-time code for a key {person, nonce, keyFile, oldKey, passkey: null}. `oldKey` is
 * the key before, sealed to this one, while a case waits for it.
 */
export async function askForKey(desk, person, code, onPrice = () => {}) {
  const answer = await trying(desk, { person, code }, onPrice);
  const { nonce, key_file: keyFile, old_key: oldKey } = answer;
  return { person, nonce, keyFile, oldKey, passkey: null };
}

/**
 * Tries to sign in, and pays what a try costs after many wrong ones: first what is asked, then, if
 * the price has risen meanwhile, the most that it can ever be.
 */
async function trying(desk, { person, code }, onPrice) {
  let paid;
  for (const price of [(facts) => facts.bits, (facts) => facts.most]) {
    try {
      return await desk.api.signIn(person, code, paid);
    } catch (error) {
      if (!priced(error)) throw error;
      onPrice();
      const { at } = error.facts;
      const asked = { person, code, at, bits: price(error.facts) };
      paid = { at, ...(await desk.sealing.ask("pay", asked)) };
    }
  }
  return desk.api.signIn(person, code, paid);
}

/** Exchanges one touch for a key with `passkey` {id, host, prf}, and the secret that opens it. */
export async function askByPasskey(desk, only) {
  const question = await desk.api.askPasskey();
  const { answer, secret } = await touch(question, only);
  const answered = await desk.api.answerPasskey(answer);
  const { person, nonce, key_file: keyFile, old_key: oldKey } = answered;
  const { host, prf } = question;
  const passkey = { id: answer.credential_id, host, prf };
  return { key: { person, nonce, keyFile, oldKey, passkey }, secret };
}

/** Opens the key in the Worker; `way` is {passphrase} or {prf}. */
export const openKey = (desk, { person, keyFile, oldKey }, way) =>
  desk.sealing.ask("unlock", { keyFile, oldKey, ...way, handler: person });

/** Signs the nonce and opens the session; returns who is signed in. */
export async function openSession(desk, { nonce }) {
  const { signature } = await desk.sealing.ask("signIn", { nonce });
  return (await desk.api.openSession(signature)).person;
}

/** Wires the sign-in; `onIn(who, key)` when it is done. */
export function wireSignIn(desk, { onIn }) {
  const view = desk.view("sign-in");
  const codeForm = formOf(view, "code");
  const passphraseForm = formOf(view, "passphrase");
  let asked = null;

  function step(sentence = "") {
    show(codeForm, asked === null);
    show(passphraseForm, asked !== null);
    show(part(view, "by-passkey"), asked === null && possible(desk));
    for (const form of [codeForm, passphraseForm]) {
      form.reset();
      clearFaults(form);
    }
    passphraseForm.elements.passphrase.type = "password";
    passphraseForm.elements["passphrase-of"].value = asked?.person ?? "";
    tell(view, sentence, { warn: sentence !== "" });
    (asked === null ? codeForm.elements.person : passphraseForm.elements.passphrase).focus();
  }

  async function sendCode() {
    if (showFaults(codeForm, emptyFields(codeForm), desk.say)) return;
    tell(view, desk.say("sign-in.checking"));
    desk.sealing.start();
    try {
      const person = valueOf(codeForm, "person").trim();
      asked = await askForKey(desk, person, valueOf(codeForm, "code"), tellPrice);
      step();
    } catch (error) {
      warn(view, desk.say(signedOut(error) ? "sign-in.refused" : codeOf(error)));
      codeForm.elements.code.value = "";
      codeForm.elements.code.focus();
    }
  }

  const tellPrice = () => tell(view, desk.say("sign-in.paying"));

  async function sendPassphrase() {
    if (showFaults(passphraseForm, emptyFields(passphraseForm), desk.say)) return;
    tell(view, desk.say("sign-in.opening"));
    try {
      await openKey(desk, asked, { passphrase: valueOf(passphraseForm, "passphrase") });
      await enter(asked);
    } catch (error) {
      failed(error);
    }
  }

  async function touchPasskey() {
    tell(view, desk.say("passkey.waiting"));
    desk.sealing.start();
    try {
      const { key, secret } = await askByPasskey(desk);
      tell(view, desk.say("sign-in.opening"));
      await openKey(desk, key, { prf: secret });
      await enter(key);
    } catch (error) {
      warn(view, desk.say(signedOut(error) ? "passkey.refused" : codeOf(error)));
    }
  }

  async function enter(key) {
    const who = await openSession(desk, key);
    asked = null;
    step();
    await onIn(who, key);
  }

  function failed(error) {
    if (signedOut(error)) {
      asked = null;
      step(desk.say("sign-in.too-late"));
      return;
    }
    const wrong = wrongPassphrase(error);
    warn(view, desk.say(wrong ? "sign-in.wrong-passphrase" : codeOf(error)));
    passphraseForm.elements.passphrase.focus();
  }

  const submits = (form, work) =>
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      whileBusy(event.submitter ?? form.querySelector("button"), work);
    });

  show(part(view, "by-passkey"), possible(desk));
  show(part(view, "no-passkeys"), desk.root.dataset.passkeys !== "yes");
  const passkeyButton = view.querySelector("[data-act='passkey']");
  passkeyButton.addEventListener("click", () => whileBusy(passkeyButton, touchPasskey));
  submits(codeForm, sendCode);
  submits(passphraseForm, sendPassphrase);
  wireShowing(passphraseForm.elements["show-passphrase"], passphraseForm.elements.passphrase);
  view.querySelector("[data-act='start-again']").addEventListener("click", () => {
    asked = null;
    step();
  });
}
