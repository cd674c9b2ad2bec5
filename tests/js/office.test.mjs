// Joining and co-signing: what the office needs of a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, beforeEach, describe, test } from "node:test";

import { drawn, pathOf } from "../../whistle/web/static/js/join/square.js";
import { openWithPassphrase, publicBytes } from "../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, H, text, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { below, generate } from "../../whistle/web/static/js/sealing/passphrase.js";
import { fingerprint, listed } from "../../whistle/web/static/js/sealing/phrase.js";
import { handlerSigningKey, SigningKey } from "../../whistle/web/static/js/sealing/signing.js";
import { sign, verify } from "../../whistle/web/static/js/sealing/sshsig.js";
import { Encrypter } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { asHandler, fiveHandlers, Organisation, person, sshSign } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";
import { load } from "./support/worker.mjs";

const data = (name) => readFileSync(new URL(`../../whistle/data/${name}.txt`, import.meta.url), "utf8");
const phraseList = data("phrase_words");
const passphraseList = data("passphrase_words");
const builtOn = "2026-11-20";
const PASSPHRASE = "six made up words for tests";

describe("words", () => {
  test("a fingerprint is the one that the server's side computes", () => {
    const age = Uint8Array.from({ length: 1216 }, (_, at) => (at < 1024 ? at % 256 : 0));
    const words = fingerprint(age, new Uint8Array(32), listed(phraseList, 2048));
    assert.equal(words.join(" "), "enroll mind reopen relief bike debate piano foam");
  });

  test("a list that was cut or doubled is refused", async () => {
    for (const list of [phraseList.slice(phraseList.indexOf("\n") + 1), `${phraseList}abandon\n`, "", phraseList.replace("\n", "\n\n")]) {
      await refused(async () => listed(list, 2048), "SealingError", "word_list");
    }
  });

  test("each word is as likely as every other", () => {
    const rolls = [Uint8Array.of(255, 255), Uint8Array.of(0, 5)]; // 65 535 is over the fair ones
    assert.equal(below(7776, () => rolls.shift()), 5);
    assert.equal(generate(["a"], () => Uint8Array.of(0, 0)), "a a a a a a");
  });
});

describe("an OpenSSH signature", () => {
  const key = new SigningKey(new Uint8Array(32).fill(7));

  test("is byte for byte the one that ssh-keygen would write", () => {
    const message = utf8("a keyring");
    assert.equal(sign(key, "whistle-keyring-cosign-v1", message), sshSign(key, "whistle-keyring-cosign-v1", message));
    verify(key.public, "whistle-keyring-cosign-v1", message, sign(key, "whistle-keyring-cosign-v1", message));
  });
});

describe("a QR code", () => {
  test("is one path with a quiet border", () => {
    assert.equal(pathOf(["110", "001"]), "M4 4h2v1h-2zM6 5h1v1h-1z");
    assert.equal(typeof drawn, "function");
  });
});

describe("joining", () => {
  test("the key opens under the passphrase, and only after it was typed back", async () => {
    const ask = await load("join");
    await refused(() => ask("sealKey", { typed: "x" }), "SealingError", "no_key");
    const made = await ask("makeKey", { passphraseList, phraseList });
    assert.equal(made.passphrase.split(" ").length, 6);
    await refused(() => ask("sealKey", { typed: `${made.passphrase}x` }), "SealingError", "typed");
    const keys = await ask("sealKey", { typed: ` ${made.passphrase.toUpperCase().replaceAll(" ", "  ")} ` });
    const file = text(await openWithPassphrase(fromB64u(keys.key_file), made.passphrase));
    assert.match(file, /^AGE-SECRET-KEY-PQ-1[A-Z0-9]+\n$/);
    const words = fingerprint(fromB64u(keys.age), fromB64u(keys.sign), listed(phraseList, 2048));
    assert.deepEqual(made.fingerprint, words);
    const again = await ask("makeKey", { passphraseList, phraseList });
    assert.notEqual(again.passphrase, made.passphrase);
    await ask("forget");
    await refused(() => ask("sealKey", { typed: again.passphrase }), "SealingError", "no_key");
  });
});

