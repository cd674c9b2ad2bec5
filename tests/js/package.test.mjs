// Packages of a case: what is covered, what can be proven, what may be told of the reporter.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

import { privateKey } from "../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, randomBytes, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { verifyThread } from "../../whistle/web/static/js/sealing/chain.js";
import { cover, idRule, nameRules, phrase } from "../../whistle/web/static/js/sealing/covering.js";
import { sealOutside } from "../../whistle/web/static/js/sealing/outside.js";
import { bech32, Decrypter, identityToRecipient } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { makePackage } from "../../whistle/web/static/js/worker/exporting.js";
import { Case } from "./support/case.mjs";
import { TODAY } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";

const generateHybridIdentity = async () => (await privateKey()).text;
const generateX25519Identity = async () =>
  bech32.encodeFromBytes("AGE-SECRET-KEY-", randomBytes(32)).toUpperCase();

const WORDS = {
  language: "en",
  title: "Material",
  about: "About",
  verification: "For checking",
  how: "How",
  covered: "[covered]",
  reporter: "The reporter",
  system: "The system",
  handler: "Case handler",
};
const frame = (heading) => ({ heading, day: "22 November", line: "A line.", labels: {}, coded: {} });

/** A case with a name in the report and a reply by Anna that names Bo and a witness. */
async function opened({ reporter = { name: "Rut Alm", contact: "rut@example.org" } } = {}) {
  const body = {
    language: "sv",
    answers: { what: "Rut Alm saw <it> & told Kalle Berg.\nRuts chef vet." },
    reporter,
    wishes: { meeting: false },
  };
  const made = await Case.filed({ body });
  await made.append({}, { body: { text: "Bo Ek and anna have read it. Thank you, Rut!" } });
  return read(made);
}

async function read(made) {
  const { privateTexts, keyrings, thread } = made;
  const cases = await verifyThread(made.records, { privateTexts, keyrings, thread });
  assert.equal(cases.fault, null);
  return { cases, notes: null, chain: keyrings, on: TODAY, made };
}

const asked = (one, changes = {}) => ({
  entries: one.cases.entries.map(({ seq }) => `case:${seq}`),
  frames: Object.fromEntries(
    one.cases.entries.map(({ seq, kind }) => [`case:${seq}`, frame(kind)]),
  ),
  phrases: [],
  disclosure: null,
  signatures: false,
  number: "AB-CDEF",
  to: "authority",
  words: WORDS,
  ...changes,
});
const packed = (one, changes) => makePackage(one, one.made.handler("anna"), asked(one, changes));
const recordIn = (page) => {
  const written = /<pre id="verification">([^<]*)</u.exec(page)[1].replaceAll("&quot;", '"');
  return JSON.parse(new TextDecoder().decode(fromB64u(JSON.parse(written).record)));
};

describe("covering", () => {
  test("a passage is found in any case and over any space", () => {
    assert.equal(cover("Den RÖDA  Bilen stod", [phrase("röda bilen", "X")]), "Den X stod");
  });
  test("a name is found whole, in parts and in its genitive, not inside other words", () => {
    const rules = nameRules("Bo Ek", "H");
    assert.equal(cover("Bo Ek, Bos, bord, bo här, Ekonomi, Ek", rules), "H, H, bord, bo här, Ekonomi, H");
  });
  test("an id is found as it is written", () => {
    assert.equal(cover("anna Anna annas", [idRule("anna", "H")]), "H Anna H");
  });
  test("signs mean nothing but themselves, and what stands instead is not covered again", () => {
    assert.equal(cover("a.b (c) axb", [phrase("a.b (c)", "covered"), phrase("cover", "Y")]), "covered axb");
  });
});

