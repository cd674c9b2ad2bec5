// The Workers: a closed list of requests, keys in memory only, codes instead of sentences.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { b64u, concat, fromB64u, H, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { derive, generate } from "../../whistle/web/static/js/sealing/receipt.js";
import { SigningKey, verify } from "../../whistle/web/static/js/sealing/signing.js";
import { Encrypter } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { Case } from "./support/case.mjs";
import { asHandler, CHANNEL, fiveHandlers, person, publicLine, TODAY } from "./support/organisation.mjs";
import { readText, readVectors } from "./support/paths.mjs";
import { refused } from "./support/refused.mjs";
import { load } from "./support/worker.mjs";

const PASSPHRASE = "six made up words for tests";
const BODY = { language: "en", answers: { what: "x" } };
const builtOn = "2026-11-20";

async function keyFile({ age }) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(4);
  return b64u(await encrypter.encrypt(utf8(`# made by a test\n${age.text}\n`)));
}

const caseAnswer = (made, changes = {}) => ({
  dates: {
    received_on: TODAY,
    acknowledge_due_on: "2026-11-29",
    feedback_due_on: "2027-02-28",
  },
  ...made.organisation.answer(),
  id: "c1",
  thread: made.thread,
  channel: CHANNEL,
  case_age: b64u(made.filing.caseAge),
  desk_age: null,
  dates: { received_on: TODAY, acknowledge_due_on: "2026-11-29", feedback_due_on: "2027-02-28" },
  entries: made.records,
  notes: [],
  ...changes,
});

