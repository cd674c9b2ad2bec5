/** What this browser saw last of the signed list of keys: a number and a hash. Pure. */

const MEMORY = "whistle-keyring";

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