describe("a package", () => {
  test("names nobody inside, nor the reporter", async () => {
    const one = await opened();
    const { page, text, items } = packed(one, { phrases: ["Kalle Berg"] });
    for (const named of ["Rut", "Alm", "rut@", "Kalle", "Bo Ek", "Anna", "anna", "AB-CDEF"]) {
      assert.ok(!page.includes(named), named);
      assert.ok(!text.includes(named), named);
    }
    assert.match(text, /Case handler \d/u);
    assert.ok(page.includes("&lt;it&gt; &amp; told"));
    assert.deepEqual(items.map(({ covered }) => covered), [true, false, true]);
    assert.ok(recordIn(page).entries.every(({ proof }) => proof === null));
  });

  test("holds no key, hash or id of the case but the sealed entries' hashes", async () => {
    const one = await opened({ reporter: null });
    const { page } = packed(one);
    const { head } = one.cases.entries[0];
    const inside = [
      head.thread,
      head.case_key,
      head.reporter_age,
      ...head.readers.map(({ sha256 }) => sha256),
      ...one.made.people.flatMap(({ id, signing }) => [`"${id}"`, ...(id === "anna" ? [] : [b64u(signing.public)])]),
    ];
    for (const secret of inside) assert.ok(!page.includes(secret), secret);
    for (const { sealed_sha256: hash } of one.cases.entries) {
      assert.ok(JSON.stringify(recordIn(page)).includes(hash));
    }
  });

  test("has no script, and a policy that allows its own style alone", async () => {
    const { page } = packed(await opened());
    assert.ok(!/<script|javascript:| on\w+=/iu.test(page));
    assert.match(page, /content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'/u);
  });

  test("proves what the reporter wrote where nothing was covered, handlers only when asked", async () => {
    const one = await opened({ reporter: null });
    const plain = recordIn(packed(one).page).entries;
    assert.deepEqual(plain.map(({ proof }) => proof !== null), [true, false, false]);
    await one.made.append({}, { body: { text: "Tack." } });
    const again = await read(one.made);
    const signed = recordIn(packed(again, { signatures: true }).page).entries;
    assert.deepEqual(signed.map(({ proof }) => proof !== null), [true, false, false, true]);
  });

  test("of nothing is none", async () => {
    const one = await opened();
    await refused(async () => packed(one, { entries: [] }), "SealingError", "no_entries");
  });

  test("test_invariant_18: the name goes only by a disclosure that still counts", async () => {
    const one = await opened();
    const { made } = one;
    await refused(async () => packed(one, { disclosure: "case:1" }), "SealingError", "not_disclosed");
    const reporter = { side: "reporter", id: "reporter" };
    const words = { body: { recipient: "The police", why: "w" } };
    await made.append({ kind: "consent_request", scope: ["name"] }, words);
    const request = made.sha256;
    await made.append({ kind: "consent", author: reporter, request, given: true }, { body: {} });
    const basis = { scope: ["name"], consent: made.sha256, notice: null, duty: null, cannot_wait: null };
    await made.append({ kind: "disclosure", ...basis }, words);
    const told = await read(made);
    const { page, identity } = packed(told, { disclosure: "case:6" });
    assert.equal(identity.by, "consent");
    assert.ok(page.includes("Rut Alm saw"));
    assert.ok(!page.includes("rut@example.org")); // the scope was the name alone
    assert.equal(recordIn(page).identity.entry, told.cases.entries[5].sealed_sha256);
    await made.append({ kind: "consent", author: reporter, request, given: false }, { body: {} });
    const back = await read(made);
    await refused(async () => packed(back, { disclosure: "case:6" }), "SealingError", "not_disclosed");
  });
});

describe("sealed to somebody outside", () => {
  for (const [kind, generate] of [
    ["post-quantum", generateHybridIdentity],
    ["classic", generateX25519Identity],
  ]) {
    test(`a ${kind} key of theirs opens it`, async () => {
      const theirs = await generate();
      const sealed = await sealOutside(utf8("page"), await identityToRecipient(theirs));
      const decrypter = new Decrypter();
      decrypter.addIdentity(theirs);
      assert.equal(await decrypter.decrypt(sealed, "text"), "page");
    });
  }

  test("a stock age opens it with a classic key", async (context) => {
    if (spawnSync("age", ["--version"]).error) return context.skip("age is not installed");
    const theirs = await generateX25519Identity();
    const folder = mkdtempSync(join(tmpdir(), "package-"));
    writeFileSync(join(folder, "key"), `${theirs}\n`);
    const sealed = await sealOutside(utf8("page"), await identityToRecipient(theirs));
    const done = spawnSync("age", ["--decrypt", "-i", join(folder, "key")], { input: sealed });
    assert.equal(done.stdout.toString(), "page");
    return undefined;
  });

  test("what is no key is refused", async () => {
    for (const wrong of ["", "age1", "age1xyz", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQQ"]) {
      await refused(() => sealOutside(utf8("x"), wrong), "SealError", "public_key");
    }
  });
});
