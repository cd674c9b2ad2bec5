/** Opening one's key once more, before something that nobody at a deserted screen shall do. */

import { focusOn, part, show, whileBusy } from "./dom.js";
import { wrongPassphrase } from "./failures.js";
import { clearFaults, emptyFields, showFaults, tell, warn } from "./forms.js";
import { touchAgain } from "./passkeys.js";

/**
 * @param form  one that templates/desk/parts/keys.html made with its macro `again`
 * @param trying  does a work and tells what went wrong
 * @param work  is given {keyFile, passphrase} or {keyFile, prf}; refuses wrong words
 * @returns {ask(), hide()}
 */
export function wireAgain(desk, view, form, { trying, work }) {
  const field = form.querySelector("input[type=password]");

  function hide() {
    form.reset();
    clearFaults(form);
    show(form, false);
  }

  function ask() {
    hide();
    show(part(form, "again-words"), desk.key.passkey === null);
    show(part(form, "again-passkey"), desk.key.passkey !== null);
    show(form, true);
    focusOn(form.querySelector("h3"));
  }

  async function way() {
    const { keyFile, passkey } = desk.key;
    if (passkey === null) return { keyFile, passphrase: field.value };
    tell(view, desk.say("passkey.waiting"));
    return { keyFile, prf: await touchAgain(passkey.host, passkey.prf, passkey.id) };
  }

  async function open() {
    if (showFaults(form, emptyFields(form), desk.say)) return;
    try {
      const opening = await way();
      tell(view, desk.say("sign-in.opening"));
      await work(opening);
    } catch (error) {
      if (!wrongPassphrase(error)) throw error;
      warn(view, desk.say("sign-in.wrong-passphrase"));
      field.focus();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), () => trying(open));
  });
  return { ask, hide };
}
