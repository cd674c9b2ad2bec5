// A key that opens many files: the browser's own ML-KEM and the library's give one verdict.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { open, privateKey, privateSeed, seal } from "../../whistle/web/static/js/sealing/age.js";
import { utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { Hybrid } from "../../whistle/web/static/js/sealing/hybrid.js";
import { Decrypter, identityToRecipient } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { readVectors } from "./support/paths.mjs";
import { refused } from "./support/refused.mjs";

const KIT = readVectors("cctv/vectors.json");
const any = { sizeAllowed: () => true };

function read(base64) {
  const file = Buffer.from(base64, "base64");
  const end = file.indexOf("\n\n");
  const facts = new Map(
    file.subarray(0, end).toString("utf8").split("\n").map((line) => line.split(/: (.*)/s)),
  );
  return { facts, body: new Uint8Array(file.subarray(end + 2)) };
}

const hybrid = Object.entries(KIT)
  .map(([name, base64]) => ({ name, ...read(base64) }))
  .filter(({ facts }) => facts.get("identity")?.startsWith("AGE-SECRET-KEY-PQ-1"))
  .filter(({ facts }) => facts.get("armored") !== "yes" && !facts.has("compressed"));

test("the kit has files for such keys", () => assert.ok(hybrid.length > 10));

for (const own of [true, false]) {
  for (const { name, facts, body } of hybrid) {
    test(`age kit: ${name}, ${own ? "built in" : "from the library"}`, async () => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(await Hybrid.from(privateSeed(facts.get("identity")), { own }));
      const task = () => decrypter.decrypt(body);
      if (facts.get("expect") !== "success") return assert.rejects(task);
      const hash = createHash("sha256").update(await task()).digest("hex");
      return assert.equal(hash, facts.get("payload"));
    });
  }
}

test("both have the library's public key", async () => {
  const { text, publicText } = await privateKey();
  assert.equal(publicText, await identityToRecipient(text));
  const seed = privateSeed(text);
  const [one, other] = [await Hybrid.from(seed), await Hybrid.from(seed, { own: false })];
  assert.deepEqual(one.publicBytes, other.publicBytes);
});

test("where the browser has no ML-KEM, the library does the work", async () => {
  const kept = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  const { publicText, text } = await privateKey();
  const sealed = await seal(utf8("hej"), [publicText]);
  Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
  const key = await Hybrid.from(privateSeed(text)).finally(() =>
    Object.defineProperty(globalThis, "crypto", kept),
  );
  assert.equal(key.parts.decapsulate.constructor.name, "Function");
  assert.deepEqual(await open(sealed, [{ hybrid: key }], { ...any, stanzas: 1 }), utf8("hej"));
});

test("one key opens many files; a file for others is told apart from a broken one", async () => {
  const [mine, other] = [await privateKey(), await privateKey()];
  for (let at = 0; at < 3; at += 1) {
    const sealed = await seal(utf8(`${at}`), [other.publicText, mine.publicText]);
    assert.deepEqual(await open(sealed, [mine], { ...any, stanzas: 2 }), utf8(`${at}`));
    sealed[sealed.length - 1] ^= 1;
    await refused(() => open(sealed, [mine], { ...any, stanzas: 2 }), "SealError", "damaged");
  }
  const foreign = await seal(utf8("x"), [other.publicText]);
  await refused(() => open(foreign, [mine], { ...any, stanzas: 1 }), "NotForMeError", "no_match");
});
