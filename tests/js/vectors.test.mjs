// The shared vectors: what pytest holds the Python code to, node holds the browser's code to.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { openWithPassphrase, privateKey, privateText, publicBytes, shape } from "../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, H, hex, readU32, text, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys } from "../../whistle/web/static/js/sealing/case-keys.js";
import { verifyThread } from "../../whistle/web/static/js/sealing/chain.js";
import { unpack } from "../../whistle/web/static/js/sealing/container.js";
import { parseJson } from "../../whistle/web/static/js/sealing/json.js";
import { parseKeyring, readers, state } from "../../whistle/web/static/js/sealing/keyring.js";
import { verifyChain } from "../../whistle/web/static/js/sealing/keyrings.js";
import { entrySize, padme } from "../../whistle/web/static/js/sealing/padding.js";
import { threadId } from "../../whistle/web/static/js/sealing/reading.js";
import { derive, parse, write } from "../../whistle/web/static/js/sealing/receipt.js";
import { signNewKey } from "../../whistle/web/static/js/sealing/new-key.js";
import { signIn } from "../../whistle/web/static/js/sealing/sign-in.js";
import { signUnopened } from "../../whistle/web/static/js/sealing/unopened.js";
import { checkPublic, handlerSigningKey, SigningKey, verify } from "../../whistle/web/static/js/sealing/signing.js";
import { parsePublicLine, verify as verifySsh } from "../../whistle/web/static/js/sealing/sshsig.js";
import { readVectors } from "./support/paths.mjs";

const vectors = (name) => readVectors(`${name}.json`).vectors;
const unhex = (written) => new Uint8Array(Buffer.from(written, "hex"));

/** The reason for which `task` fails, or null. */
async function reasonOf(task) {
  try {
    await task();
    return null;
  } catch (error) {
    if (!error.family) throw error;
    return error.reason;
  }
}

/** One test for each vector, that the outcome is the vector's reason. */
function judged(name, cases, task) {
  describe(name, () => {
    for (const one of cases) {
      test(one.comment ?? String(one.size), async () => {
        assert.equal(await reasonOf(() => task(one)), one.reason ?? null);
      });
    }
  });
}

const receipts = vectors("receipt");
test("receipt codes and what is derived from them", async () => {
  for (const one of receipts.good) {
    const raw = unhex(one.raw);
    const found = await derive(raw);
    assert.equal(write(raw), one.written);
    assert.deepEqual(parse(one.written), raw);
    assert.equal(found.age.text, one.age_private);
    assert.equal(found.age.publicText, one.age_public);
    assert.equal(hex(found.token), one.mailbox_token);
    assert.equal(hex(found.mailboxId), one.mailbox_id);
    assert.equal(hex(found.signing.public), one.sign_public);
    assert.equal(hex(new SigningKey(unhex(one.sign_seed)).public), one.sign_public);
  }
});
test("receipt codes as they are typed", () => {
  for (const { typed, raw, comment } of receipts.typed) {
    assert.equal(hex(parse(typed)), raw, comment);
  }
});
judged("receipt codes that are none", receipts.bad, ({ typed }) => parse(typed));

judged("strict JSON", vectors("json"), (one) =>
  parseJson(unhex(one.hex), 32 * 1024, "ThreadError"),
);

const pads = vectors("padding");
judged("pad sizes of entries", pads.entry, ({ size, padded }) => {
  assert.equal(entrySize(size), padded);
});
test("pad sizes of attachments", () => {
  for (const { size, padded } of pads.padme) assert.equal(padme(size), padded);
});

const handlers = vectors("handler");
test("what follows from a handler's seed", async () => {
  for (const one of handlers.handlers) {
    const seed = unhex(one.seed);
    assert.equal(privateText(seed), one.age_private);
    assert.equal((await privateKey(seed)).publicText, one.age_public);
    assert.equal(hex(H(publicBytes(one.age_public))), one.age_sha256);
    assert.equal(hex(handlerSigningKey(seed).public), one.sign_public);
  }
});
test("a handler's key file", async () => {
  for (const { sealed, passphrase, plaintext } of handlers.key_files) {
    assert.equal(text(await openWithPassphrase(unhex(sealed), passphrase)), plaintext);
  }
});
test("signing in", () => {
  const signing = handlerSigningKey(unhex(handlers.handlers[0].seed));
  for (const { origin, handler: id, nonce, message, signature } of handlers.sign_in) {
    assert.equal(hex(signIn({ id, signing }, origin, unhex(nonce))), signature);
    verify(signing.public, unhex(signature), unhex(message));
  }
});

test("giving a new key", async () => {
  const signing = handlerSigningKey(unhex(handlers.handlers[0].seed));
  for (const { handler: id, new_seed, age, sign, key_file, old_key, message, signature } of handlers.new_key) {
    const seed = unhex(new_seed);
    assert.equal(hex((await privateKey(seed)).publicBytes), age);
    assert.equal(hex(handlerSigningKey(seed).public), sign);
    const made = [age, sign, key_file, old_key].map(unhex);
    assert.equal(hex(signNewKey({ id, signing }, made)), signature);
    verify(signing.public, unhex(signature), unhex(message));
  }
});

