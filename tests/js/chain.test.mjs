// A thread: every forgery, move, replay, reorder and gap shows, each by its reason.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { privateKey, seal } from "../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, H, randomBytes, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { makeEntry } from "../../whistle/web/static/js/sealing/entry.js";
import { openCaseKeys } from "../../whistle/web/static/js/sealing/case-keys.js";
import { currentReaders, makeDesk } from "../../whistle/web/static/js/sealing/resealing.js";
import { SigningKey } from "../../whistle/web/static/js/sealing/signing.js";
import { Case, record } from "./support/case.mjs";
import { asHandler, CHANNEL, person, TODAY } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";

const reporter = { side: "reporter", id: "reporter" };
const system = { side: "system", id: "service" };
const filed = (...given) => Case.filed(...given);

test("a whole thread is read, with names from the keyring", async () => {
  const made = await filed();
  await made.append({ author: reporter }, { body: { text: "more" } });
  await made.append({}, { body: { text: "an answer" } });
  const { entries, fault, next, thread } = await made.verify();
  assert.equal(fault, null);
  assert.deepEqual(entries.map(({ kind, side, author_name: name }) => [kind, side, name]), [
    ["report", "reporter", ""],
    ["received", "system", ""],
    ["message", "reporter", ""],
    ["message", "handler", "Anna Ek"],
  ]);
  assert.deepEqual(entries.map(({ body }) => body.text), [undefined, undefined, "more", "an answer"]);
  assert.deepEqual(next, { chain: "case", seq: 5, prev: made.sha256 });
  assert.equal(thread, made.thread);
  assert.equal(entries.every(({ alarm }) => alarm === null), true);
});

test("entries before the fault are still shown, nothing after it", async () => {
  const made = await filed();
  await made.append();
  await made.append({}, { key: made.handler("bo").signing });
  await made.append();
  const { entries, fault } = await made.verify();
  assert.equal(entries.length, 3);
  assert.deepEqual(fault, { reason: "forged", chain: "case", seq: 4 });
});

describe("place", () => {
  test("no entries at all are a gap", async () => {
    const made = await filed();
    made.records = [];
    assert.deepEqual(await made.fault(), ["gap", 1]);
  });
  test("a missing entry is a gap", async () => {
    const made = await filed();
    await made.append();
    await made.append();
    made.records.splice(2, 1);
    assert.deepEqual(await made.fault(), ["gap", 4]);
  });
  test("two entries in one place are a fork", async () => {
    const made = await filed();
    made.records.push(made.records[1]);
    assert.deepEqual(await made.fault(), ["fork", 2]);
  });
  test("an entry that follows another than the one before is a fork", async () => {
    const made = await filed();
    await made.append({ prev: made.thread });
    assert.deepEqual(await made.fault(), ["fork", 3]);
  });
  test("another thread's entry is moved", async () => {
    const made = await filed();
    await made.append({ thread: b64u(randomBytes(32)) });
    assert.deepEqual(await made.fault(), ["moved", 3]);
  });
  test("another case in its place is moved", async () => {
    const made = await filed();
    assert.deepEqual(await made.fault({ thread: b64u(randomBytes(32)) }), ["moved", 1]);
  });
  test("another chain's record is moved", async () => {
    const made = await filed();
    made.records[1].chain = "desk";
    assert.deepEqual(await made.fault(), ["moved", 2]);
  });
  test("another reporter's thread is not mine", async () => {
    const made = await filed();
    assert.deepEqual(await made.fault({ reporter: b64u(randomBytes(32)) }), ["not_mine", 1]);
    assert.equal(await made.fault({ reporter: b64u(made.receipt.signing.public) }), null);
  });
});

describe("clear columns", () => {
  const cases = { kind: "closing", handler: "bo" };
  for (const [name, value] of Object.entries(cases)) {
    test(`${name} differs`, async () => {
      const made = await filed();
      await made.append({}, { clear: { [name]: value } });
      assert.deepEqual(await made.fault(), ["clear_differs", 3]);
    });
  }
  test("seq differs", async () => {
    const made = await filed();
    await made.append({ seq: 7 }, { clear: { seq: 3 } });
    assert.deepEqual(await made.fault(), ["clear_differs", 3]);
  });
  test("the day of receipt differs", async () => {
    const made = await filed();
    made.records[0].on = "2026-11-21";
    assert.deepEqual(await made.fault(), ["clear_differs", 2]);
  });
});

