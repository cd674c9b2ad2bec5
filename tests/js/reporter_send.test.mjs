// A report arrives once: lost answers, a newer keyring, a report that is there already.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sendReport } from "../../whistle/web/static/js/reporter/send.js";

const CODE = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA";
const READERS = [{ id: "anna", name: "Anna", role_text: "Lawyer" }];
const LETTER = { code: CODE, channel: "main", body: { language: "en" }, leftOut: [] };

const failure = ({ status }) => `failure ${status}`;

/** A Worker that seals anew at each request, and a server that gives the answers in turn. */
function stage(answers, { readers = READERS, recovery = null, keyring = { status: 200, json: { newer: true } } } = {}) {
  const asked = [];
  const posted = [];
  const sealing = {
    async ask(name, params) {
      asked.push([name, params]);
      if (name === "readKeyring") return { channels: { main: readers }, recovery };
      if (name === "prepareFiling") return { filing: `sealed ${asked.length}`, receipt: CODE };
      return { token: "token" };
    },
  };
  const net = {
    failure,
    getKeyring: async () => keyring,
    async postReport(filing) {
      posted.push(filing);
      return answers.shift();
    },
  };
  const held = { keyringAnswer: { first: true }, readers: READERS };
  return { asked, posted, held, send: (letter = LETTER) => sendReport(sealing, net, letter, held), sealing, net };
}

const RECEIPT = {
  received_on: "2026-11-22",
  feedback_due_on: "2027-02-22",
  next_seq: 3,
  head_sha256: "A".repeat(43),
};
const created = { status: 201, json: RECEIPT };

test("a report that arrives is told with the server's answer", async () => {
  const { send } = stage([created]);
  assert.deepEqual(await send(), { kind: "sent", answer: created.json });
});

test("after a lost answer the very same bytes are sent again", async () => {
  const { send, posted } = stage([{ status: 0, json: {} }, { status: 200, json: RECEIPT }]);
  assert.deepEqual(await send(), { kind: "failed", code: "failure 0" });
  assert.equal((await send()).kind, "sent");
  assert.equal(posted.length, 2);
  assert.equal(posted[0], posted[1]);
});

for (const [what, json] of Object.entries({
  "a page of the network's own": {},
  "an answer without the hash": { ...RECEIPT, head_sha256: undefined },
  "an answer without dates": { ...RECEIPT, received_on: undefined },
  "a date that is none": { ...RECEIPT, feedback_due_on: "soon" },
})) {
  test(`${what} is not taken for "sent"`, async () => {
    const { send, held } = stage([{ status: 200, json }]);
    assert.deepEqual(await send(), { kind: "failed", code: "failure 200" });
    assert.notEqual(held.made, null, "the same bytes are kept for the next press");
  });
}

test("changed answers are sealed anew", async () => {
  const { send, posted } = stage([{ status: 0, json: {} }, created]);
  await send();
  await send({ ...LETTER, leftOut: ["bo"] });
  assert.notEqual(posted[0], posted[1]);
});

test("the Worker is given the shown code before it seals", async () => {
  const { send, asked } = stage([created]);
  await send();
  assert.deepEqual(asked[0], ["openMailbox", { code: CODE }]);
  assert.equal(asked[1][0], "prepareFiling");
  assert.ok(!("code" in asked[1][1]));
});

test("bytes sealed under another code are never sent", async () => {
  const { send, posted, sealing } = stage([created]);
  const ask = sealing.ask;
  sealing.ask = async (name, params) => ({ ...(await ask(name, params)), receipt: "other" });
  assert.deepEqual(await send(), { kind: "failed", code: "cannot_seal" });
  assert.deepEqual(posted, []);
});

test("a newer keyring with the same readers: sealed again and sent", async () => {
  const { send, posted, held } = stage([{ status: 409, json: { error: "keyring_changed" } }, created]);
  assert.equal((await send()).kind, "sent");
  assert.notEqual(posted[0], posted[1]);
  assert.deepEqual(held.keyringAnswer, { newer: true });
});

