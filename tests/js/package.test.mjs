// Packages of a case: what is covered, what can be proven, what may be told of the reporter.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { b64u, fromB64u, H, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { verifyThread } from "../../whistle/web/static/js/sealing/chain.js";
import { sealOutside } from "../../whistle/web/static/js/sealing/outside.js";
import { visible, written } from "../../whistle/web/static/js/sealing/signs.js";
import { makePackage, sealPackage } from "../../whistle/web/static/js/worker/exporting.js";
import { nameIn, personsOf } from "../../whistle/web/static/js/worker/persons.js";
import { Case } from "./support/case.mjs";
import { TODAY } from "./support/organisation.mjs";
import { inCheckout } from "./support/paths.mjs";
import { refused } from "./support/refused.mjs";

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

/** The desk chain of a case as it would be read: entries {kind, head, body}, with hashes of their own. */
function desk(...said) {
  const entries = said.map(({ on = TODAY, body, ...head }, at) => ({
    chain: "desk",
    seq: at + 1,
    kind: head.kind,
    on,
    side: "handler",
    author_id: "anna",
    head,
    body,
    sealed_sha256: b64u(new Uint8Array(32).fill(at + 1)),
  }));
  return { entries, proofs: entries.map(() => null), next: {} };
}
const hashOf = (at) => b64u(new Uint8Array(32).fill(at));

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

  test("shows signs that turn the reading, and still proves what was signed", async () => {
    const one = await opened({ reporter: null });
    const text = "Paid \u202e000 1\u202c \u2067kr\u2069 <b>";
    await one.made.append({}, { body: { text } });
    const again = await read(one.made);
    const { page, text: shown } = packed(again, { signatures: true });
    assert.ok(!/[\u202a-\u202e\u2066-\u2069]/u.test(page + shown));
    assert.ok(page.includes('Paid <bdi data-sign="202e">[U+202E]</bdi>000 1<bdi data-sign="202c">[U+202C]</bdi>'));
    assert.ok(shown.includes("Paid [U+202E]000 1[U+202C] [U+2067]kr[U+2069] <b>"));
    assert.equal(recordIn(page).entries.at(-1).covered, false);
    assert.notEqual(recordIn(page).entries.at(-1).proof, null);
    assert.equal(written(visible(text)), text);
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
    const by = { disclosure: "case:6", recipient: "the  Police " };
    const { page, identity } = packed(told, by);
    assert.equal(identity.by, "consent");
    assert.ok(page.includes("Rut Alm saw"));
    assert.ok(!page.includes("rut@example.org")); // the scope was the name alone
    assert.equal(recordIn(page).identity.entry, told.cases.entries[5].sealed_sha256);
    const elsewhere = { ...by, recipient: "A newspaper" };
    await refused(async () => packed(told, elsewhere), "SealingError", "other_recipient");
    await made.append({ kind: "consent", author: reporter, request, given: false }, { body: {} });
    const back = await read(made);
    await refused(async () => packed(back, by), "SealingError", "not_disclosed");
  });

  test("test_invariant_18: consent to tell one is no consent to tell another", async () => {
    const one = await opened();
    const { made } = one;
    const said = (recipient) => ({ body: { recipient, why: "w" } });
    await made.append({ kind: "consent_request", scope: ["name"] }, said("The police"));
    const answer = { author: { side: "reporter", id: "reporter" }, request: made.sha256, given: true };
    await made.append({ kind: "consent", ...answer }, { body: {} });
    const basis = { scope: ["name"], consent: made.sha256, notice: null, duty: null, cannot_wait: null };
    await made.append({ kind: "disclosure", ...basis }, said("A newspaper"));
    const told = await read(made);
    assert.equal(told.cases.entries.at(-1).alarm, "disclosure_unfounded");
    const by = { disclosure: "case:6", recipient: "A newspaper" };
    await refused(async () => packed(told, by), "SealingError", "not_disclosed");
  });
});