describe("sealing", () => {
  test("two stanzas are refused before a key is touched", async () => {
    const made = await filed();
    const other = await privateKey();
    await made.append({}, { to: [made.caseKey, other.publicText] });
    assert.deepEqual(await made.fault(), ["shape", 3]);
  });
  test("another size is refused", async () => {
    const made = await filed();
    const sealed = await seal(new Uint8Array(5000), [made.caseKey]);
    made.records.push(record(3, "message", "anna", sealed));
    assert.deepEqual(await made.fault(), ["shape", 3]);
  });
  test("what is no age file is refused", async () => {
    const made = await filed();
    made.records.push(record(3, "message", "anna", utf8("hej")));
    assert.deepEqual(await made.fault(), ["shape", 3]);
  });
  test("sealed to a key that was not given", async () => {
    const made = await filed();
    await made.append({}, { to: [(await privateKey()).publicText] });
    assert.deepEqual(await made.fault(), ["cannot_open", 3]);
  });
  test("sealed to a key that no signed entry names", async () => {
    const made = await filed();
    const extra = await privateKey();
    await made.append({}, { to: [extra.publicText] });
    const privateTexts = [extra.text, ...made.privateTexts];
    assert.deepEqual(await made.fault({ privateTexts }), ["case_key", 3]);
  });
  test("a flipped byte is damage", async () => {
    const made = await filed();
    const sealed = fromB64u(made.records[1].sealed);
    sealed[sealed.length - 1] ^= 1;
    made.records[1].sealed = b64u(sealed);
    assert.deepEqual(await made.fault(), ["damaged", 2]);
  });
  test("a container's refusal is the thread's", async () => {
    const made = await filed();
    const sealed = await seal(new Uint8Array(4096), [made.caseKey]);
    made.records.push(record(3, "message", "anna", sealed));
    assert.deepEqual(await made.fault(), ["magic", 3]);
  });
});

describe("authors", () => {
  test("somebody else's signature is forged", async () => {
    const made = await filed();
    await made.append({ author: reporter }, { key: made.handler("anna").signing });
    assert.deepEqual(await made.fault(), ["forged", 3]);
  });
  test("a system line that the service did not sign is forged", async () => {
    const made = await filed();
    const changes = { kind: "late", author: system };
    const body = { code: "late", params: {} };
    await made.append(changes, { key: made.handler("anna").signing, body });
    assert.deepEqual(await made.fault(), ["forged", 3]);
  });
  test("a system line dated after the service's key ended is forged", async () => {
    const publish = ({ organisation }) => {
      const service = { sign: b64u(organisation.service.public), from: "2026-11-01", to: TODAY };
      const { bytes } = organisation.chain.pop();
      const { handlers } = JSON.parse(new TextDecoder().decode(bytes));
      organisation.publish(handlers, { service: [service] });
    };
    const made = await filed({ publish });
    const line = { kind: "late", author: system };
    await made.append(line, { body: { code: "late", params: {} } });
    assert.equal(await made.fault(), null);
    made.records.at(-1).on = "2026-11-23";
    assert.deepEqual(await made.fault(), ["forged", 3]);
  });
  test("a handler whom the keyring does not name", async () => {
    const made = await filed();
    const key = new SigningKey(randomBytes(32));
    await made.append({ author: { side: "handler", id: "zoe" } }, { key });
    assert.deepEqual(await made.fault(), ["unknown_author", 3]);
  });
  test("a handler whose key had not begun", async () => {
    const made = await filed();
    await made.append({}, { clear: { on: "2026-10-31" } });
    assert.deepEqual(await made.fault(), ["unknown_author", 3]);
  });
  test("a handler who was left out", async () => {
    const made = await filed({ leftOut: ["anna"] });
    await made.append();
    assert.deepEqual(await made.fault(), ["not_reader", 3]);
  });
  test("a keyring that is not in the chain", async () => {
    const made = await filed();
    await made.append({ keyring: { serial: 1, sha256: b64u(randomBytes(32)) } });
    assert.deepEqual(await made.fault(), ["keyring_unknown", 3]);
  });
  test("an older keyring than an earlier entry's", async () => {
    const publish = ({ organisation, people }) =>
      organisation.publish(people.map((one) => asHandler(one)), { issued_on: "2026-11-02" });
    const made = await filed({ publish });
    const [first] = made.keyrings.links;
    await made.append({ keyring: { serial: 1, sha256: b64u(first.keyring.sha256) } });
    assert.deepEqual(await made.fault(), ["keyring_fell", 3]);
  });
});

