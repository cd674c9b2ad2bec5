// The mailbox without the page: opening, reading, and one message that arrives once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { openMailbox, read, sendAct } from "../../whistle/web/static/js/reporter/mailbox.js";

const writeMessage = (sealing, net, view, text, held) =>
  sendAct(sealing, net, view, { act: "message", text }, held);

const REPORT = { seq: 1, mine: true, side: "reporter", body: {} };
const RECEIVED = { seq: 2, mine: false, side: "system", body: {} };
const ANSWER = { seq: 3, mine: false, side: "handler", body: { text: "When?" } };
const own = (seq, text) => ({ seq, mine: true, side: "reporter", body: { text } });

/** A Worker that shows the given threads one after the other, and a server's answers in turn. */
function stage({ threads = [[REPORT, RECEIVED]], boxes = [], posts = [], fault = null } = {}) {
  const posted = [];
  let sealed = 0;
  const sealing = {
    async ask(name) {
      if (name === "openMailbox") return { token: "token" };
      if (name === "makeEntry") return { seq: 0, kind: "message", sealed: `sealed ${(sealed += 1)}` };
      const entries = threads.length > 1 ? threads.shift() : threads[0];
      return { entries, fault };
    },
  };
  const net = {
    failure: ({ status }) => `failure ${status}`,
    getMailbox: async () => boxes.shift() ?? { status: 200, json: { dates: {}, law: {} } },
    async postEntry(token, entry) {
      posted.push([token, entry.sealed]);
      return posts.shift() ?? { status: 201, json: {} };
    },
  };
  return { sealing, net, posted };
}

const fails = (family) => async () => {
  throw Object.assign(new Error(family), { family });
};

const OUT_OF_TURN = { status: 409, json: { error: "out_of_turn" } };
const view = (entries) => ({ token: "token", dates: {}, law: {}, entries, fault: null });

test("an empty field asks for the code, and the server nothing", async () => {
  const { sealing, net } = stage();
  sealing.ask = () => assert.fail("opened");
  net.getMailbox = () => assert.fail("asked");
  assert.deepEqual(await openMailbox(sealing, net, " "), { code: "code_empty" });
});

test("a mistyped code asks the server nothing", async () => {
  const { sealing, net } = stage();
  sealing.ask = fails("ReceiptError");
  net.getMailbox = () => assert.fail("asked");
  assert.deepEqual(await openMailbox(sealing, net, "abc"), { code: "code_wrong" });
});

test("a code that opens gives the verified thread", async () => {
  const { sealing, net } = stage();
  assert.deepEqual(await openMailbox(sealing, net, "code"), view([REPORT, RECEIVED]));
});

for (const [status, code] of [[404, "unknown_code"], [0, "no_connection"], [503, "failure 503"]]) {
  test(`an answer ${status} is told`, async () => {
    const { sealing, net } = stage({ boxes: [{ status, json: {} }] });
    assert.deepEqual(await openMailbox(sealing, net, "code"), { code });
  });
}

for (const [family, code] of [["KeyringError", "keyring_bad"], ["SealError", "not_opened"]]) {
  test(`${family} while opening is told, and nothing is shown`, async () => {
    const { sealing, net } = stage();
    sealing.ask = fails(family);
    assert.deepEqual(await read(sealing, net, "token"), { code });
  });
}

test("a message arrives and the thread is read anew", async () => {
  const { sealing, net, posted } = stage({ threads: [[REPORT, RECEIVED, own(3, "More")]] });
  const { said, view: newer } = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.equal(said, "sent_now");
  assert.equal(newer.entries.length, 3);
  assert.equal(posted.length, 1);
});

test("after a lost answer the very same bytes are sent again", async () => {
  const { sealing, net, posted } = stage({ posts: [{ status: 0, json: {} }, { status: 200, json: {} }] });
  const held = {};
  const lost = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", held);
  assert.deepEqual(lost, { code: "failure 0" });
  assert.equal((await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", held)).said, "sent_now");
  assert.deepEqual(posted[0], posted[1]);
});

test("out of turn: what came is read, and the message is sealed again", async () => {
  const threads = [[REPORT, RECEIVED, ANSWER], [REPORT, RECEIVED, ANSWER, own(4, "More")]];
  const { sealing, net, posted } = stage({ threads, posts: [OUT_OF_TURN] });
  const { said, view: newer } = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.equal(said, "sent_after");
  assert.equal(newer.entries.length, 4);
  assert.notEqual(posted[0][1], posted[1][1]);
});

test("out of turn because the message had arrived: it is not sent twice", async () => {
  const threads = [[REPORT, RECEIVED, own(3, "More")]];
  const { sealing, net, posted } = stage({ threads, posts: [OUT_OF_TURN] });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome.said, outcome.kept, posted.length], ["sent_now", false, 1]);
});

test("an earlier wording that had arrived is shown, and the new one waits", async () => {
  const threads = [[REPORT, RECEIVED, own(3, "Mor")]];
  const { sealing, net, posted } = stage({ threads, posts: [OUT_OF_TURN] });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome.said, outcome.kept, posted.length], ["came_before", true, 1]);
});

test("a thread that no longer verifies takes no message", async () => {
  const { sealing, net, posted } = stage({ posts: [OUT_OF_TURN], fault: { reason: "gap" } });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome.said, outcome.view.fault.reason, posted.length], [undefined, "gap", 1]);
});

test("a message that cannot be sealed is not sent", async () => {
  const { sealing, net, posted } = stage();
  sealing.ask = fails("SealingError");
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome, posted], [{ code: "cannot_seal" }, []]);
});

test("out of turn again and again: it is tried three times, then told, with what came", async () => {
  const threads = [3, 4, 5].map((seq) => [REPORT, RECEIVED, { ...ANSWER, seq }]);
  const { sealing, net, posted } = stage({ threads, posts: Array(9).fill(OUT_OF_TURN) });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome.code, outcome.said, posted.length], ["send_failed", undefined, 3]);
  assert.equal(outcome.view.entries.at(-1).seq, 5);
});

for (const json of [{ error: "out_of_order" }, { error: "conflict" }, {}]) {
  test(`a refusal ${JSON.stringify(json)} is told at once, and not tried again`, async () => {
    const { sealing, net, posted } = stage({ posts: Array(9).fill({ status: 409, json }) });
    const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
    assert.deepEqual([outcome, posted.length], [{ code: "failure 409" }, 1]);
  });
}

test("a refusal after something else came first is told below what came", async () => {
  const threads = [[REPORT, RECEIVED, ANSWER]];
  const posts = [OUT_OF_TURN, { status: 409, json: { error: "out_of_order" } }];
  const { sealing, net, posted } = stage({ threads, posts });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome.code, outcome.view.entries.length, posted.length], ["failure 409", 3, 2]);
});

test("what the case's rules do not allow any more is told below what has happened", async () => {
  const threads = [[REPORT, RECEIVED, ANSWER]];
  const { sealing, net, posted } = stage({ threads, posts: [{ status: 409, json: { error: "closed" } }] });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual([outcome.code, outcome.view.entries.length, posted.length], ["not_now", 3, 1]);
});

test("what has happened is not said to be shown where it could not be read", async () => {
  const posts = [{ status: 409, json: { error: "closed" } }];
  const { sealing, net } = stage({ posts, boxes: [{ status: 0, json: {} }] });
  const outcome = await writeMessage(sealing, net, view([REPORT, RECEIVED]), "More", {});
  assert.deepEqual(outcome, { code: "no_connection" });
});
