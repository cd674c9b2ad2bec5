// Bytes as they are written, and fair shuffling.

import assert from "node:assert/strict";
import { test } from "node:test";

import { b64u, fromB64u, hex, randomBytes, readU32, shuffled, u32 } from "../../whistle/web/static/js/sealing/bytes.js";
import { refused } from "./support/refused.mjs";

test("base64url goes there and back for every length, as node writes it", () => {
  for (let size = 0; size < 70; size += 1) {
    const bytes = randomBytes(size);
    assert.equal(b64u(bytes), Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromB64u(b64u(bytes)), bytes);
  }
  const large = new Uint8Array(300000).fill(7);
  assert.deepEqual(fromB64u(b64u(large)), large);
});

for (const written of ["A", "AAAAA", "AA==", "A+A", "A/A", "A A", "AB", "AAB", "å", "AA\n", null, 7]) {
  test(`refuses ${JSON.stringify(written)} as base64url`, () =>
    refused(() => fromB64u(written), "SealError", "value"));
}

test("refuses another size than is asked for", () =>
  refused(() => fromB64u("AAAA", "ThreadError", 2), "ThreadError", "value"));

test("numbers are big-endian, also within a part of a buffer", () => {
  assert.equal(hex(u32(0x01020304)), "01020304");
  assert.equal(readU32(Uint8Array.of(9, 9, 1, 2, 3, 4).subarray(1), 1), 0x01020304);
});

test("shuffling keeps every item and puts each at every place", () => {
  const seen = new Set();
  for (let turn = 0; turn < 400; turn += 1) {
    const mixed = shuffled(["a", "b", "c"]);
    assert.deepEqual([...mixed].sort(), ["a", "b", "c"]);
    seen.add(mixed.join(""));
  }
  assert.equal(seen.size, 6);
});