describe("what a kind must say", () => {
  test("entry 2 confirms entry 1", async () => {
    const made = await filed();
    made.records.pop();
    await made.append();
    assert.deepEqual(await made.fault(), ["received", 2]);
  });
  test("only entry 2 confirms", async () => {
    const made = await filed();
    await made.confirm();
    assert.deepEqual(await made.fault(), ["received", 3]);
  });
  test("a second report in the thread is none", async () => {
    const made = await filed();
    const { head } = (await made.verify()).entries[0];
    const again = { ...head, seq: 3, prev: made.sha256 };
    await made.append(again);
    assert.deepEqual(await made.fault(), ["kind", 3]);
  });
  test("it confirms this very entry 1", async () => {
    const made = await filed();
    made.records.pop();
    await made.confirm({}, { entry1_sha256: b64u(randomBytes(32)) });
    assert.deepEqual(await made.fault(), ["received", 2]);
  });
  for (const params of [{ text: "you are fired" }, { list: [1] }, { flag: true }, null]) {
    test(`a system line never says ${JSON.stringify(params)}`, async () => {
      const made = await filed();
      await made.append({ kind: "late", author: system }, { body: { code: "late", params } });
      assert.deepEqual(await made.fault(), ["system_params", 3]);
    });
  }
  test("a system line's code is its kind", async () => {
    const made = await filed();
    const body = { code: "missed", params: {} };
    await made.append({ kind: "late", author: system }, { body });
    assert.deepEqual(await made.fault(), ["system_params", 3]);
  });
  test("a report sealed under a keyring that was not in force raises an alarm", async () => {
    const publish = ({ organisation, people }) =>
      organisation.publish(people.map((one) => asHandler(one)), { issued_on: "2026-11-10" });
    const made = await filed({ publish });
    made.records.pop();
    made.records[0].on = "2026-11-09";
    const { entries, fault } = await made.verify();
    assert.equal(fault, null);
    assert.equal(entries[0].alarm, "keyring_not_current");
  });
  test("a body that is no JSON is shown as none", async () => {
    const made = await filed();
    await made.append({}, { body: "not json" });
    const { entries, fault } = await made.verify();
    assert.deepEqual([fault, entries.at(-1).body], [null, null]);
  });
});

describe("access", () => {
  const access = (made, changes = {}) => ({
    kind: "access",
    gen: 1,
    case_key: made.filing.json.case_public_key,
    added: [],
    removed: [],
    desk_key: null,
    desk_prev: changes.author?.side === "reporter" ? null : made.thread,
    reason: "colleague",
    ...changes,
  });
  const reader = (made, id) => {
    const { ageHash } = made.keyring.handlers.find((one) => one.id === id);
    return { id, sha256: b64u(ageHash) };
  };

  test("who is removed writes no more", async () => {
    const made = await filed();
    const key = await privateKey();
    const raised = { gen: 2, case_key: b64u(key.publicBytes), removed: ["anna"], reason: "conflict" };
    await made.append(access(made, { ...raised, author: { side: "handler", id: "bo" } }));
    await made.append({}, { to: [key.publicText] });
    const privateTexts = [key.text, ...made.privateTexts];
    assert.deepEqual(await made.fault({ privateTexts }), ["not_reader", 4]);
  });
  test("only the reporter brings back who was left out", async () => {
    const made = await filed({ leftOut: ["anna"] });
    const added = [reader(made, "anna")];
    await made.append(access(made, { added, author: reporter }));
    await made.append();
    assert.equal(await made.fault(), null);
    made.records.splice(2);
    await made.append(access(made, { added, author: { side: "handler", id: "bo" } }));
    assert.deepEqual(await made.fault(), ["access", 3]);
  });
  test("added under another key than the keyring's", async () => {
    const made = await filed();
    const added = [{ id: "anna", sha256: b64u(randomBytes(32)) }];
    await made.append(access(made, { added }));
    assert.deepEqual(await made.fault(), ["access", 3]);
  });
  test("a new generation takes a new key, and everything after goes to it", async () => {
    const made = await filed();
    const key = await privateKey();
    await made.append(access(made, { gen: 2, case_key: b64u(key.publicBytes) }));
    const privateTexts = [key.text, ...made.privateTexts];
    await made.append({}, { to: [key.publicText] });
    assert.equal(await made.fault({ privateTexts }), null);
    const { sealTo } = await made.verify({ privateTexts });
    assert.equal(sealTo, b64u(key.publicBytes));
    await made.append();
    assert.deepEqual(await made.fault({ privateTexts }), ["case_key", 5]);
  });
  test("a generation is not skipped, nor a key changed within one", async () => {
    const made = await filed();
    const key = b64u((await privateKey()).publicBytes);
    for (const gen of [1, 3]) {
      made.records.splice(2);
      await made.append(access(made, { gen, case_key: key }));
      assert.deepEqual(await made.fault(), ["access", 3]);
    }
  });
});

