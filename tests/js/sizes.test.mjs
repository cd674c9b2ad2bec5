// Pad sizes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { entrySize, padme } from "../../whistle/web/static/js/sealing/padding.js";
import { refused } from "./support/refused.mjs";

test("an entry takes the first of four sizes that it fits", async () => {
  const cases = [[0, 4], [4096, 4], [4097, 16], [16384, 16], [16385, 64], [65537, 256], [262144, 256]];
  for (const [used, kib] of cases) assert.equal(entrySize(used), kib * 1024);
  await refused(() => entrySize(262145), "TooLargeError", "entry");
});

test("Padmé is the same as in whole-number arithmetic, up to 2^52", () => {
  const exact = (size) => {
    if (size <= 4096n) return 4096n;
    const exponent = BigInt(size.toString(2).length - 1);
    const low = exponent - BigInt(exponent.toString(2).length);
    const mask = (1n << low) - 1n;
    return (size + mask) & ~mask;
  };
  for (let bits = 0n; bits <= 52n; bits += 1n) {
    for (const size of [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n, (2n ** bits * 5n) / 4n]) {
      assert.equal(BigInt(padme(Number(size))), exact(size), `size ${size}`);
    }
  }
});