test("signing that a case cannot be opened", () => {
  for (const { thread, case_age, newest_entry, message, signature, sign_public } of handlers.cannot_open) {
    const signing = handlerSigningKey(unhex(handlers.handlers[0].seed));
    const made = signUnopened(signing, unhex(thread), unhex(case_age), unhex(newest_entry));
    assert.equal(hex(made), signature);
    assert.equal(hex(signing.public), sign_public);
    verify(signing.public, made, unhex(message));
  }
});

const edges = vectors("ed25519");
judged("signing keys", edges.keys, (one) => checkPublic(unhex(one.public)));
judged("signatures", edges.signatures, (one) =>
  verify(unhex(one.public), unhex(one.signature), unhex(one.message)),
);
judged("OpenSSH signatures", vectors("sshsig"), (one) =>
  verifySsh(parsePublicLine(one.public), one.namespace, unhex(one.message), one.signature),
);

judged("containers", vectors("container"), (one) => {
  const content = fromB64u(one.content);
  const container = new Uint8Array(Math.max(one.size, content.length));
  container.set(content);
  return unpack(container).verify(unhex(one.public));
});

const keyrings = vectors("keyring");
judged("keyring files", keyrings.files, ({ file }) => parseKeyring(utf8(file)));
const signedOf = (numbers) =>
  numbers.map((number) => ({
    ...keyrings.signed[number],
    file: b64u(utf8(keyrings.signed[number].file)),
  }));
judged("chains of keyrings", keyrings.chains, (one) => {
  const chain = verifyChain({ root: one.root, keyrings: signedOf(one.keyrings) });
  for (const { on, serial } of one.in_force ?? []) assert.equal(chain.effective(on).serial, serial);
  for (const at of one.states ?? []) assert.equal(state(chain.newest, at.on), at.state);
  const last = one.in_force.at(-1).on;
  const ids = readers(chain.effective(last), "main", "2026-11-22").map(({ id }) => id);
  assert.deepEqual(ids, one.readers);
});

const filings = vectors("filing");
test("thread ids", () => {
  for (const one of filings.thread_ids) {
    const parts = [one.reporter_age, one.reporter_sign, one.case_key];
    assert.equal(b64u(threadId(...parts.map((part) => fromB64u(part)))), one.thread);
  }
});
for (const one of filings.filings) {
  test(`a filing: ${one.comment}`, async () => {
    const bytes = fromB64u(one.filing);
    const start = 14 + readU32(bytes, 10);
    const json = JSON.parse(text(bytes.subarray(14, start)));
    const caseAge = bytes.subarray(start, start + json.sizes[0]);
    const entry1 = bytes.subarray(start + json.sizes[0]);
    for (const key of ["channel", "mailbox_id", "thread", "left_out", "sizes"]) {
      assert.deepEqual(json[key], one[key]);
    }
    assert.equal(shape(caseAge).stanzas.length, one.stanzas);
    const opens = [];
    for (const [name, key] of Object.entries(one.private_keys)) {
      const found = await openCaseKeys(caseAge, key).catch(({ family }) => family);
      if (found !== "NotForMeError") opens.push(name);
      if (found !== "NotForMeError") assert.deepEqual(found, [one.case_key]);
    }
    assert.deepEqual(opens, one.opens);
    assert.equal(b64u(H(entry1)), one.entry1_sha256);
    const sealed = b64u(entry1);
    const record = { chain: "case", seq: 1, kind: "report", handler: null, on: one.on, sealed };
    const root = vectors("thread").root;
    const chain = verifyChain({ root, keyrings: one.keyrings });
    const given = { privateTexts: [one.case_key], keyrings: chain, thread: one.thread };
    const found = await verifyThread([record], given);
    assert.equal(found.fault, null);
    assert.deepEqual(found.entries[0].body, one.body);
  });
}

const threads = vectors("thread");
const recordsOf = (chain, rows) =>
  rows.map((row) => ({ chain, ...row, sealed: threads.sealed[row.sealed] ?? row.sealed }));

describe("threads", () => {
  const chain = verifyChain(threads);
  const shown = ({ seq, kind, side, author_id, author_name, author_role, body, alarm }) => {
    return { seq, kind, side, author_id, author_name, author_role, body, alarm };
  };
  for (const scene of threads.scenes) {
    test(scene.comment, async () => {
      const given = { keyrings: chain, privateTexts: scene.keys, thread: scene.thread };
      let entries;
      if (scene.chain === "desk") {
        const privateTexts = [threads.case_key];
        const found = await verifyThread(recordsOf("case", scene.case), { ...given, privateTexts });
        ({ entries } = found);
        given.thread = found.thread;
      }
      const records = recordsOf(scene.chain, scene.records);
      const found = await verifyThread(records, { ...given, reporter: scene.reporter, entries });
      assert.equal(found.fault?.reason ?? null, scene.reason);
      if (scene.reason === null) assert.deepEqual(found.entries.map(shown), scene.entries);
    });
  }
});
