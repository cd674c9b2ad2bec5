// What changes from one list of keys to another, and what of it a handler is to be told.

import { b64u } from "../sealing/bytes.js";

const GONE = ["removed", "recovery_gone", "service_gone"]; // let nobody in

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

/** Every change, in the words' codes; a handler's with the id. */
export function changes(now, before) {
  const old = new Map(before.handlers.map((one) => [one.id, one]));
  const told = now.handlers
    .map((one) => ({ what: difference(one, old.get(one.id)), id: one.id, name: one.name }))
    .filter(({ what }) => what !== null);
  const here = new Set(now.handlers.map(({ id }) => id));
  const gone = before.handlers.filter(({ id }) => !here.has(id));
  return [...told, ...gone.map(({ name }) => ({ what: "removed", name })), ...others(now, before)];
}

/**
 * The news since this browser saw the chain last, `seen` {serial} or nothing: `coming`, what does
 * not count yet; `since`, what is new, or null; `unannounced`, whom and what was let in
 * although no handler vouched for it and this browser saw nothing of the days before it counted.
 */
export function news({ chain, keyring, on }, seen) {
  const { links } = chain;
  const next = chain.coming(on);
  const last = seen ? links.findIndex((link) => link.keyring.serial === seen.serial) : links.length;
  const fresh = links.slice(last + 1);
  const unannounced = fresh
    .filter(({ announced, effectiveOn }) => announced && effectiveOn <= on)
    .flatMap((link) => changes(link.keyring, links[links.indexOf(link) - 1].keyring))
    .filter(({ what }) => !GONE.includes(what));
  return {
    coming: next && { takes_effect_on: next.effectiveOn, changes: changes(next.keyring, keyring) },
    since: fresh.length > 0 ? changes(chain.newest, links[last].keyring) : null,
    unannounced,
  };
}
