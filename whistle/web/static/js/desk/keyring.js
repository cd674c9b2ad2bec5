/**
 * What changed in the keyring since this browser's last sign-in. Pure.
 *
 * Call it only after the Worker has verified the answer's chain: this reads the files to tell the
 * changes in words, it proves nothing.
 */

const MEMORY = "whistle-keyring";

const decode = (text) => {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
};

const named = ({ id, name, role_text }) => ({ id, name, role: role_text });
const rolesOf = (handler) => JSON.stringify(Object.entries(handler.channels).sort());

/** The handlers added, removed, with other keys, and with another role or name. */
export function handlerChanges(before, now) {
  const old = new Map(before.handlers.map((one) => [one.id, one]));
  const current = new Set(now.handlers.map((one) => one.id));
  const changes = { added: [], removed: [], keys: [], role: [] };
  for (const one of now.handlers) {
    const was = old.get(one.id);
    if (was === undefined) changes.added.push(named(one));
    else if (was.age !== one.age || was.sign !== one.sign) changes.keys.push(named(one));
    else if (rolesOf(was) !== rolesOf(one) || was.name !== one.name) changes.role.push(named(one));
  }
  for (const one of before.handlers) if (!current.has(one.id)) changes.removed.push(named(one));
  return changes;
}

/** Changes from the keyring with `serial` to the newest in effect; null when it is the same. */
export function changesSince(answer, serial, newest) {
  const files = answer.keyrings.map((one) => decode(one.file));
  const before = files.find((one) => one.serial === serial);
  const now = files.find((one) => one.serial === newest);
  return before && now && serial !== newest ? handlerChanges(before, now) : null;
}

/** Forgets them: the next sign-in is a first one. */
export const forget = (storage) => storage.removeItem(MEMORY);

/** The serial and hash that this browser saw last, or null. Nothing else is kept on the device. */
export function lastSeen(storage) {
  try {
    const kept = JSON.parse(storage.getItem(MEMORY));
    return Number.isInteger(kept?.serial) && typeof kept.sha256 === "string" ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps serial and hash for the next sign-in; a browser that keeps nothing is no error. */
export function remember(storage, { serial, sha256 }) {
  try {
    storage.setItem(MEMORY, JSON.stringify({ serial, sha256 }));
  } catch {
    // Private windows may refuse. Then each sign-in is a first one.
  }
}
