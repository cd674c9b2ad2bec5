/** From a failure to the code of the sentence that says it. Pure. */

const BY_STATUS = { 0: "failed.offline", 413: "failed.too_large", 429: "failed.busy" };
const FAMILIES = { KeyringError: "keyring.fault", ThreadError: "fault" };

function codeOfAnswer({ status, code }) {
  return status >= 500 ? "failed.server" : (BY_STATUS[status] ?? `failed.${code}`);
}

/** The code of a sentence for an ApiError, a SealingError or anything else that was thrown. */
export function codeOf(error) {
  if (error.name === "PasskeyError") return `passkey.${error.reason}`;
  if (error.name === "ApiError") return codeOfAnswer(error);
  if (error.name !== "SealingError") return "failed";
  if (error.family in FAMILIES) return `${FAMILIES[error.family]}.${error.reason}`;
  if (error.family === "TooLargeError") return "failed.too_large";
  if (error.family === "NotForMeError") return "fault.not_for_me";
  return `failed.${error.reason}`;
}

/** Whether the server's session has ended. */
export const signedOut = (error) => error.name === "ApiError" && error.status === 401;

/** Whether it has because a new key of the person's counts: what opened the old one opens nothing. */
export const newKeyCounts = (error) => signedOut(error) && error.code === "new_key";

/** Whether the Worker, and with it every key, is gone. */
export const keysGone = (error) =>
  error.name === "SealingError" && ["timeout", "restarted", "locked"].includes(error.reason);

/** Whether the try costs work first. */
export const priced = (error) => error.name === "ApiError" && error.code === "price";

export const notThere = (error) => error.name === "ApiError" && error.status === 404;

export const outOfTurn = (error) =>
  error.name === "ApiError" && error.status === 409 && error.code === "out_of_turn";

export const wrongPassphrase = (error) =>
  error.name === "SealingError" && error.reason === "wrong_passphrase";

/** Whether nobody knows if the request arrived. */
export const noAnswer = (error) =>
  error.name === "ApiError" && (error.status === 0 || error.status >= 500);

const BROKEN = new Set(["KeyringError", "ThreadError", "NotForMeError", "SealError"]);

/** Whether what the server gave does not hold together: trying again will not mend it. */
export const isFault = (error) => error.name === "SealingError" && BROKEN.has(error.family);
