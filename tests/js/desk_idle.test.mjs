// The lock: it warns a minute before, it comes on time, and the server's session outlasts it.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LOCK_AFTER,
  PING_AFTER,
  WARN_BEFORE,
  watchIdle,
} from "../../whistle/web/static/js/desk/idle.js";

const SERVER_NOTES_EVERY = 60_000; // services/entrance/sign_in.py NOTED_EVERY
const SERVER_IDLE = 15 * 60_000; // services/entrance/sign_in.py IDLE_LASTS

/** A clock that is moved by hand, with its timers. */
function madeClock() {
  let time = 0;
  let last = 0;
  const waiting = new Map();
  return {
    now: () => time,
    set(work, ms) {
      last += 1;
      waiting.set(last, { at: time + ms, work });
      return last;
    },
    clear: (id) => waiting.delete(id),
    pass(ms) {
      const end = time + ms;
      for (;;) {
        const due = [...waiting].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at);
        if (due.length === 0) break;
        const [id, { at, work }] = due[0];
        waiting.delete(id);
        time = Math.max(time, at);
        work();
      }
      time = end;
    },
    sleep(ms) {
      time += ms;
    },
  };
}

function watched(clock) {
  const said = [];
  const note = (what) => () => said.push([what, clock.now()]);
  const idle = watchIdle({
    now: clock.now,
    timers: clock,
    onWarn: note("warn"),
    onBack: note("back"),
    onLock: note("lock"),
    onPing: note("ping"),
  });
  return { said, idle };
}

test("without work it warns a minute before and locks after fifteen", () => {
  const clock = madeClock();
  const { said } = watched(clock);
  clock.pass(60 * 60_000);
  assert.deepEqual(said, [
    ["warn", LOCK_AFTER - WARN_BEFORE],
    ["lock", LOCK_AFTER],
  ]);
});

test("work after the warning takes it back and begins anew", () => {
  const clock = madeClock();
  const { said, idle } = watched(clock);
  clock.pass(LOCK_AFTER - 1);
  idle.worked();
  clock.pass(LOCK_AFTER - WARN_BEFORE - 1);
  assert.deepEqual(
    said.filter(([what]) => what !== "ping").map(([what]) => what),
    ["warn", "back"],
  );
});

test("a mere move of the pointer counts until it has warned, and not after that", () => {
  const clock = madeClock();
  const { said, idle } = watched(clock);
  clock.pass(60_000);
  idle.worked({ moved: true });
  clock.pass(LOCK_AFTER - WARN_BEFORE);
  idle.worked({ moved: true });
  clock.pass(WARN_BEFORE);
  assert.deepEqual(
    said.filter(([what]) => what !== "ping").map(([what]) => what),
    ["warn", "lock"],
  );
});

test("after a sleep of the machine the first sign of work locks, it does not unlock", () => {
  const clock = madeClock();
  const { said, idle } = watched(clock);
  clock.sleep(LOCK_AFTER + 1);
  idle.worked();
  assert.deepEqual(said, [["lock", LOCK_AFTER + 1]]);
  idle.worked();
  assert.equal(said.length, 1);
});

test("stopping stops everything", () => {
  const clock = madeClock();
  const { said, idle } = watched(clock);
  idle.worked();
  idle.stop();
  clock.pass(60 * 60_000);
  assert.deepEqual(said, []);
});

test("whenever somebody works, the server's session lasts until this page locks", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const clock = madeClock();
    let noted = 0; // the server notes a request once a minute at most
    const request = () => {
      if (clock.now() - noted >= SERVER_NOTES_EVERY) noted = clock.now();
    };
    let locked = null;
    const idle = watchIdle({
      now: clock.now,
      timers: clock,
      onWarn() {},
      onBack() {},
      onLock() {
        locked = clock.now();
      },
      onPing: request,
    });
    let random = seed;
    for (let turn = 0; turn < 50; turn += 1) {
      random = (random * 48271) % 2147483647;
      clock.pass(random % (4 * 60_000));
      idle.worked();
      if (random % 3 === 0) request();
    }
    clock.pass(60 * 60_000);
    assert.ok(locked - noted <= SERVER_IDLE, `seed ${seed}: ${locked - noted}`);
  }
});

test("a ping follows each sign of work by more than the server's minute", () => {
  assert.ok(PING_AFTER > SERVER_NOTES_EVERY);
});
