// The browser's own check of signatures: one verdict with ours, or it is not used.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isStrict, verifySoon } from "../../whistle/web/static/js/sealing/verifying.js";
import { verify } from "../../whistle/web/static/js/sealing/signing.js";
import { readVectors } from "./support/paths.mjs";

const unhex = (written) => new Uint8Array(Buffer.from(written, "hex"));
const vectors = readVectors("ed25519.json").vectors.signatures.map(({ public: key, ...one }) => ({
  ...one,
  given: [unhex(key), unhex(one.signature), unhex(one.message)],
}));

async function reasonOf(task) {
  try {
    await task();
    return null;
  } catch (error) {
    return error.reason;
  }
}

for (const [name, check] of [
  ["with the built-in check", undefined],
  ["with a check that refuses everything", async () => false],
  ["with one that fails", () => Promise.reject(new Error("not supported"))],
]) {
  for (const { comment, reason, given } of vectors) {
    test(`${comment}, ${name}`, async () => {
      assert.equal(await reasonOf(() => verifySoon(...given, check)), reason);
    });
  }
}

/** What the library computes, with one edge of the public vectors judged otherwise. */
const laxIn = (comment) => async (...given) => {
  const one = vectors.find((each) => each.comment.startsWith(comment));
  const same = (bytes, at) => Buffer.compare(bytes, one.given[at]) === 0;
  return given.every(same) || (await reasonOf(() => verify(...given))) === null;
};

test("a check that is as strict as ours is used, a lax or a broken one is not", async () => {
  assert.ok(await isStrict(laxIn("an ordinary signature")));
  assert.ok(!(await isStrict(laxIn("R has a part of small order"))));
  assert.ok(!(await isStrict(laxIn("R is the neutral point, not written canonically"))));
  assert.ok(!(await isStrict(async () => true)));
  assert.ok(!(await isStrict(async () => false)));
  assert.ok(!(await isStrict(() => Promise.reject(new Error("not supported")))));
  assert.ok(!(await isStrict(() => { throw new Error("not supported"); })));
});
