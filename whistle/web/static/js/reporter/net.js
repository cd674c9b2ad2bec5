/**
 * Requests to this site. An answer is `{status, json}`; `status` is 0 when none came.
 * Nothing here decides or speaks, and nothing but sealed bytes and the mailbox token is sent.
 */

async function ask(address, options = {}) {
  try {
    const response = await fetch(address, { cache: "no-store", credentials: "omit", ...options });
    const json = await response.json().catch(() => ({}));
    return { status: response.status, json };
  } catch {
    return { status: 0, json: {} };
  }
}

export const getKeyring = () => ask("/api/v1/keyring");

/** `paid`: null, or {at, number} as `X-Paid` (docs/protocol.md section 6). */
export const postReport = (filing, paid) =>
  ask("/api/v1/reports", {
    method: "POST",
    headers: {
      "Content-Type": "application/octet-stream",
      ...(paid && { "X-Paid": `${paid.at}.${paid.number}` }),
    },
    body: filing,
  });

export const getMailbox = (token) =>
  ask("/api/v1/mailbox", { headers: { Authorization: `Bearer ${token}` } });

export const postEntry = (token, entry) =>
  ask("/api/v1/mailbox/entries", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(entry),
  });

/** The same page in another language, parsed but not run (XMLHttpRequest, response type document). */
export function getPage(address) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => resolve(request.status === 200 ? request.response : null);
    request.onerror = () => resolve(null);
    request.send();
  });
}

/** The code of the sentence for a request that did not succeed. */
export function failure({ status, json }) {
  if (status === 0) return navigator.onLine ? "no_answer" : "offline";
  if (status < 400) return "no_answer"; // something in between has answered, not this site
  if (status === 429 || json.error === "enough_for_today") return "busy";
  if (status === 503 || json.error === "closed") return "paused";
  return status >= 500 ? "send_failed" : "refused";
}
