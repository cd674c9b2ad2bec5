// A passkey as a key: the same derivation as in Python, and key files of either open in the other.

import assert from "node:assert/strict";
import { test } from "node:test";

import { text } from "../../whistle/web/static/js/sealing/bytes.js";
import { privateKey } from "../../whistle/web/static/js/sealing/age.js";
import { identity, openKeyFile, sealKeyFile } from "../../whistle/web/static/js/sealing/passkey.js";
import { readVectors } from "./support/paths.mjs";
import { refused } from "./support/refused.mjs";

const { identities, key_files: keyFiles } = readVectors("passkey.json").vectors;
const bytes = (written) => new Uint8Array(Buffer.from(written, "hex"));

for (const one of identities) {
  test(`an identity follows from the secret ${one.prf.slice(0, 8)}`, async () => {
    const key = await identity(bytes(one.prf));
    assert.equal(key.text, one.age_private);
    assert.equal(key.publicText, one.age_public);
  });
}

for (const one of keyFiles) {
  test(`a key file: ${one.comment}`, async () => {
    const open = () => openKeyFile(bytes(one.sealed), bytes(one.prf));
    if (one.reason === undefined) assert.equal(text(await open()), `${one.private_key}\n`);
    else await refused(open, one.reason === "no_match" ? "NotForMeError" : "SealError", one.reason);
  });
}

test("what is sealed is opened again", async () => {
  const { text: written } = await privateKey();
  const secret = new Uint8Array(32).fill(7);
  assert.equal(text(await openKeyFile(await sealKeyFile(written, secret), secret)), `${written}\n`);
});