describe("co-signing", () => {
  let ask;
  let organisation;
  let people;
  let zoe;

  async function unlock(one) {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(PASSPHRASE);
    encrypter.setScryptWorkFactor(4);
    const keyFile = b64u(await encrypter.encrypt(utf8(`${one.age.text}\n`)));
    await ask("unlock", { keyFile, passphrase: PASSPHRASE, handler: one.id });
  }

  /** A draft that follows the published chain, signed by a root. */
  function draft(handlers, changes = {}, root = organisation.root) {
    const last = organisation.chain.at(-1);
    const beside = new Organisation();
    beside.root = organisation.root;
    beside.service = organisation.service;
    beside.chain = [...organisation.chain];
    beside.publish(handlers, changes, { root });
    assert.notEqual(beside.chain.at(-1), last);
    const { bytes, signature } = beside.chain.at(-1);
    return { file: b64u(bytes), signature };
  }

  const read = (one) => ask("readDraft", { keyringAnswer: organisation.answer(), draft: one, phraseList, builtOn });

  before(async () => {
    ask = await load("desk");
    ({ organisation, people } = await fiveHandlers());
    zoe = await person("zoe");
    await unlock(people[0]);
  });

  test("tells what changes, with the words of each new key", async () => {
    const [anna, ...others] = people;
    const [bo] = others;
    const handlers = [anna, ...others.slice(1), zoe].map((one) => asHandler(one));
    handlers[0].channels = { main: "deputy" };
    const told = await read(draft(handlers));
    assert.deepEqual(
      told.changes.map(({ what, name }) => [what, name]),
      [
        ["channels", "Anna Ek"],
        ["added", "Zoe Ek"],
        ["removed", `${bo.id[0].toUpperCase()}${bo.id.slice(1)} Ek`],
      ],
    );
    const words = fingerprint(publicBytes(zoe.age.publicText), zoe.signing.public, listed(phraseList, 2048));
    assert.deepEqual(told.changes[1].words, words);
  });

  test("tells also whom a list adds that waits: the signature would let them in", async () => {
    const published = [...organisation.chain];
    const una = await person("una", new Uint8Array(32).fill(5));
    try {
      organisation.publish([...people, zoe].map((one) => asHandler(one)), { issued_on: "2026-11-20" });
      const told = await read(draft([...people, zoe, una].map((one) => asHandler(one)), { issued_on: "2026-11-21" }));
      assert.deepEqual(told.changes.map(({ what, name }) => [what, name]), [
        ["added", "Zoe Ek"],
        ["added", "Una Ek"],
      ]);
    } finally {
      organisation.chain = published;
    }
  });

  test("signs exactly what was shown last, with the handler's own key", async () => {
    const one = draft([...people, zoe].map((each) => asHandler(each)));
    const { sha256 } = await read(one);
    const { cosignature } = await ask("cosign", { sha256 });
    verify(people[0].signing.public, "whistle-keyring-cosign-v1", fromB64u(one.file), cosignature);
    await refused(() => ask("cosign", { sha256: b64u(H(utf8("other"))) }), "SealingError", "not_shown");
    const other = draft([zoe].map((each) => asHandler(each)));
    await read(other);
    await refused(() => ask("cosign", { sha256 }), "SealingError", "not_shown");
  });

  test("a draft that does not follow, or is not the root's, is neither shown nor signed", async () => {
    const handlers = [...people, zoe].map((each) => asHandler(each));
    const { sha256 } = await read(draft(handlers));
    const wrong = {
      signature: draft(handlers, {}, new SigningKey(new Uint8Array(32).fill(9))),
      previous: draft(handlers, { previous: b64u(new Uint8Array(32)) }),
      serial: draft(handlers, { serial: 1, previous: null }),
      org: draft(handlers, { org: "Other" }),
    };
    for (const [reason, one] of Object.entries(wrong)) {
      await assert.rejects(read(one), ({ family, reason: told }) => {
        assert.equal(family, "KeyringError");
        assert.ok([reason, "serial_twice"].includes(told), `${reason}: ${told}`);
        return true;
      });
      await refused(() => ask("cosign", { sha256 }), "SealingError", "not_shown");
    }
  });

  describe("what is new since this browser saw the list last", () => {
    let other;
    const handlers = () => people.map((one) => asHandler(one));
    const seenNow = async () => (await told({})).newest;
    const told = (seen, today) =>
      ask("readKeyring", { keyringAnswer: other.answer(today), builtOn: "2026-11-01", ...seen });
    const names = (changes) => changes.map(({ what, name }) => [what, name]);

    beforeEach(() => {
      other = new Organisation();
      other.publish(handlers());
    });

    test("nothing, at the first time and when it is the same", async () => {
      const none = { coming: null, since: null, unannounced: [] };
      assert.deepEqual((await told({})).news, none);
      assert.deepEqual((await told({ seen: await seenNow() })).news, none);
    });

    test("an addition that is shown before it counts is announced, and no alarm then or later", async () => {
      const seen = await seenNow();
      other.publish([...handlers(), asHandler(zoe)], { issued_on: "2026-11-20" });
      const { news, newest } = await told({ seen }, "2026-11-22");
      assert.equal(news.coming.takes_effect_on, "2026-11-27");
      assert.deepEqual(names(news.coming.changes), [["added", "Zoe Ek"]]);
      assert.deepEqual(news.unannounced, []);
      const after = (await told({ seen: newest }, "2026-11-27")).news;
      assert.deepEqual(after, { coming: null, since: null, unannounced: [] });
    });

    test("one that counts already when it is first shown is an alarm", async () => {
      const seen = await seenNow();
      const recovery = { age: zoe.age.publicText, k: 1, holders: [{ person: "x", name: "X Y" }] };
      other.publish([...handlers().slice(0, -1), asHandler(zoe)], { issued_on: "2026-11-10" });
      const { news } = await told({ seen }, "2026-11-22");
      assert.deepEqual(names(news.unannounced), [["added", "Zoe Ek"]]);
      assert.deepEqual(names(news.since).map(([what]) => what), ["added", "removed"]);
      other.chain.pop();
      other.publish(handlers(), { issued_on: "2026-11-10", recovery });
      assert.deepEqual(names((await told({ seen }, "2026-11-22")).news.unannounced), [["recovery", "X Y"]]);
    });

    test("one that a handler vouched for is news, and no alarm", async () => {
      const seen = await seenNow();
      other.publish([...handlers(), asHandler(zoe)], { issued_on: "2026-11-10" }, { cosigner: people[1] });
      const { news } = await told({ seen }, "2026-11-22");
      assert.deepEqual(news.unannounced, []);
      assert.deepEqual(names(news.since), [["added", "Zoe Ek"]]);
    });
  });

  test("an own key that is missing or another in the list is an alarm", async () => {
    const seen = (handlers) => {
      const other = new Organisation();
      other.publish(handlers);
      return ask("readKeyring", { keyringAnswer: other.answer(), builtOn });
    };
    const [anna, bo] = people;
    await seen([asHandler(anna), asHandler(bo)]);
    await refused(() => seen([asHandler(bo)]), "KeyringError", "own_missing");
    const swapped = { ...asHandler(zoe), id: "anna", person: "anna" };
    await refused(() => seen([swapped, asHandler(bo)]), "KeyringError", "own_other");
    const half = { ...asHandler(anna), sign: b64u(handlerSigningKey(zoe.seed).public) };
    await refused(() => seen([half, asHandler(bo)]), "KeyringError", "own_other");
  });
});
