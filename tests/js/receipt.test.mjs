// The receipt code: leniently read, checked by itself, and what is derived from it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { b64u, hex, randomBytes } from "../../whistle/web/static/js/sealing/bytes.js";
import { ALPHABET, derive, generate, mailboxId, parse, write } from "../../whistle/web/static/js/sealing/receipt.js";
import { refused } from "./support/refused.mjs";

test("a code that is written is read back, in any case and spacing", () => {
  for (let turn = 0; turn < 200; turn += 1) {
    const raw = generate();
    const code = write(raw);
    assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
    const lenient = code.toLowerCase().replaceAll("0", "o").replaceAll("1", "l");
    for (const typed of [code, lenient, ` ${code.replaceAll("-", " \u2013\u00a0\u200b")}\n`]) {
      assert.deepEqual(parse(typed), raw);
    }
  }
});

test("every wrong symbol and every swap of two is noticed", async () => {
  const symbols = [...write(randomBytes(15)).replaceAll("-", "")];
  for (let at = 0; at < 25; at += 1) {
    for (const other of ALPHABET) {
      if (other === symbols[at]) continue;
      const typed = symbols.with(at, other).join("");
      await refused(() => parse(typed), "ReceiptError", "check");
    }
    for (let to = at + 1; to < 25; to += 1) {
      if (symbols[to] === symbols[at]) continue;
      const typed = symbols.with(at, symbols[to]).with(to, symbols[at]).join("");
      await refused(() => parse(typed), "ReceiptError", "check");
    }
  }
});

test("length is looked at before symbols, symbols before the check", async () => {
  await refused(() => parse(""), "ReceiptError", "length");
  await refused(() => parse("U".repeat(24)), "ReceiptError", "length");
  await refused(() => parse("U".repeat(25)), "ReceiptError", "symbol");
  await refused(() => parse(`${"0".repeat(24)}ı`), "ReceiptError", "symbol");
  await refused(() => parse(`${"0".repeat(24)}1`), "ReceiptError", "check");
});

test("the same code gives the same keys, and another code others", async () => {
  const raw = Uint8Array.from({ length: 15 }, (_, at) => at);
  const [one, two, other] = [await derive(raw), await derive(raw), await derive(generate())];
  assert.deepEqual([one.age.text, one.age.publicText], [two.age.text, two.age.publicText]);
  assert.deepEqual(one.mailboxId, mailboxId(one.token));
  assert.equal(b64u(one.signing.public), b64u(two.signing.public));
  assert.notEqual(hex(one.token), hex(other.token));
  assert.notEqual(one.age.publicText, other.age.publicText);
});