test("a newer keyring with other readers: nothing is sent before the reporter has looked", async () => {
  const readers = [...READERS, { id: "dan", name: "Dan", role_text: "New" }];
  const { send, posted, held } = stage([{ status: 409, json: { error: "keyring_changed" } }], { readers });
  assert.deepEqual(await send(), { kind: "readers" });
  assert.equal(posted.length, 1);
  assert.equal(held.readers, readers);
});

test("a recovery key that is new is another who could read", async () => {
  const recovery = { k: 2, holders: [{ person: "dan", name: "Dan" }, { person: "eva", name: "Eva" }] };
  const { send, posted } = stage([{ status: 409, json: { error: "keyring_changed" } }], { recovery });
  assert.deepEqual(await send(), { kind: "readers" });
  assert.equal(posted.length, 1);
});

test("a newer keyring that does not come is a failure like another", async () => {
  const changed = { status: 409, json: { error: "keyring_changed" } };
  const { send } = stage([changed], { keyring: { status: 503, json: {} } });
  assert.deepEqual(await send(), { kind: "failed", code: "failure 503" });
});

test("a server that always has a newer keyring does not keep the browser busy for ever", async () => {
  const changed = { status: 409, json: { error: "keyring_changed" } };
  const { send, posted } = stage(Array(9).fill(changed));
  assert.deepEqual(await send(), { kind: "failed", code: "send_failed" });
  assert.equal(posted.length, 3);
});

test("another refusal is not taken for a report that is there already", async () => {
  const { send, posted } = stage([{ status: 409, json: { error: "conflict" } }, created]);
  assert.equal((await send()).kind, "failed");
  assert.equal(posted.length, 1);
});

test("a report that is there already stays as it is", async () => {
  const { send } = stage([{ status: 409, json: { error: "already_sent" } }]);
  assert.deepEqual(await send(), { kind: "already" });
});

for (const [family, reason, outcome] of [
  ["KeyringError", "signature", { kind: "failed", code: "keyring_bad" }],
  ["FilingError", "no_readers", { kind: "readers" }],
  ["FilingError", "one_reader", { kind: "readers" }],
  ["FilingError", "unknown_channel", { kind: "failed", code: "cannot_seal" }],
  ["TooLargeError", "text", { kind: "failed", code: "cannot_seal" }],
  ["SealingError", "timeout", { kind: "failed", code: "cannot_seal" }],
]) {
  test(`${family} ${reason} sends nothing`, async () => {
    const { send, posted, sealing } = stage([created]);
    sealing.ask = async () => {
      throw Object.assign(new Error(family), { family, reason });
    };
    assert.deepEqual(await send(), outcome);
    assert.deepEqual(posted, []);
  });
}

const PRICE = { status: 429, json: { error: "price", bits: 12, most: 20, at: 7 } };

/** A stage whose Worker solves, and that keeps what was paid. */
function paying(answers) {
  const made = stage(answers);
  const { ask } = made.sealing;
  const paid = [];
  made.sealing.ask = async (name, params) =>
    name === "pay" ? { number: params.bits } : ask(name, params);
  made.net.postReport = async (filing, work) => {
    paid.push(work);
    return answers.shift();
  };
  return { ...made, paid };
}

test("a price is paid, then the most that it can be, and the person is told", async () => {
  const { sealing, net, held, paid } = paying([PRICE, PRICE, created]);
  let told = 0;
  const outcome = await sendReport(sealing, net, LETTER, held, () => (told += 1));
  assert.equal(outcome.kind, "sent");
  assert.deepEqual(paid, [null, { at: 7, number: 12 }, { at: 7, number: 20 }]);
  assert.equal(told, 2);
});

test("a price beyond reason, or work that was cut off, is told as busy", async () => {
  const mad = { status: 429, json: { ...PRICE.json, bits: 60 } };
  const first = paying([mad]);
  const busy = { kind: "failed", code: "busy" };
  assert.deepEqual(await sendReport(first.sealing, first.net, LETTER, first.held), busy);
  const second = paying([PRICE]);
  const { ask } = second.sealing;
  second.sealing.ask = async (name, params) => {
    if (name === "pay") throw Object.assign(new Error("stopped"), { family: "SealingError" });
    return ask(name, params);
  };
  assert.deepEqual(await sendReport(second.sealing, second.net, LETTER, second.held), busy);
});