describe("the reporter's", () => {
  let ask;
  let organisation;
  let people;

  before(async () => {
    ask = await load("reporter");
    ({ organisation, people } = await fiveHandlers());
  });

  const filing = (changes = {}) =>
    ask("prepareFiling", {
      channel: CHANNEL,
      keyringAnswer: organisation.answer(),
      body: BODY,
      leftOut: [],
      waiveAck: false,
      builtOn,
      ...changes,
    });

  test("nothing that is not listed is done", async () => {
    for (const name of ["unlock", "constructor", "__proto__", ""]) {
      await refused(() => ask(name, {}), "SealingError", "unknown_request");
    }
  });

  test("without a code there is no thread", async () => {
    await ask("forget");
    await refused(() => ask("openThread", { answer: {} }), "SealingError", "no_receipt");
    await refused(() => ask("makeEntry", { kind: "message" }), "SealingError", "no_receipt");
    await ask("newReceipt");
    await refused(() => ask("makeEntry", { kind: "message" }), "SealingError", "no_case");
  });

  test("the same code is used when the keyring has changed", async () => {
    const { receipt } = await ask("newReceipt");
    const [one, two] = [await filing(), await filing()];
    assert.deepEqual([one.receipt, two.receipt], [receipt, receipt]);
    assert.equal(one.mailboxId, two.mailboxId);
    assert.notEqual(one.thread, two.thread);
    assert.ok(one.filing instanceof Uint8Array);
    assert.deepEqual(
      one.readers.map(({ name, role }) => [name, role]),
      people.map(({ id }) => [`${id[0].toUpperCase()}${id.slice(1)} Ek`, "handler"]),
    );
  });

  test("a code is read back as it is written, or told to be mistyped", async () => {
    const { receipt } = await ask("newReceipt");
    assert.deepEqual(await ask("checkReceipt", { code: receipt.toLowerCase() }), { receipt });
    await refused(() => ask("checkReceipt", { code: "hej" }), "ReceiptError", "length");
    await refused(() => ask("checkReceipt", { code: undefined }), "ReceiptError", "length");
  });

  test("a fault that nobody named is told without its text", async () => {
    const error = await refused(() => filing({ body: { n: 1n } }), "SealingError", "fault");
    assert.deepEqual(error.facts, {});
  });

  test("age is judged by the later of the page's build and the server's date", async () => {
    const given = { keyringAnswer: organisation.answer("2026-11-01"), builtOn: "2027-11-02" };
    assert.equal((await ask("readKeyring", given)).state, "expired");
    const late = { keyringAnswer: organisation.answer("2028-01-01"), builtOn };
    assert.equal((await ask("readKeyring", late)).state, "closed");
    await refused(() => filing(late), "KeyringError", "closed");
  });

  test("what is coming is announced with names", async () => {
    const made = await fiveHandlers();
    const zoe = await person("zoe");
    const [, ...rest] = made.people;
    const handlers = [...rest.map((one) => asHandler(one)), asHandler(zoe)];
    handlers[0].name = "Bo Alm";
    made.organisation.publish(handlers, { issued_on: "2026-11-20" });
    const read = await ask("readKeyring", { keyringAnswer: made.organisation.answer(), builtOn });
    assert.equal(read.serial, 1);
    assert.deepEqual(read.coming, {
      serial: 2,
      takes_effect_on: "2026-11-27",
      added: [{ id: "zoe", name: "Zoe Ek" }],
      removed: [{ id: "anna", name: "Anna Ek" }],
      changed: [{ id: "bo", name: "Bo Alm" }],
      recovery: [],
    });
  });

  test("a recovery key that is coming is announced with its holders", async () => {
    const made = await fiveHandlers();
    const holders = ["David Ek", "Eva Sten"].map((name, at) => ({ person: `p${at}`, name }));
    const recovery = { age: (await person("zoe")).age.publicText, k: 2, holders };
    const handlers = made.people.map((one) => asHandler(one));
    made.organisation.publish(handlers, { issued_on: "2026-11-20", recovery });
    const read = await ask("readKeyring", { keyringAnswer: made.organisation.answer(), builtOn });
    assert.equal(read.recovery, null);
    assert.deepEqual(read.coming.recovery, [{ name: "David Ek, Eva Sten" }]);
  });

  test("another reporter's thread is refused whole", async () => {
    const made = await Case.filed();
    await ask("newReceipt");
    const answer = caseAnswer(made);
    await refused(() => ask("openThread", { answer, builtOn }), "NotForMeError", "no_match");
    await ask("openMailbox", { code: made.receipt.written });
    const mine = await ask("openThread", { answer, builtOn });
    assert.deepEqual(mine.entries.map((entry) => entry.mine), [true, false]);
    assert.equal(mine.fault, null);
    const entry = await ask("makeEntry", { kind: "message", body: { text: "hej" } });
    assert.deepEqual(Object.keys(entry), ["seq", "kind", "sealed"]);
    answer.entries = [...made.records, { ...entry, chain: "case", handler: null, on: TODAY }];
    const after = await ask("openThread", { answer, builtOn });
    assert.deepEqual([after.fault, after.entries.at(-1).body], [null, { text: "hej" }]);
  });

  test("a thread that another key signed as the reporter is not mine", async () => {
    const mine = await derive(generate());
    const signing = new SigningKey(new Uint8Array(32).fill(3));
    const made = await Case.filed({ receipt: { ...mine, signing } });
    await ask("openMailbox", { code: mine.written });
    const opened = await ask("openThread", { answer: caseAnswer(made), builtOn });
    assert.deepEqual(opened.fault, { reason: "not_mine", chain: "case", seq: 1 });
    assert.deepEqual(opened.entries, []);
  });

  test("an answer under another root than the page's own is refused", async () => {
    const root = publicLine(new SigningKey(new Uint8Array(32).fill(4)));
    await refused(() => filing({ root }), "KeyringError", "root");
    assert.ok(await filing({ root: publicLine(organisation.root) }));
  });

  test("kinds that are not the reporter's are not made", () =>
    refused(() => ask("makeEntry", { kind: "closing", body: {} }), "SealingError", "bad_request"));
});

