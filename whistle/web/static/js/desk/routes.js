/** Where the desk stands, in the address after #: Back and Forward work, and the server never sees it. */

export const SHOWN = ["open", "past", "week", "unread", "closed", "all"];

const PLACES = ["keyring", "tasks", "me", "keys"];

/** "#/" -> cases, "#/past" -> cases filtered, "#/case/K7Q2M" -> one case; other -> missing. */
export function readHash(hash) {
  if (hash !== "" && !hash.startsWith("#/")) return null; // an anchor within the page
  const path = hash.slice(2);
  if (path === "") return { view: "cases", shown: "open" };
  if (PLACES.includes(path)) return { view: path };
  if (SHOWN.includes(path)) return { view: "cases", shown: path };
  const found = /^case\/([0-9A-Za-z-]{1,16})$/u.exec(path);
  return found ? { view: "case", number: found[1].toUpperCase() } : { view: "missing" };
}

export const toCases = (shown = "open") => (shown === "open" ? "#/" : `#/${shown}`);
export const toKeys = () => "#/keys";
export const toCase = (number) => `#/case/${number}`;
