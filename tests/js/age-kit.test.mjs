// The public age test kit (C2SP/CCTV, 143 files) against the vendored, bundled library.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { inflateSync } from "node:zlib";

import { dearmor, Decrypter } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { readVectors } from "./support/paths.mjs";

const KIT = readVectors("cctv/vectors.json");

function parse(file) {
  const end = file.indexOf("\n\n");
  const facts = file
    .subarray(0, end)
    .toString("utf8")
    .split("\n")
    .map((line) => line.split(/: (.*)/s).slice(0, 2));
  const values = (name) => facts.filter(([key]) => key === name).map(([, value]) => value);
  const [compressed] = values("compressed");
  assert.ok([undefined, "zlib"].includes(compressed));
  const rest = file.subarray(end + 2);
  return { values, body: compressed ? inflateSync(rest) : rest };
}

async function opened({ values, body }) {
  const decrypter = new Decrypter();
  for (const passphrase of values("passphrase")) decrypter.addPassphrase(passphrase);
  for (const identity of values("identity")) decrypter.addIdentity(identity);
  const armored = values("armored")[0] === "yes";
  const file = armored ? dearmor(body.toString("latin1")) : new Uint8Array(body);
  return decrypter.decrypt(file);
}

test("the kit is whole", () => assert.equal(Object.keys(KIT).length, 143));

for (const [name, base64] of Object.entries(KIT)) {
  test(`age kit: ${name}`, async () => {
    const vector = parse(Buffer.from(base64, "base64"));
    const [expected] = vector.values("expect");
    if (expected !== "success") {
      await assert.rejects(() => opened(vector));
      return;
    }
    const hash = createHash("sha256").update(await opened(vector)).digest("hex");
    assert.equal(hash, vector.values("payload")[0]);
  });
}