describe("the desk's", () => {
  let ask;
  let made;

  before(async () => {
    ask = await load("desk");
    made = await Case.filed({ leftOut: ["bo"] });
  });

  const unlock = async (id) =>
    ask("unlock", { keyFile: await keyFile(made.handler(id)), passphrase: PASSPHRASE, handler: id });

  test("locked, nothing is opened or signed", async () => {
    await ask("lock");
    const answer = caseAnswer(made);
    await refused(() => ask("openCase", { answer }), "SealingError", "locked");
    await refused(() => ask("signIn", { nonce: b64u(new Uint8Array(32)) }), "SealingError", "locked");
    await refused(() => ask("makeEntry", { kind: "message" }), "SealingError", "locked");
    await refused(() => ask("note", {}), "SealingError", "locked");
    await refused(() => ask("makeDesk"), "SealingError", "locked");
  });

  test("a passkey's secret opens the key file that was sealed to it", async () => {
    await unlock("anna");
    const prf = () => new Uint8Array(32).fill(9);
    const { keyFile: sealed } = await ask("sealToPasskey", { prf: prf() });
    await ask("lock");
    const opened = await ask("unlock", { keyFile: sealed, prf: prf(), handler: "anna" });
    assert.equal(opened.age, made.handler("anna").age.publicText);
    const other = { keyFile: sealed, prf: new Uint8Array(32), handler: "anna" };
    await refused(() => ask("unlock", other), "NotForMeError", "no_match");
  });

  test("the key goes on paper only when it has been opened again", async () => {
    const way = { keyFile: await keyFile(made.handler("anna")), passphrase: PASSPHRASE };
    await ask("lock");
    await refused(() => ask("writeOut", way), "SealingError", "locked");
    await unlock("anna");
    const { written } = await ask("writeOut", way);
    assert.equal(written, made.handler("anna").age.text);
    const wrong = { ...way, passphrase: "six other words" };
    await refused(() => ask("writeOut", wrong), "SealError", "wrong_passphrase");
    const another = { ...way, keyFile: await keyFile(made.handler("bo")) };
    await refused(() => ask("writeOut", another), "SealingError", "locked");
  });

  test("a new passphrase is generated, typed back, and opens the same key", async () => {
    const list = readText("whistle/data/passphrase_words.txt");
    const way = { keyFile: await keyFile(made.handler("anna")), passphrase: PASSPHRASE };
    await unlock("anna");
    await refused(() => ask("sealToPassphrase", { typed: "" }), "SealingError", "typed");
    const { passphrase } = await ask("newPassphrase", { list, ...way });
    assert.equal(passphrase.split(" ").length, 6);
    await refused(() => ask("sealToPassphrase", { typed: PASSPHRASE }), "SealingError", "typed");
    const typed = ` ${passphrase.toUpperCase()} `;
    const { keyFile: sealed } = await ask("sealToPassphrase", { typed });
    await ask("lock");
    const opened = await ask("unlock", { keyFile: sealed, passphrase, handler: "anna" });
    assert.equal(opened.age, made.handler("anna").age.publicText);
    await refused(() => ask("newPassphrase", { list: "a\nb\n", ...way }), "SealingError", "word_list");
  });

  test("a try to sign in is paid for without any key", async () => {
    await ask("lock");
    const { vectors } = readVectors("puzzle.json");
    const { person, code, at, bits, number } = vectors[0];
    const asked = { person, code: ` ${code} `, at: Number(at), bits: Number(bits) };
    assert.equal(String((await ask("pay", asked)).number), number);
  });

  test("a passphrase is read as it was made, however it is typed", async () => {
    const keys = { keyFile: await keyFile(made.handler("anna")), handler: "anna" };
    const typed = `  ${PASSPHRASE.toUpperCase().replace(" ", "   ")} `;
    const unlocked = await ask("unlock", { ...keys, passphrase: typed });
    assert.equal(unlocked.age, made.handler("anna").age.publicText);
    assert.equal(unlocked.sign, b64u(made.handler("anna").signing.public));
    const wrong = { ...keys, passphrase: "six other words" };
    await refused(() => ask("unlock", wrong), "SealError", "wrong_passphrase");
  });

  test("signs in for its own origin, its own id and the nonce, nothing else", async () => {
    await unlock("anna");
    const nonce = new Uint8Array(32).fill(7);
    const { signature } = await ask("signIn", { nonce: b64u(nonce), origin: "https://evil.example" });
    const origin = H(utf8("https://whistle.example"));
    const message = concat(utf8("whistle/sign-in/v1\0"), origin, Uint8Array.of(4), utf8("anna"), nonce);
    verify(made.handler("anna").signing.public, fromB64u(signature), message);
    await refused(() => ask("signIn", { nonce: "AAAA" }), "SealingError", "value");
  });

  test("a case is opened, a desk key made, a note and feedback written", async () => {
    await unlock("anna");
    const answer = caseAnswer(made);
    const opened = await ask("openCase", { answer, builtOn });
    assert.deepEqual(
      [opened.fault, opened.needs_desk, opened.left_out, opened.next_seq, opened.recovery],
      [null, true, ["bo"], 3, false],
    );
    assert.deepEqual(opened.readers.map(({ id }) => id), ["anna", "cia", "dan", "eva"]);
    await refused(() => ask("note", { body: { text: "n" } }), "SealingError", "no_desk_key");
    const desk = await ask("makeDesk");
    answer.desk_age = desk.desk_age;
    answer.notes = [{ ...desk.entry, handler: "anna", on: TODAY }];
    await ask("openCase", { answer, builtOn });
    await refused(() => ask("makeDesk"), "SealingError", "bad_request");
    const note = await ask("note", { body: { text: "n" } });
    assert.deepEqual([note.chain, note.seq, note.kind], ["desk", 2, "note"]);
    answer.notes.push({ ...note, handler: "anna", on: TODAY });
    const body = { measures: "m", reasons: "r" };
    const given = { kind: "feedback", body, final: false, next_on: "2027-01-01" };
    const feedback = await ask("makeEntry", given);
    assert.deepEqual(
      [feedback.chain, feedback.seq, feedback.final, feedback.next_on],
      ["case", 3, false, "2027-01-01"],
    );
    answer.entries = [...made.records, { ...feedback, handler: "anna", on: TODAY }];
    await unlock("cia");
    const after = await ask("openCase", { answer, builtOn });
    assert.deepEqual([after.fault, after.notes_fault], [null, null]);
    assert.deepEqual(after.notes.map(({ kind }) => kind), ["desk", "note"]);
    assert.equal(after.entries.at(-1).author_name, "Anna Ek");
    await ask("closeCase");
    await refused(() => ask("makeEntry", given), "SealingError", "no_case");
  });

  test("who is left out opens nothing, whatever the server hands over", async () => {
    await unlock("bo");
    const answer = caseAnswer(made);
    await refused(() => ask("openCase", { answer, builtOn }), "NotForMeError", "no_match");
    await refused(() => ask("makeEntry", { kind: "message" }), "SealingError", "no_case");
  });

  test("a case with a fault shows what was whole, and is not written to", async () => {
    const broken = await Case.filed();
    made = broken;
    await broken.append({}, { key: broken.handler("bo").signing });
    await unlock("anna");
    const opened = await ask("openCase", { answer: caseAnswer(broken), builtOn });
    assert.deepEqual(opened.fault, { reason: "forged", chain: "case", seq: 3 });
    assert.equal(opened.entries.length, 2);
    const write = () => ask("makeEntry", { kind: "message", body: { text: "x" } });
    await refused(write, "ThreadError", "forged");
  });

  test("an older keyring than this browser saw is refused", async () => {
    await unlock("anna");
    const seen = { serial: 2, sha256: b64u(new Uint8Array(32)) };
    const keyringAnswer = made.organisation.answer();
    await refused(() => ask("readKeyring", { keyringAnswer, seen }), "KeyringError", "rollback");
  });
});
