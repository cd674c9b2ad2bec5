/** One's own keys: the passkeys, the key on paper, and where one is signed in. */

import { fill, focusOn, part, show, stamp, whileBusy } from "./dom.js";
import { codeOf } from "./failures.js";
import { clearFaults, emptyFields, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { wireNewKey } from "./new-key.js";
import { wirePaper } from "./paper.js";
import { wirePassphrase } from "./passphrase.js";
import { make, possible } from "./passkeys.js";
import { atDesk } from "./roles.js";

/** Wires the view. Returns {open(), clear()}. */
export function wireKeys(desk) {
  const view = desk.view("keys");
  const form = formOf(view, "passkey");
  const paper = wirePaper(desk, view, { trying, onPrinted: showWays });
  const newKey = wireNewKey(desk, view, { trying });
  const passphrase = wirePassphrase(desk, view, { trying, onChanged: showAll });

  async function trying(work) {
    try {
      await work();
    } catch (error) {
      if (!desk.lost(error)) warn(view, desk.say(codeOf(error)));
    }
  }

  async function showAll() {
    await showWays();
    await showSessions();
  }

  async function showWays() {
    const ways = await desk.api.keys();
    show(part(view, "has-passphrase"), ways.passphrase);
    show(part(view, "no-passphrase"), !ways.passphrase);
    show(part(view, "only-one"), ways.only_one);
    show(part(view, "no-passkeys-yet"), ways.passkeys.length === 0);
    part(view, "passkeys").replaceChildren(...ways.passkeys.map(passkeyItem));
    paper.tellPrinted(ways.printed_on);
    newKey.tellKey(ways.key);
  }

  function passkeyItem({ id, name, added_on: added, last_used_on: used }) {
    const when = { added: desk.day(added), used: used && desk.day(used) };
    const item = fill(stamp("passkey"), {
      name,
      which: name,
      added: desk.say(used ? "passkey.used" : "passkey.unused", when),
    });
    wire(item.querySelector("[data-act]"), async () => {
      await desk.api.removePasskey(id);
      await showWays();
      tell(view, desk.say("passkey.removed", { name }));
      focusOn(view.querySelector(".status"));
    });
    return item;
  }

  async function showSessions() {
    const { sessions } = await desk.api.sessions();
    part(view, "sessions").replaceChildren(...sessions.map(sessionItem));
    show(part(view, "others"), sessions.length > 1);
  }

  function sessionItem({ id, started_at: started, seen_at: seen, this: own }) {
    const when = desk.say("session.since", { when: desk.moment(started) });
    const item = fill(stamp("session"), {
      when: own ? desk.say("session.this", { when: desk.moment(started) }) : when,
      used: desk.say("session.used", { when: desk.moment(seen) }),
      which: when,
    });
    show(part(item, "end"), !own);
    wire(item.querySelector("[data-act]"), () => endSessions(() => desk.api.endSession(id)));
    return item;
  }

  async function endSessions(end) {
    await end();
    await showSessions();
    tell(view, desk.say("session.ended"));
    focusOn(view.querySelector(".status"));
  }

  async function addPasskey() {
    if (showFaults(form, emptyFields(form), desk.say)) return;
    tell(view, desk.say("passkey.waiting"));
    const { made, secret, forget } = await make(await desk.api.preparePasskey());
    try {
      const { keyFile } = await desk.sealing.ask("sealToPasskey", { prf: secret });
      await desk.api.addPasskey({ ...made, name: valueOf(form, "passkey-name"), key_file: keyFile });
    } catch (error) {
      await forget();
      throw error;
    } finally {
      secret.fill(0);
    }
    form.reset();
    await showWays();
    tell(view, desk.say("passkey.added"));
    focusOn(view.querySelector(".status"));
  }

  function wire(button, work) {
    button.addEventListener("click", () => whileBusy(button, () => trying(work)));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), () => trying(addPasskey));
  });
  wire(view.querySelector("[data-act='end-others']"), () =>
    endSessions(() => desk.api.endOtherSessions()),
  );

  return {
    async open() {
      tell(view, "");
      for (const one of [paper, passphrase, newKey]) one.hide();
      show(form, possible(desk));
      show(part(view, "passkeys-impossible"), !possible(desk));
      show(part(view, "back"), atDesk(desk.who));
      show(part(view, "keys-shown"), false);
      desk.show("keys");
      await trying(async () => {
        await showAll();
        show(part(view, "keys-shown"), true);
      });
    },
    /** Takes everything of the person's off the page. */
    clear() {
      for (const one of [paper, passphrase, newKey]) one.hide();
      form.reset();
      clearFaults(form);
      for (const name of ["passkeys", "sessions"]) part(view, name).replaceChildren();
    },
  };
}
