// A filing: sealed to exactly whom the reporter chose, in one spelling, and no count tells.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { shape } from "../../whistle/web/static/js/sealing/age.js";
import { readU32, text } from "../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys } from "../../whistle/web/static/js/sealing/case-keys.js";
import { makeFiling } from "../../whistle/web/static/js/sealing/filing.js";
import { verifyChain } from "../../whistle/web/static/js/sealing/keyrings.js";
import { derive, generate } from "../../whistle/web/static/js/sealing/receipt.js";
import { asHandler, CHANNEL, fiveHandlers, Organisation, person, TODAY } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";

let organisation;
let people;
let receipt;
let holder;

before(async () => {
  ({ organisation, people } = await fiveHandlers());
  receipt = await derive(generate());
  holder = await person("zoe");
});

const asked = (changes = {}) => ({
  receipt,
  keyring: verifyChain(organisation.answer()).newest,
  channel: CHANNEL,
  body: { language: "en", answers: { what: "x" } },
  on: TODAY,
  made: "browser",
  ...changes,
});

async function openers(filing) {
  const opens = [];
  for (const one of [...people, holder, { id: "reporter", age: receipt.age }]) {
    try {
      await openCaseKeys(filing.caseAge, one.age.text);
      opens.push(one.id);
    } catch (error) {
      assert.equal(error.family, "NotForMeError");
    }
  }
  return opens;
}

const withRecovery = (holders) => {
  const made = new Organisation();
  const recovery = { age: holder.age.publicText, k: 1, holders };
  made.publish(people.map((one) => asHandler(one)), { recovery });
  return { keyring: verifyChain(made.answer()).newest };
};

test("its parts stand in their order and add up", async () => {
  const { bytes, json, caseAge, entry1 } = await makeFiling(asked({ waiveAck: true }));
  assert.equal(text(bytes.subarray(0, 10)), "WHISTLEF1\n");
  const end = 14 + readU32(bytes, 10);
  const written = text(bytes.subarray(14, end));
  assert.deepEqual(JSON.parse(written), json);
  assert.equal(written, JSON.stringify(json));
  assert.deepEqual(Object.keys(json), [
    "channel",
    "keyring_serial",
    "mailbox_id",
    "thread",
    "case_public_key",
    "waive_ack",
    "left_out",
    "sizes",
  ]);
  assert.deepEqual(json.sizes, [caseAge.length, entry1.length]);
  assert.equal(bytes.length, end + caseAge.length + entry1.length);
  assert.equal(json.waive_ack, true);
});

test("all five readers and the reporter open it, and nobody else", async () => {
  const filing = await makeFiling(asked());
  assert.deepEqual(await openers(filing), ["anna", "bo", "cia", "dan", "eva", "reporter"]);
});

test("who is left out cannot open it, and the number of stanzas is the same", async () => {
  const [all, some] = [
    await makeFiling(asked()),
    await makeFiling(asked({ leftOut: ["bo", "dan", "eva"] })),
  ];
  assert.deepEqual(await openers(some), ["anna", "cia", "reporter"]);
  assert.equal(shape(some.caseAge).stanzas.length, shape(all.caseAge).stanzas.length);
  assert.equal(some.caseAge.length, all.caseAge.length);
  assert.equal(some.entry1.length, all.entry1.length);
});

test("nobody left: not sent; one left: only when confirmed", async () => {
  const leftOut = ["anna", "bo", "cia", "dan"];
  await refused(
    () => makeFiling(asked({ leftOut: [...leftOut, "eva"] })),
    "FilingError",
    "no_readers",
  );
  const error = await refused(() => makeFiling(asked({ leftOut })), "FilingError", "one_reader");
  assert.deepEqual(error.facts.readers, [{ id: "eva", name: "Eva Ek" }]);
  const confirmed = await makeFiling(asked({ leftOut, oneReaderConfirmed: true }));
  assert.deepEqual(await openers(confirmed), ["eva", "reporter"]);
});

test("who is no reader cannot be left out, nor anybody twice", async () => {
  for (const leftOut of [["zoe"], ["anna", "anna"]]) {
    await refused(() => makeFiling(asked({ leftOut })), "FilingError", "left_out");
  }
});

test("a channel that nobody reads", () =>
  refused(() => makeFiling(asked({ channel: "constructor" })), "FilingError", "channel"));

test("the recovery key opens it, unless left out by the reporter or with one of its holders", async () => {
  const keyring = withRecovery([{ person: "bo", name: "Bo Ek" }]);
  const open = await makeFiling(asked(keyring));
  const [chosen, byHolder] = [
    await makeFiling(asked({ ...keyring, leaveOutRecovery: true })),
    await makeFiling(asked({ ...keyring, leftOut: ["bo"] })),
  ];
  assert.ok((await openers(open)).includes("zoe"));
  assert.ok(!(await openers(chosen)).includes("zoe"));
  assert.ok(!(await openers(byHolder)).includes("zoe"));
  const counts = [open, chosen, byHolder].map(({ caseAge }) => shape(caseAge).stanzas.length);
  assert.deepEqual(counts, [7, 7, 7]);
});

test("the order of the stanzas says nothing: the reporter's stands anywhere", async () => {
  const places = new Set();
  const size = shape((await makeFiling(asked())).caseAge).headerSize;
  assert.ok(size > 0);
  for (let turn = 0; turn < 30; turn += 1) {
    const { caseAge } = await makeFiling(asked());
    places.add(await placeOf(caseAge, receipt.age.text));
  }
  assert.ok(places.size >= 4, `${places.size} places of 6`);
});

/** Which stanza a key opens: each other one is broken in turn, and one alone stops it. */
async function placeOf(caseAge, key) {
  const whole = new TextDecoder("latin1").decode(caseAge);
  const starts = [...whole.matchAll(/^-> mlkem768x25519 /gm)].map(({ index }) => index);
  for (const [place, start] of starts.entries()) {
    const broken = caseAge.slice();
    broken[start + 40] = broken[start + 40] === 65 ? 66 : 65;
    try {
      await openCaseKeys(broken, key);
    } catch (error) {
      if (error.family === "NotForMeError") return place;
    }
  }
  return -1;
}

test("two filings of one report share no key, thread or mailbox but the reporter's", async () => {
  const [one, two] = [await makeFiling(asked()), await makeFiling(asked())];
  assert.equal(one.json.mailbox_id, two.json.mailbox_id);
  assert.notEqual(one.json.case_public_key, two.json.case_public_key);
  assert.notEqual(one.json.thread, two.json.thread);
});

test("the size of the sealed report tells a pad size only", async () => {
  const sizes = new Set();
  for (const length of [0, 10, 2000]) {
    const body = { answers: { what: "å".repeat(length) } };
    sizes.add((await makeFiling(asked({ body }))).entry1.length);
  }
  assert.equal(sizes.size, 1);
});