describe("entries made here", () => {
  const asked = (made, id) => ({
    channel: CHANNEL,
    keyring: made.keyring,
    author: { side: "handler", id, signing: made.handler(id).signing },
    made: "browser",
  });

  test("verify, and go on verifying", async () => {
    const made = await filed();
    const rest = [
      ["acknowledgement", {}],
      ["message", {}],
      ["feedback", { final: true, next_on: null }],
      ["closing", { outcome: "founded" }],
    ];
    for (const [kind, adds] of rest) {
      const place = await made.verify();
      const sealed = await makeEntry(place, { ...asked(made, "cia"), kind, body: { text: "x" }, adds });
      made.records.push(record(place.next.seq, kind, "cia", sealed));
    }
    assert.equal(await made.fault(), null);
  });
  test("are not made in a thread with a fault", async () => {
    const made = await filed();
    made.records.splice(1, 1);
    await made.append();
    made.records[1].seq = 3;
    const place = await made.verify();
    const task = () => makeEntry(place, { ...asked(made, "cia"), kind: "message", body: {} });
    await refused(task, "ThreadError", "gap");
  });
  test("have no text over 20 000 code points, whatever its bytes", async () => {
    const made = await filed();
    const place = await made.verify();
    const write = (text) =>
      makeEntry(place, { ...asked(made, "cia"), kind: "message", body: { text } });
    await write("😀".repeat(20000));
    await refused(() => write("x".repeat(20001)), "TooLargeError", "text");
  });
  test("the desk key goes to the readers and to nobody else", async () => {
    const made = await filed({ leftOut: ["bo"] });
    const place = await made.verify();
    const inForce = { channel: CHANNEL, keyring: made.keyring, chain: made.keyrings, on: TODAY };
    assert.deepEqual(
      currentReaders(place.access, inForce).map(({ id }) => id),
      ["anna", "cia", "dan", "eva"],
    );
    const desk = await makeDesk(place, { ...asked(made, "anna"), ...inForce });
    const records = [record(1, "desk", "anna", desk.sealed, "desk")];
    const privateTexts = await openCaseKeys(desk.deskAge, made.handler("cia").age.text);
    const opened = await made.verify();
    const { verifyThread } = await import("../../whistle/web/static/js/sealing/chain.js");
    const notes = await verifyThread(records, { ...made, privateTexts, entries: opened.entries });
    assert.equal(notes.fault, null);
    const text = made.handler("bo").age.text;
    await refused(() => openCaseKeys(desk.deskAge, text), "NotForMeError", "no_match");
    await refused(() => openCaseKeys(desk.deskAge, made.receipt.age.text), "NotForMeError", "no_match");
    const note = await makeEntry(notes, { ...asked(made, "cia"), kind: "note", body: { text: "n" } });
    records.push(record(2, "note", "cia", note, "desk"));
    const after = await verifyThread(records, { ...made, privateTexts, entries: opened.entries });
    assert.deepEqual([after.fault, after.entries.length], [null, 2]);
  });
  test("who is gone from the newest keyring is sealed to no more, also while it waits", async () => {
    const publish = async ({ organisation, people, newcomer }) => {
      const handlers = [...people.slice(1), newcomer].map((one) => asHandler(one));
      organisation.publish(handlers, { issued_on: "2026-11-20" });
    };
    const newcomer = await person("zoe");
    const made = await filed({ publish: (one) => publish({ ...one, newcomer }) });
    assert.equal(made.keyring.serial, 1);
    const { access } = await made.verify();
    const inForce = { channel: CHANNEL, keyring: made.keyring, chain: made.keyrings, on: TODAY };
    const ids = currentReaders(access, inForce).map(({ id }) => id);
    assert.deepEqual(ids, ["bo", "cia", "dan", "eva"]);
  });
  test("a note passed off as a message is refused", async () => {
    const made = await filed();
    const changes = { chain: "desk", kind: "note", seq: 3 };
    await made.append(changes, { clear: { chain: "case" } });
    assert.deepEqual(await made.fault(), ["moved", 3]);
  });
});

test("the thread id is as the protocol says", async () => {
  const made = await filed();
  const [age, sign] = [made.receipt.age.publicBytes, made.receipt.signing.public];
  const key = fromB64u(made.filing.json.case_public_key);
  assert.equal(made.thread, b64u(H(utf8("whistle/thread/v1\0"), age, sign, key)));
});
