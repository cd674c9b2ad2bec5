// Sending: what is new is shown first, and nothing is ever sent twice.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, openApi } from "../../whistle/web/static/js/desk/api.js";
import { codeOf, isFault, keysGone, signedOut } from "../../whistle/web/static/js/desk/failures.js";
import { sendEntry } from "../../whistle/web/static/js/desk/send.js";

/** A case to which others write: `taken` numbers are gone before ours come. */
function madeCase({ taken = 0, losesAnswers = 0 } = {}) {
  const there = [];
  const seen = { reloads: 0, sealed: 0 };
  let next = 1;
  let lost = losesAnswers;
  for (let seq = 1; seq <= taken; seq += 1) there.push({ seq, by: "somebody else" });
  return {
    there,
    seen,
    steps: {
      key: "text",
      unanswered: new Map(),
      make: async () => ({ seq: next, by: "me", bytes: (seen.sealed += 1) }),
      post: async (entry) => {
        const same = there.some(({ seq, bytes }) => seq === entry.seq && bytes === entry.bytes);
        if (!same && entry.seq !== there.length + 1) throw new ApiError(409, "out_of_turn");
        if (!same) there.push(entry);
        if (lost > 0) {
          lost -= 1;
          throw new ApiError(0, "offline");
        }
      },
      reload: async () => {
        seen.reloads += 1;
        next = there.length + 1;
      },
      again: true,
    },
  };
}

test("what nobody stands in the way of is sent at once", async () => {
  const { steps, there } = madeCase();
  assert.equal(await sendEntry(steps), "sent");
  assert.equal(there.length, 1);
});

test("a message is sealed again after what is new was shown", async () => {
  const { steps, there, seen } = madeCase({ taken: 2 });
  assert.equal(await sendEntry(steps), "sent_after_news");
  assert.deepEqual([seen.reloads, seen.sealed], [1, 2]);
  assert.equal(there.at(-1).by, "me");
});

test("everything else shows what is new and is not sent", async () => {
  const { steps, there, seen } = madeCase({ taken: 2 });
  assert.equal(await sendEntry({ ...steps, again: false }), "news");
  assert.deepEqual([there.length, seen.reloads], [2, 1]);
});

test("when the answer was lost, the same bytes are sent again and stand there once", async () => {
  const { steps, there, seen } = madeCase({ losesAnswers: 1 });
  await assert.rejects(sendEntry(steps), { status: 0 });
  assert.equal(await sendEntry(steps), "sent");
  assert.deepEqual([there.length, seen.sealed], [1, 1]);
});

test("another text after a lost answer is another entry", async () => {
  const { steps, seen } = madeCase({ losesAnswers: 1 });
  await assert.rejects(sendEntry(steps), { status: 0 });
  assert.equal(await sendEntry({ ...steps, key: "another" }), "sent_after_news");
  assert.equal(seen.sealed, 3);
});

test("a refusal is passed on and nothing is tried again", async () => {
  const { steps, seen } = madeCase();
  const refused = { ...steps, post: () => Promise.reject(new ApiError(409, "closed")) };
  await assert.rejects(sendEntry(refused), { code: "closed" });
  assert.deepEqual([seen.reloads, seen.sealed], [0, 1]);
});

const answering = (status, body) => async () => ({
  ok: status < 400,
  status,
  json: async () => JSON.parse(body),
});

test("requests carry the page's token and go to this site only", async () => {
  const asked = [];
  const send = (...args) => {
    asked.push(args);
    return answering(200, "{}")();
  };
  const api = openApi({ token: "T", send });
  await api.signIn("anna", "123456");
  const [[path, options]] = asked;
  assert.equal(path, "/api/v1/desk/sign-in");
  assert.equal(options.headers["X-CSRFToken"], "T");
  assert.equal(options.credentials, "same-origin");
  assert.equal(options.body, '{"person":"anna","code":"123456"}');
});

test("a failure keeps status and code; no answer at all is status 0", async () => {
  const failing = (send) => openApi({ token: "T", send }).cases();
  await assert.rejects(failing(answering(401, '{"error":"signed_out"}')), {
    status: 401,
    code: "signed_out",
  });
  await assert.rejects(failing(answering(502, "<html>")), { status: 502, code: "unreadable" });
  const nobody = () => Promise.reject(new TypeError("no network"));
  await assert.rejects(failing(nobody), { status: 0, code: "offline" });
});

const sealing = (family, reason) =>
  Object.assign(new Error(reason), { name: "SealingError", family, reason });

test("each failure has the code of a sentence", () => {
  assert.equal(codeOf(new ApiError(0, "offline")), "failed.offline");
  assert.equal(codeOf(new ApiError(429, "rate")), "failed.busy");
  assert.equal(codeOf(new ApiError(409, "closed")), "failed.closed");
  assert.equal(codeOf(new ApiError(502, "unreadable")), "failed.server");
  assert.equal(codeOf(sealing("KeyringError", "rollback")), "keyring.fault.rollback");
  assert.equal(codeOf(sealing("ThreadError", "fork")), "fault.fork");
  assert.equal(codeOf(sealing("TooLargeError", "text")), "failed.too_large");
  assert.equal(codeOf(sealing("SealingError", "not_loaded")), "failed.not_loaded");
  assert.equal(codeOf(new TypeError("a slip of ours")), "failed");
});

test("what locks the desk, what is a fault of the case, and what is neither", () => {
  assert.ok(signedOut(new ApiError(401, "signed_out")));
  assert.ok(keysGone(sealing("SealingError", "timeout")));
  assert.ok(!keysGone(sealing("SealError", "wrong_passphrase")));
  assert.ok(isFault(sealing("ThreadError", "gap")));
  assert.ok(!isFault(new ApiError(500, "broken")));
});

/** A server whose cookie is gone: it takes the token "fresh" only, and knows nobody. */
function withoutCookie() {
  const asked = [];
  return {
    asked,
    send: async (path, { method, headers }) => {
      asked.push(`${method} ${path.replace("/api/v1", "")}`);
      const answer = (status, body) => ({ ok: status < 400, status, json: async () => body });
      if (path.endsWith("/token")) return answer(200, { token: "fresh" });
      if (headers["X-CSRFToken"] !== "fresh") return answer(400, { error: "csrf" });
      return answer(200, { nonce: "n", key_file: "k" });
    },
  };
}

test("without its cookie the desk fetches a fresh token, and signing in goes on", async () => {
  const { asked, send } = withoutCookie();
  const api = openApi({ token: "old", send });
  assert.equal((await api.signIn("anna", "123456")).nonce, "n");
  assert.deepEqual(asked, ["POST /desk/sign-in", "GET /desk/token", "POST /desk/sign-in"]);
});

test("an entry is never sent again under a cookie that may be somebody else's", async () => {
  const { asked, send } = withoutCookie();
  const api = openApi({ token: "old", send });
  await assert.rejects(api.append("c", {}), { status: 401, code: "signed_out" });
  assert.deepEqual(asked, ["POST /desk/cases/c/entries", "GET /desk/token"]);
});

test("a browser that keeps no cookie is told so, and not asked for ever", async () => {
  const asked = [];
  const send = async (path) => {
    asked.push(path);
    if (path.endsWith("/token")) return { ok: true, status: 200, json: async () => ({ token: "t" }) };
    return { ok: false, status: 400, json: async () => ({ error: "csrf" }) };
  };
  await assert.rejects(openApi({ token: "old", send }).signIn("anna", "1"), { code: "csrf" });
  assert.equal(asked.length, 3);
});
