/**
 * The locked desk: no key in memory, nothing of a case on the screen, unsent texts kept. The
 * passphrase, or the passkey, opens the key again: whichever one came in with. A new one-time code
 * is needed only when the session has ended.
 */

import { ApiError } from "./api.js";
import { fill, part, show, whileBusy } from "./dom.js";
import { codeOf, newKeyCounts, signedOut, wrongPassphrase } from "./failures.js";
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
import { touchAgain } from "./passkeys.js";
import { askByPasskey, askForKey, openKey, openSession } from "./sign-in.js";

/** Wires the locked view; `onIn(who, key)` when it is open again. Returns {show(reason)}. */
export function wireLock(desk, { onIn }) {
  const view = desk.view("locked");
  const form = formOf(view, "unlock");
  const codePart = part(view, "code-again");
  let ended = false;
  let asked = null; // a sign-in under way: its code was right, the passphrase not yet

  function lock(reason) {
    ended = ["ended", "new-key"].includes(reason);
    asked = null;
    if (reason === "new-key") forgetPasskey();
    desk.sealing.stop();
    form.reset();
    clearFaults(form);
    form.elements["passphrase-again"].type = "password";
    form.elements["passphrase-again-of"].value = desk.who.id;
    fill(view, { name: desk.who.name });
    part(view, "why").textContent = desk.say(`locked.${reason}`);
    show(part(view, "kept"), desk.drafts.any());
    showWay();
    tell(view, "");
    desk.show("locked");
  }

  /** What is asked for: the passkey, or words, and a code when the session has ended. */
  function showWay() {
    const words = byPasskey() === null;
    show(codePart, ended && words);
    show(part(view, "by-passphrase"), words);
    show(part(view, "by-passkey-again"), !words);
  }

  /** The passkey that was used opens nothing here any more: from now on words do. */
  function forgetPasskey() {
    desk.key = { ...desk.key, passkey: null };
  }

  async function unlock() {
    if (showFaults(form, emptyFields(form), desk.say)) return;
    try {
      const key = byPasskey() === null ? await byWords() : await byTouch();
      const who = asked ? await openSession(desk, asked) : await whoIsIn();
      form.reset();
      await onIn(who, key);
    } catch (error) {
      failed(error);
    }
  }

  const byPasskey = () => desk.key.passkey;

  async function byWords() {
    if (ended && asked === null) await sendCode();
    tell(view, desk.say("sign-in.opening"));
    const key = asked ?? desk.key;
    await openKey(desk, key, { passphrase: valueOf(form, "passphrase-again") });
    return key;
  }

  async function byTouch() {
    tell(view, desk.say("passkey.waiting"));
    const { id, host, prf } = byPasskey();
    const answered = ended
      ? await askByPasskey(desk, [id])
      : { key: desk.key, secret: await touchAgain(host, prf, id) };
    if (ended) asked = answered.key;
    tell(view, desk.say("sign-in.opening"));
    await openKey(desk, answered.key, { prf: answered.secret });
    return answered.key;
  }

  /** Who the server's session is of; another tab may have signed somebody else in meanwhile. */
  async function whoIsIn() {
    const { person } = await desk.api.session();
    if (person.id !== desk.who.id) throw new ApiError(401, "signed_out");
    return person;
  }

  async function sendCode() {
    tell(view, desk.say("sign-in.checking"));
    asked = await askForKey(desk, desk.who.id, valueOf(form, "code-again"), () =>
      tell(view, desk.say("sign-in.paying")),
    );
    show(codePart, false);
  }

  function failed(error) {
    if (wrongPassphrase(error)) {
      warn(view, desk.say("sign-in.wrong-passphrase"));
      form.elements["passphrase-again"].focus();
      return;
    }
    if (!signedOut(error)) {
      warn(view, desk.say(codeOf(error)));
      return;
    }
    warn(view, desk.say(sentenceOfRefusal(error)));
    desk.sealing.stop();
    if (newKeyCounts(error) || (ended && asked === null)) forgetPasskey();
    [ended, asked] = [true, null];
    showWay();
    if (byPasskey() !== null) return;
    form.elements["code-again"].value = "";
    form.elements["code-again"].focus();
  }

  const sentenceOfRefusal = (error) => {
    if (newKeyCounts(error)) return "locked.new-key";
    if (asked !== null) return "sign-in.too-late";
    if (!ended) return "locked.ended";
    return byPasskey() === null ? "sign-in.refused" : "passkey.refused";
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), unlock);
  });
  wireShowing(form.elements["show-passphrase-again"], form.elements["passphrase-again"]);
  return { lock };
}
