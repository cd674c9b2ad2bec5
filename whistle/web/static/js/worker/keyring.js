// What both faces tell of a keyring, as plain objects for the page.

import { b64u } from "../sealing/bytes.js";
import { later } from "../sealing/dates.js";
import { refuse } from "../sealing/errors.js";
import { readers, state } from "../sealing/keyring.js";
import { verifyChain } from "../sealing/keyrings.js";

/** A reader's public facts. */
export const person = ({ id, person: who, name, role_text, channels }, channel) => ({
  id,
  person: who,
  name,
  role_text,
  role: channels[channel] ?? null,
});

/** Verifies the keyrings in an answer: `{chain, keyring, on}`; `keyring` is the one in effect. */
export function verified(answer, { root, builtOn, seen }) {
  if (!answer || typeof answer !== "object") refuse("SealingError", "bad_request");
  const chain = verifyChain(answer, { pinned: root, seen });
  const on = later(builtOn, answer.today);
  return { chain, on, keyring: chain.effective(on) };
}

/** The holders of a recovery key that is new: `[{name}]`, or nothing. */
function recoveryOf({ recovery }, now) {
  if (recovery === null || recovery.age === now.recovery?.age) return [];
  return [{ name: recovery.holders.map(({ name }) => name).join(", ") }];
}

function changes(link, now) {
  const idsOf = (keyring) => new Map(keyring.handlers.map((one) => [one.id, one]));
  const [before, after] = [idsOf(now), idsOf(link.keyring)];
  const named = ({ id, name }) => ({ id, name });
  const kept = [...after.values()].filter(({ id }) => before.has(id));
  const differs = (one) => {
    const old = before.get(one.id);
    return old.age !== one.age || b64u(old.sign) !== b64u(one.sign) || old.name !== one.name;
  };
  return {
    serial: link.keyring.serial,
    takes_effect_on: link.effectiveOn,
    added: [...after.values()].filter(({ id }) => !before.has(id)).map(named),
    removed: [...before.values()].filter(({ id }) => !after.has(id)).map(named),
    changed: kept.filter(differs).map(named),
    recovery: recoveryOf(link.keyring, now),
  };
}

/** The keyring as the page shows it. */
export function described({ chain, keyring, on }) {
  const channels = new Set(keyring.handlers.flatMap((one) => Object.keys(one.channels)));
  const coming = chain.coming(on);
  return {
    org: keyring.org,
    serial: keyring.serial,
    sha256: b64u(keyring.sha256),
    newest: { serial: chain.newest.serial, sha256: b64u(chain.newest.sha256) },
    state: state(keyring, on),
    today: on,
    expires_on: keyring.expires_on,
    channels: Object.fromEntries(
      [...channels].map((channel) => [
        channel,
        readers(keyring, channel, on).map((one) => person(one, channel)),
      ]),
    ),
    recovery: keyring.recovery && { k: keyring.recovery.k, holders: keyring.recovery.holders },
    coming: coming && changes(coming, keyring),
  };
}
