// Half an hour without a sign of life drops the keys; five minutes before, a warning.

import assert from "node:assert/strict";
import { test } from "node:test";

import { END_AFTER, WARN_AFTER, watchIdle } from "../../whistle/web/static/js/reporter/idle.js";

/** A clock that is moved by hand. */
function stage() {
  const seen = [];
  let time = 0;
  let next = null;
  const timers = {
    set: (work, ms) => (next = { work, at: time + ms }),
    clear: () => (next = null),
  };
  const told = (name) => () => seen.push(name);
  const watch = watchIdle({
    now: () => time,
    timers,
    warn: told("warn"),
    calm: told("calm"),
    end: told("end"),
  });
  const pass = (ms) => {
    const until = time + ms;
    while (next && next.at <= until) {
      time = next.at;
      const { work } = next;
      next = null;
      work();
    }
    time = until;
  };
  const sleep = (ms) => (time += ms);
  return { seen, pass, sleep, watch, waiting: () => next !== null };
}

test("a warning, then the end", () => {
  const { seen, pass, waiting } = stage();
  pass(WARN_AFTER - 1);
  assert.deepEqual(seen, []);
  pass(1);
  assert.deepEqual(seen, ["warn"]);
  pass(END_AFTER - WARN_AFTER);
  assert.deepEqual(seen, ["warn", "end"]);
  assert.equal(waiting(), false);
});

test("a sign of life starts anew and takes the warning away", () => {
  const { seen, pass, watch } = stage();
  pass(WARN_AFTER);
  watch.worked();
  assert.deepEqual(seen, ["warn", "calm"]);
  pass(WARN_AFTER);
  assert.deepEqual(seen, ["warn", "calm", "warn"]);
});

test("after a sleep of the machine it is too late, whatever the timers did", () => {
  const { seen, sleep, watch } = stage();
  sleep(END_AFTER);
  watch.worked();
  assert.deepEqual(seen, ["end"]);
});

test("once ended or stopped, nothing starts it again", () => {
  const { seen, pass, watch } = stage();
  watch.stop();
  watch.worked();
  pass(2 * END_AFTER);
  assert.deepEqual(seen, []);
});