describe("others who are named", () => {
  const kalle = { kind: "person", role: "concerned", body: { name: "Kalle Berg" } };
  const consent = { given: "in_writing", given_on: TODAY, duty: null };
  const ground = {
    kind: "person_ground",
    person: hashOf(1),
    ...consent,
    body: { recipient: "The  Police", why: "w" },
  };
  const ended = (at) => ({ kind: "person_ended", ended: hashOf(at), body: { why: "taken back" } });
  const withDesk = async (...said) => ({ ...(await opened()), notes: desk(...said) });
  const told = { grounds: [hashOf(2)], recipient: "the police " };
  const cannot = (one, changes, reason) =>
    refused(async () => packed(one, changes), "SealingError", reason);

  test("test_invariant_20: whoever is listed is covered, whole and in parts, without being typed", async () => {
    const { page, text } = packed(await withDesk(kalle));
    for (const name of ["Kalle", "Berg"]) assert.ok(!page.includes(name) && !text.includes(name), name);
  });

  test("test_invariant_20: a name goes by a ground that counts, to its recipient alone", async () => {
    const one = await withDesk(kalle, ground);
    assert.ok(packed(one, told).page.includes("told Kalle Berg"));
    assert.ok(!packed(one, { recipient: "the police" }).page.includes("Kalle"), "not chosen");
    await cannot(one, { ...told, recipient: "A newspaper" }, "other_recipient");
    await cannot(one, { grounds: [hashOf(2)] }, "other_recipient");
    await cannot(one, { ...told, grounds: [hashOf(1)] }, "person_not_told");
    await cannot(one, { ...told, grounds: [hashOf(9)] }, "person_not_told");
  });

  test("test_invariant_20: a consent that was taken back, or that rests on nothing, tells no name", async () => {
    await cannot(await withDesk(kalle, ground, ended(2)), told, "person_not_told");
    await cannot(await withDesk(kalle, { ...ground, given_on: "2026-11-23" }), told, "person_not_told");
    await cannot(await withDesk(kalle, { ...ground, duty: "court" }), told, "person_not_told");
    await cannot(await withDesk(kalle, { ...ground, given: null }), told, "person_not_told");
    const duty = { ...ground, given: null, given_on: null, duty: "court" };
    assert.ok(packed(await withDesk(kalle, duty), told).page.includes("Kalle Berg"));
  });

  test("what is said of them is never part of a package, and whoever is off the list is not covered", async () => {
    const one = await withDesk(kalle, ground);
    const entries = [...asked(one).entries, "desk:1", "desk:2"];
    const { page } = packed(one, { entries, frames: { ...asked(one).frames, "desk:1": frame("p"), "desk:2": frame("g") } });
    assert.equal(recordIn(page).entries.length, one.cases.entries.length);
    assert.ok(!page.includes("Police"));
    assert.ok(packed(await withDesk(kalle, ended(1))).page.includes("Kalle Berg"));
    await cannot(await withDesk(kalle, ground, ended(1)), told, "person_not_told");
  });

  test("are told to the page with what may be told of whom", async () => {
    const anna = { kind: "person", role: "witness", body: { name: " Siv Alm " } };
    const [first, second] = personsOf(await withDesk(kalle, ground, anna, ended(9)));
    assert.deepEqual([first.name, first.role, first.grounds.map(({ recipient }) => recipient)], [
      "Kalle Berg",
      "concerned",
      ["The  Police"],
    ]);
    assert.deepEqual([second.name, second.grounds], ["Siv Alm", []]);
    const { entries } = desk(kalle, ground, ended(2), anna);
    assert.deepEqual(entries.map((entry) => nameIn(entry, entries)), [null, "Kalle Berg", "Kalle Berg", null]);
  });
});

let stock; // the library as its makers publish it, from the locked packages: nothing of it is built by us

async function findStock() {
  const packages = process.env.WHISTLE_NODE_MODULES ?? inCheckout(".cache/recipe/node_modules");
  const file = join(packages, "age-encryption/dist/index.js");
  assert.ok(existsSync(file), "The bundles' packages are not installed: run make .cache/recipe/.done (vendor/README.md).");
  stock = await import(pathToFileURL(file));
}

/** What the desk saves when somebody lets a package go: a package made and sealed as the Worker does it. */
async function sealedPackage(publicKey) {
  const { page } = packed(await opened(), { phrases: ["Kalle Berg"] });
  const { bytes, sha256 } = await sealPackage({ page, publicKey });
  assert.equal(sha256, b64u(H(bytes)));
  return { page, bytes };
}

/** Opens a file with an age program of this machine, as its recipient does; null where there is none. */
function openedBy(program, identity, bytes) {
  if (spawnSync(program, ["--version"]).error) return null;
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  try {
    writeFileSync(join(folder, "key"), `${identity}\n`, { mode: 0o600 });
    writeFileSync(join(folder, "material.html.age"), bytes);
    const files = ["-i", join(folder, "key"), join(folder, "material.html.age")];
    return spawnSync(program, ["--decrypt", ...files], { maxBuffer: 1 << 26 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a program can have keys of the post-quantum kind: age can from 1.3 on. */
const knowsHybrid = (program) => {
  const told = spawnSync(program, ["--version"]).stdout?.toString() ?? "";
  const [, major, minor] = /v?(\d+)\.(\d+)/u.exec(told) ?? [];
  return program === "age" && (Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 3));
};

describe("a package sealed to somebody outside", () => {
  before(findStock);

  const KINDS = [
    ["post-quantum", "age1pq1", "mlkem768x25519", () => stock.generateHybridIdentity()],
    ["classic", "age1", "X25519", () => stock.generateX25519Identity()],
  ];
  for (const [kind, begins, stanza, generate] of KINDS) {
    test(`opens with the stock library and a ${kind} key`, async () => {
      const theirs = await generate();
      const publicKey = await stock.identityToRecipient(theirs);
      assert.ok(publicKey.startsWith(begins));
      const { page, bytes } = await sealedPackage(`  ${publicKey}\n`);
      const header = new TextDecoder().decode(bytes.subarray(0, 60));
      assert.ok(header.startsWith(`age-encryption.org/v1\n-> ${stanza} `), header);
      const decrypter = new stock.Decrypter();
      decrypter.addIdentity(theirs);
      assert.equal(await decrypter.decrypt(bytes, "text"), page);
      const another = new stock.Decrypter();
      another.addIdentity(await generate());
      await assert.rejects(another.decrypt(bytes, "text"));
    });

    for (const program of ["age", "rage"]) {
      test(`opens with ${program} and a ${kind} key`, async (context) => {
        if (kind !== "classic" && !knowsHybrid(program)) {
          return context.skip(`no ${program} here that knows such keys`);
        }
        const theirs = await generate();
        const { page, bytes } = await sealedPackage(await stock.identityToRecipient(theirs));
        const done = openedBy(program, theirs, bytes);
        if (done === null) return context.skip(`${program} is not installed`);
        assert.equal(done.stdout.toString(), page, done.stderr.toString());
        return undefined;
      });
    }
  }

  test("what is no key is refused", async () => {
    for (const wrong of ["", "age1", "age1xyz", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQQ"]) {
      await refused(() => sealOutside(utf8("x"), wrong), "SealError", "public_key");
    }
  });
});
