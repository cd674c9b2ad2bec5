// Shift three times leaves; writing in capital letters does not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { shifts } from "../../whistle/web/static/js/reporter/guard.js";

/** Presses [key, milliseconds] in turn; returns how often it left. */
function press(...keys) {
  let left = 0;
  const listener = shifts(() => (left += 1));
  for (const [key, timeStamp, repeat = false] of keys) listener({ key, timeStamp, repeat });
  return left;
}

test("three presses in two seconds leave, once", () => {
  assert.equal(press(["Shift", 0], ["Shift", 500], ["Shift", 1900]), 1);
});

test("slower presses, two, or one that is held down do not", () => {
  assert.equal(press(["Shift", 0], ["Shift", 1500], ["Shift", 2100]), 0);
  assert.equal(press(["Shift", 0], ["Shift", 500]), 0);
  assert.equal(press(["Shift", 0], ["Shift", 30, true], ["Shift", 60, true]), 0);
});

test("capital letters do not", () => {
  assert.equal(press(["Shift", 0], ["A", 90], ["Shift", 300], ["B", 390], ["Shift", 600], ["C", 690]), 0);
});
