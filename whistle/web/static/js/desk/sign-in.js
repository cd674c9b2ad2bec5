/**
 * Signing in: a one-time code fetches the person's own sealed key, the passphrase opens it in the
 * Worker, and the Worker's signature opens the session (protocol section 6).
 */

import { show, whileBusy } from "./dom.js";
import { codeOf, signedOut, wrongPassphrase } from "./failures.js";
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

/** Exchanges a one-time code for {person, nonce, keyFile}. */
export async function askForKey(desk, person, code) {
  const answer = await desk.api.signIn(person, code);
  return { person, nonce: answer.nonce, keyFile: answer.key_file };
}

/** Opens the key in the Worker. */
export const openKey = (desk, { person, keyFile }, passphrase) =>
  desk.sealing.ask("unlock", { keyFile, passphrase, handler: person });

/** Signs the nonce and opens the session; returns who is signed in. */
export async function openSession(desk, { nonce }) {
  const { signature } = await desk.sealing.ask("signIn", { nonce });
  return (await desk.api.openSession(signature)).person;
}

/** Wires the sign-in's two steps; `onIn(who, keyFile)` when both are done. */
export function wireSignIn(desk, { onIn }) {
  const view = desk.view("sign-in");
  const codeForm = formOf(view, "code");
  const passphraseForm = formOf(view, "passphrase");
  let asked = null;

  function step(sentence = "") {
    show(codeForm, asked === null);
    show(passphraseForm, asked !== null);
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
      asked = await askForKey(desk, person, valueOf(codeForm, "code"));
      step();
    } catch (error) {
      warn(view, desk.say(signedOut(error) ? "sign-in.refused" : codeOf(error)));
      codeForm.elements.code.value = "";
      codeForm.elements.code.focus();
    }
  }

  async function sendPassphrase() {
    if (showFaults(passphraseForm, emptyFields(passphraseForm), desk.say)) return;
    tell(view, desk.say("sign-in.opening"));
    try {
      await openKey(desk, asked, valueOf(passphraseForm, "passphrase"));
      const { keyFile } = asked;
      const who = await openSession(desk, asked);
      asked = null;
      step();
      await onIn(who, keyFile);
    } catch (error) {
      failed(error);
    }
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

  submits(codeForm, sendCode);
  submits(passphraseForm, sendPassphrase);
  wireShowing(passphraseForm.elements["show-passphrase"], passphraseForm.elements.passphrase);
  view.querySelector("[data-act='start-again']").addEventListener("click", () => {
    asked = null;
    step();
  });
}
