// The page's side of a Worker: what is pending is always answered, and late Workers are killed.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { openSealing, SealingError } from "../../whistle/web/static/js/sealing-client.js";

let workers;

class FakeWorker {
  constructor(url, options) {
    Object.assign(this, { url, options, sent: [], killed: false });
    workers.push(this);
  }

  postMessage(message) {
    this.sent.push(message);
  }

  terminate() {
    this.killed = true;
  }

  say(data) {
    this.onmessage({ data });
  }
}

beforeEach(() => {
  workers = [];
  globalThis.Worker = FakeWorker;
  mock.timers.enable({ apis: ["setTimeout"] });
});

afterEach(() => mock.timers.reset());

const sealing = () => openSealing({ worker: "/w.js", builtOn: "2026-11-20", root: "ssh-ed25519 A" });
const settled = () => new Promise((resolve) => setImmediate(resolve));
const failure = (promise) =>
  promise.then(
    () => assert.fail("was answered"),
    (error) => {
      assert.ok(error instanceof SealingError);
      return [error.family, error.reason];
    },
  );

async function started(given = sealing()) {
  given.start();
  workers.at(-1).say({ ready: true });
  await settled();
  return given;
}

test("no Worker is fetched before it is needed, and one for all requests", async () => {
  const given = sealing();
  assert.equal(workers.length, 0);
  const [one, two] = [given.ask("newReceipt"), given.ask("forget", { a: 1 })];
  assert.equal(workers.length, 1);
  const [worker] = workers;
  assert.deepEqual([worker.url, worker.options], ["/w.js", { type: "module" }]);
  worker.say({ ready: true });
  await settled();
  assert.deepEqual(worker.sent, [
    { id: 1, ask: "newReceipt", params: { builtOn: "2026-11-20", root: "ssh-ed25519 A" } },
    { id: 2, ask: "forget", params: { builtOn: "2026-11-20", root: "ssh-ed25519 A", a: 1 } },
  ]);
  worker.say({ id: 2, ok: true, value: {} });
  worker.say({ id: 1, ok: true, value: { receipt: "x" } });
  assert.deepEqual(await Promise.all([one, two]), [{ receipt: "x" }, {}]);
});

test("a refusal keeps its family, reason and facts", async () => {
  const given = await started();
  const asked = given.ask("prepareFiling");
  await settled();
  const facts = { readers: [{ id: "eva" }] };
  workers[0].say({ id: 1, ok: false, family: "FilingError", reason: "one_reader", facts });
  await assert.rejects(asked, { family: "FilingError", reason: "one_reader", facts });
});

test("past ten seconds the Worker is killed; the others are told that it was restarted", async () => {
  const given = await started();
  const late = failure(given.ask("openThread"));
  await settled();
  mock.timers.tick(9000);
  const other = failure(given.ask("makeEntry"));
  await settled();
  mock.timers.tick(1000);
  assert.deepEqual(await late, ["SealingError", "timeout"]);
  assert.deepEqual(await other, ["SealingError", "restarted"]);
  assert.equal(workers[0].killed, true);
  const again = given.ask("newReceipt");
  workers[1].say({ ready: true });
  await settled();
  workers[1].say({ id: 3, ok: true, value: { receipt: "y" } });
  assert.deepEqual(await again, { receipt: "y" });
});

test("opening a passphrase may take a minute", async () => {
  const given = await started();
  const asked = failure(given.ask("unlock"));
  await settled();
  mock.timers.tick(59999);
  assert.equal(workers[0].killed, false);
  mock.timers.tick(1);
  assert.deepEqual(await asked, ["SealingError", "timeout"]);
});

test("the clock of a request starts when the Worker runs, not while it is fetched", async () => {
  const given = sealing();
  const asked = given.ask("newReceipt");
  mock.timers.tick(30000);
  workers[0].say({ ready: true });
  await settled();
  mock.timers.tick(9999);
  workers[0].say({ id: 1, ok: true, value: {} });
  assert.deepEqual(await asked, {});
});

test("a script that does not load, or loads too slowly, is told; the next request tries again", async () => {
  const given = sealing();
  const broken = failure(given.ask("newReceipt"));
  workers[0].onerror();
  assert.deepEqual(await broken, ["SealingError", "not_loaded"]);
  const slow = failure(given.ask("newReceipt"));
  assert.equal(workers.length, 2);
  mock.timers.tick(90000);
  assert.deepEqual(await slow, ["SealingError", "not_loaded"]);
  assert.equal(workers[1].killed, true);
});

test("stopping kills the Worker and answers what was pending", async () => {
  const given = await started();
  const asked = failure(given.ask("openThread"));
  await settled();
  given.stop();
  assert.deepEqual(await asked, ["SealingError", "restarted"]);
  assert.equal(workers[0].killed, true);
});

test("a head start that fails is no fault of the page", async () => {
  const given = sealing();
  given.start();
  workers[0].onerror();
  await settled();
});

test("stopping while the Worker is still fetched answers what waits for it", async () => {
  const given = sealing();
  const asked = failure(given.ask("newReceipt"));
  given.stop();
  assert.deepEqual(await asked, ["SealingError", "restarted"]);
  assert.equal(workers[0].killed, true);
});

test("a request between start and stop is answered too, and a late answer is nobody's", async () => {
  const given = sealing();
  const asked = failure(given.ask("newReceipt"));
  workers[0].say({ ready: true });
  given.stop();
  assert.deepEqual(await asked, ["SealingError", "restarted"]);
  workers[0].say({ id: 1, ok: true, value: {} });
  given.stop();
});

test("a sign of life winds the clock again, for two minutes at most", async () => {
  const given = await started();
  const asked = failure(given.ask("openThread"));
  await settled();
  for (let seconds = 9; seconds < 120; seconds += 9) {
    mock.timers.tick(9000);
    assert.equal(workers[0].killed, false);
    workers[0].say({ id: 1, alive: true });
  }
  mock.timers.tick(3000);
  assert.deepEqual(await asked, ["SealingError", "timeout"]);
  assert.equal(workers[0].killed, true);
});
