// The price in work: the same numbers as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { solve, subject } from "../../whistle/web/static/js/sealing/puzzle.js";
import { readVectors } from "./support/paths.mjs";

for (const { person, code, at, bits, number } of readVectors("puzzle.json").vectors) {
  test(`the first number that pays for ${person.slice(0, 8)}`, () => {
    const asked = { at: Number(at), bits: Number(bits) };
    assert.equal(String(solve(subject("sign_in", person, code), asked)), number);
  });
}

test("whoever waits is told that the work goes on", () => {
  let told = 0;
  solve(subject("sign_in", "anna", "1"), { at: 1, bits: 14 }, () => (told += 1));
  assert.ok(told > 0);
});
