// The thin face over the vendored library refuses what the library would let through.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, openWithPassphrase, privateKey, privateSeed, privateText, publicBytes, publicText, seal, shape } from "../../whistle/web/static/js/sealing/age.js";
import { randomBytes, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { Encrypter, identityToRecipient } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { refused } from "./support/refused.mjs";

const any = { sizeAllowed: () => true };
const CLASSIC = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

test("sealing to no keys is refused, the library would not", async () => {
  await refused(() => seal(utf8("x"), []), "SealError", "no_keys");
  assert.ok(await new Encrypter().encrypt("x"));
});

test("a classic key is refused, alone and among others", async () => {
  const classic = await identityToRecipient(CLASSIC);
  const { publicText: right } = await privateKey();
  for (const keys of [[classic], [right, classic], ["age1pq1"], [""], [undefined]]) {
    await refused(() => seal(utf8("x"), keys), "SealError", "public_key");
  }
});

test("keys go from bytes to text and back", async () => {
  const seed = randomBytes(32);
  const key = await privateKey(seed);
  assert.deepEqual(privateSeed(key.text), seed);
  assert.equal(privateText(seed), key.text);
  assert.equal(publicText(publicBytes(key.publicText)), key.publicText);
  for (const text of [CLASSIC, "", `${key.text}A`, key.text.toLowerCase()]) {
    await refused(() => privateSeed(text), "SealError", "private_key");
  }
});

test("what is sealed opens with each key, for sizes around a chunk", async () => {
  const keys = [await privateKey(), await privateKey(), await privateKey()];
  for (const size of [0, 1, 65535, 65536, 65537, 131072]) {
    const plaintext = new Uint8Array(size).fill(5);
    const sealed = await seal(plaintext, keys.map(({ publicText: text }) => text));
    const told = shape(sealed);
    assert.equal(told.plaintextSize, size);
    assert.deepEqual(told.stanzas, Array(3).fill("mlkem768x25519"));
    for (const { text } of keys) {
      assert.deepEqual(await open(sealed, [text], { ...any, stanzas: 3 }), plaintext);
    }
  }
});

test("stanzas are counted and named before a key is touched", async () => {
  const [one, two] = [await privateKey(), await privateKey()];
  const sealed = await seal(utf8("x"), [one.publicText, two.publicText]);
  const limits = [{ stanzas: 1 }, { stanzas: 3 }, { stanzasMax: 1 }];
  for (const limit of limits) {
    const task = () => open(sealed, [one.text], { ...any, ...limit });
    await refused(task, "SealError", "stanza_count");
  }
  const task = () => open(sealed, [one.text], { stanzas: 2, sizeAllowed: (size) => size > 1 });
  await refused(task, "SealError", "size");
  const classic = new Encrypter();
  classic.addRecipient(await identityToRecipient(CLASSIC));
  const other = await classic.encrypt("x");
  await refused(() => open(other, [one.text], { ...any, stanzas: 1 }), "SealError", "stanza_type");
});

test("every flipped byte, and every cut, is noticed", async () => {
  const { text, publicText: to } = await privateKey();
  const sealed = await seal(utf8("hej"), [to]);
  for (let at = 0; at < sealed.length; at += 37) {
    const broken = sealed.slice();
    broken[at] ^= 1;
    await assert.rejects(() => open(broken, [text], { ...any, stanzas: 1 }), { name: "WhistleError" });
    const cut = sealed.subarray(0, at);
    await assert.rejects(() => open(cut, [text], { ...any, stanzas: 1 }), { name: "WhistleError" });
  }
});

test("a stranger's key is told from damage", async () => {
  const [mine, other] = [await privateKey(), await privateKey()];
  const sealed = await seal(utf8("hej"), [mine.publicText]);
  const task = () => open(sealed, [other.text], { ...any, stanzas: 1 });
  await refused(task, "NotForMeError", "no_match");
});

test("a key file opens with its passphrase only, and must hold one passphrase stanza", async () => {
  const encrypter = new Encrypter();
  encrypter.setPassphrase("six words");
  encrypter.setScryptWorkFactor(4);
  const file = await encrypter.encrypt("secret");
  assert.equal(new TextDecoder().decode(await openWithPassphrase(file, "six words")), "secret");
  await refused(() => openWithPassphrase(file, "six word"), "SealError", "wrong_passphrase");
  const { publicText: to } = await privateKey();
  const sealed = await seal(utf8("x"), [to]);
  await refused(() => openWithPassphrase(sealed, "six words"), "SealError", "stanza_type");
});

test("a passphrase stanza that asks for too much work is refused before the work", async () => {
  const encrypter = new Encrypter();
  encrypter.setPassphrase("six words");
  encrypter.setScryptWorkFactor(4);
  const file = Buffer.from(await encrypter.encrypt("secret")).toString("latin1");
  for (const work of ["21", "30", "1000000", "x"]) {
    const greedy = new Uint8Array(Buffer.from(file.replace(/ 4\n/, ` ${work}\n`), "latin1"));
    await refused(() => openWithPassphrase(greedy, "six words"), "SealError", "work");
  }
});
