/**
 * The desk's requests: JSON to and from this site, with the page's CSRF token.
 * A request that fails, fails with an ApiError: its status (0: no answer came) and the server's code.
 *
 * The token belongs to a cookie. When the cookie is gone, or is another one, a fresh pair is fetched:
 * what signs in is then sent again, everything else is told that the sign-in has ended. It is never
 * sent again by itself, because the new cookie may be somebody else's.
 */

export class ApiError extends Error {
  constructor(status, code, facts = {}) {
    super(`${status} ${code}`);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

const BASE = "/api/v1";
const SIGNS_IN = new Set([
  "/desk/sign-in",
  "/desk/session",
  "/desk/passkeys/question",
  "/desk/passkeys/answer",
]);
const CHANGES = { done: "done", extend: "extension", postpone: "postponement" };

const oldToken = ({ status, code }) => status === 400 && code === "csrf";

/**
 * @param token  the CSRF token of the page
 * @param onAnswer  called after each answer: the server counts its idle time from there
 * @param send  stands in for fetch in tests
 */
export function openApi({ token, onAnswer = () => {}, send = (...args) => fetch(...args) }) {
  let current = token;

  async function ask(method, path, body) {
    try {
      return await once(method, path, body);
    } catch (error) {
      if (!oldToken(error)) throw error;
      current = (await once("GET", "/desk/token")).token;
      if (!SIGNS_IN.has(path) || method !== "POST") throw new ApiError(401, "signed_out");
      return once(method, path, body);
    }
  }

  async function once(method, path, body) {
    const answer = await request(method, path, body);
    onAnswer(answer.status);
    const read = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new ApiError(answer.status, read.error ?? "unreadable", read);
    return read;
  }

  async function request(method, path, body) {
    try {
      return await send(BASE + path, {
        method,
        credentials: "same-origin",
        cache: "no-store",
        headers: {
          "X-CSRFToken": current,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError(0, "offline");
    }
  }

  return {
    ask,
    keyring: () => ask("GET", "/keyring"),
    signIn: (person, code, paid) => ask("POST", "/desk/sign-in", { person, code, paid }),
    askPasskey: () => ask("POST", "/desk/passkeys/question"),
    answerPasskey: (answer) => ask("POST", "/desk/passkeys/answer", answer),
    openSession: (signature) => ask("POST", "/desk/session", { signature }),
    session: () => ask("GET", "/desk/session"),
    signOut: () => ask("DELETE", "/desk/session"),
    keys: () => ask("GET", "/desk/keys"),
    giveNewKey: (made) => ask("PUT", "/desk/keys/new", made),
    keyPrinted: () => ask("POST", "/desk/keys/printed"),
    changePassphrase: (keyFile) => ask("PUT", "/desk/keys/passphrase", { key_file: keyFile }),
    preparePasskey: () => ask("GET", "/desk/passkeys"),
    addPasskey: (made) => ask("POST", "/desk/passkeys", made),
    removePasskey: (id) => ask("DELETE", `/desk/passkeys/${id}`),
    sessions: () => ask("GET", "/desk/sessions"),
    endSession: (id) => ask("DELETE", `/desk/sessions/${id}`),
    endOtherSessions: () => ask("DELETE", "/desk/sessions"),
    cases: () => ask("GET", "/desk/cases"),
    pieces: (ids) => ask("POST", "/desk/pieces", { cases: ids }),
    case: (id) => ask("GET", `/desk/cases/${id}`),
    tasks: () => ask("GET", "/desk/tasks"),
    beginTask: (task) => ask("POST", "/desk/tasks", task),
    changeTask: (id, act, asked) => ask("POST", `/desk/tasks/${id}/${CHANGES[act]}`, asked),
    draft: () => ask("GET", "/desk/keyring-draft"),
    cosign: (signed) => ask("POST", "/desk/keyring-draft/cosignature", signed),
    feed: () => ask("GET", "/desk/feed"),
    makeFeed: () => ask("POST", "/desk/feed"),
    dropFeed: () => ask("DELETE", "/desk/feed"),
    reminders: () => ask("GET", "/desk/reminders"),
    chooseReminders: (chosen) => ask("PUT", "/desk/reminders", chosen),
    approve: (id, approval) => ask("POST", `/desk/cases/${id}/erasures`, approval),
    changeAccess: (id, change) => ask("POST", `/desk/cases/${id}/access`, change),
    append: (id, entry) => ask("POST", `/desk/cases/${id}/entries`, entry),
  };
}
