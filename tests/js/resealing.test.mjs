// A case sealed again: whom the browser seals to, what it refuses, and what a server cannot do.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { open, privateKey, publicText, shape } from "../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, H, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys, sealCaseKeys } from "../../whistle/web/static/js/sealing/case-keys.js";
import { Encrypter } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { Case } from "./support/case.mjs";
import { asHandler, CHANNEL, person, TODAY } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";
import { load } from "./support/worker.mjs";

const PASSPHRASE = "six made up words for tests";
const builtOn = "2026-11-20";
let ask;

before(async () => {
  ask = await load("desk");
});

/** A case as the server holds it, and what its handlers do with it through their Worker. */
class Desk {
  static async of(asked = {}) {
    const desk = new Desk();
    desk.made = await Case.filed(asked);
    desk.caseAge = b64u(desk.made.filing.caseAge);
    desk.deskAge = null;
    desk.notes = [];
    return desk;
  }

  answer(changes = {}) {
    const { made, caseAge, deskAge, notes } = this;
    const keys = { case_age: caseAge, desk_age: deskAge };
    const chains = { entries: made.records, notes };
    const about = { id: "c1", thread: made.thread, channel: CHANNEL };
    return { ...made.organisation.answer(), ...about, ...keys, ...chains, ...changes };
  }

  async openAs(id, changes = {}) {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(PASSPHRASE);
    encrypter.setScryptWorkFactor(4);
    const file = await encrypter.encrypt(utf8(`${this.key(id)}\n`));
    await ask("unlock", { keyFile: b64u(file), passphrase: PASSPHRASE, handler: id });
    return ask("openCase", { answer: this.answer(changes), builtOn });
  }

  key(id) {
    return this.made.handler(id).age.text;
  }

  async begin(id) {
    await this.openAs(id);
    const { desk_age: deskAge, entry } = await ask("makeDesk");
    this.deskAge = deskAge;
    this.notes.push({ ...entry, handler: id, on: TODAY });
  }

  async note(id) {
    await this.openAs(id);
    this.notes.push({ ...(await ask("note", { body: { text: `by ${id}` } })), handler: id, on: TODAY });
  }

  async write(id) {
    await this.openAs(id);
    const entry = await ask("makeEntry", { kind: "message", body: { text: `by ${id}` } });
    this.made.records.push({ ...entry, handler: id, on: TODAY });
  }

  /** Changes access as `id`, and keeps what the Worker made, as the server does. */
  async change(id, asked, changes = {}) {
    await this.openAs(id, changes);
    const posted = await ask("reseal", asked);
    const { seq, sealed } = posted;
    this.made.records.push({ chain: "case", seq, kind: "access", handler: id, on: TODAY, sealed });
    [this.caseAge, this.deskAge] = [posted.case_age, posted.desk_age];
    return posted;
  }
}

const stanzas = (sealed) => shape(fromB64u(sealed)).stanzas.length;

/** Whether a private key (text) opens an object (b64u). */
const opens = (key, sealed) =>
  open(fromB64u(sealed), [key], { stanzasMax: 80, sizeAllowed: () => true }).then(
    () => true,
    () => false,
  );

describe("taking somebody out", () => {
  test("takes new keys, and nothing after it opens for who was taken out", async () => {
    const desk = await Desk.of();
    await desk.begin("anna");
    await desk.note("bo");
    const bos = [desk.key("bo"), ...(await openCaseKeys(fromB64u(desk.caseAge), desk.key("bo")))];
    bos.push(...(await openCaseKeys(fromB64u(desk.deskAge), desk.key("bo"))));
    const posted = await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    assert.deepEqual(
      [posted.gen, posted.removed, posted.added, posted.keyring_serial, posted.seq],
      [2, ["bo"], [], 1, 3],
    );
    assert.notEqual(posted.case_key, null);
    await desk.write("cia");
    await desk.note("cia");
    const after = [desk.caseAge, desk.deskAge, desk.made.records.at(-1).sealed, desk.notes.at(-1).sealed];
    for (const key of bos) for (const one of after) assert.equal(await opens(key, one), false);
    const opened = await desk.openAs("dan");
    assert.deepEqual([opened.fault, opened.notes_fault], [null, null]);
    assert.deepEqual(opened.notes.map(({ author_id: id }) => id), ["anna", "bo", "cia"]);
    assert.ok(!opened.readers.some(({ id }) => id === "bo"));
    await refused(() => desk.openAs("bo"), "NotForMeError", "no_match");
  });

  test("no count tells: as many stanzas as at filing", async () => {
    const desk = await Desk.of({ leftOut: ["eva"] });
    await desk.begin("anna");
    const before = [stanzas(desk.caseAge), stanzas(desk.deskAge)];
    await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    assert.deepEqual([stanzas(desk.caseAge), stanzas(desk.deskAge)], before);
    assert.deepEqual(before, [6, 5]);
  });

  test("the request names the files and notes it was made of", async () => {
    const desk = await Desk.of();
    await desk.begin("anna");
    const old = desk.caseAge;
    const posted = await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    assert.equal(posted.if_match, b64u(H(fromB64u(old))));
    assert.equal(posted.desk_prev, b64u(H(fromB64u(desk.notes.at(-1).sealed))));
    const other = await Desk.of();
    const empty = await other.change("anna", { remove: ["bo"], reason: "conflict" });
    assert.deepEqual([empty.desk_prev, empty.desk_age], [other.made.thread, null]);
  });

  test("the last reader does not leave", async () => {
    const desk = await Desk.of({ leftOut: ["bo", "cia", "dan", "eva"], oneReaderConfirmed: true });
    await desk.openAs("anna");
    const leave = () => ask("reseal", { remove: ["anna"], reason: "recused" });
    await refused(leave, "FilingError", "last_reader");
  });

  test("what readers would refuse is not made", async () => {
    const desk = await Desk.of({ leftOut: ["bo"] });
    await desk.openAs("anna");
    const wrong = [
      [{ remove: ["bo"], reason: "conflict" }, "FilingError", "not_reader"],
      [{ add: ["bo"], reason: "colleague" }, "FilingError", "left_out"],
      [{ add: ["cia"], reason: "colleague" }, "FilingError", "not_appointed"],
      [{ add: ["mallory"], reason: "colleague" }, "FilingError", "not_appointed"],
      [{ remove: ["cia"], reason: "because" }, "FilingError", "reason"],
    ];
    for (const [asked, family, reason] of wrong) {
      await refused(() => ask("reseal", asked), family, reason);
    }
  });

  test("a key made by who has left is replaced at the next change", async () => {
    const desk = await Desk.of();
    await desk.begin("anna");
    await desk.change("bo", { remove: ["bo"], reason: "recused" });
    assert.equal((await desk.openAs("anna")).old_key, true);
    const posted = await desk.change("anna", { reason: "rollover" });
    assert.deepEqual([posted.gen, posted.removed], [3, []]);
    const opened = await desk.openAs("cia");
    assert.deepEqual([opened.old_key, opened.fault, opened.notes_fault], [false, null, null]);
  });
});

describe("letting somebody in", () => {
  test("keeps the keys, from the keyring in force only", async () => {
    const zoe = await person("zoe");
    const ida = await person("ida");
    const publish = ({ organisation, people }) => {
      const handlers = people.map((one) => asHandler(one));
      const role = { channels: { [CHANNEL]: "investigator" } };
      handlers.push(asHandler(zoe, role));
      const [cosigner] = people;
      organisation.publish(handlers, { issued_on: "2026-11-20" }, { cosigner });
      const waiting = [...handlers, asHandler(ida, role)];
      organisation.publish(waiting, { issued_on: "2026-11-21" });
    };
    const desk = await Desk.of({ publish });
    await desk.begin("anna");
    desk.made.people.push(zoe, ida);
    const opened = await desk.openAs("anna");
    assert.deepEqual(opened.may_be_let_in.map(({ id }) => id), ["zoe"]);
    const early = () => ask("reseal", { add: ["ida"], reason: "colleague" });
    await refused(early, "FilingError", "not_appointed");
    const before = stanzas(desk.caseAge);
    const posted = await desk.change("anna", { add: ["zoe"], reason: "colleague" });
    assert.deepEqual([posted.gen, posted.case_key, posted.keyring_serial], [1, null, 3]);
    assert.deepEqual([stanzas(desk.caseAge), stanzas(desk.deskAge)], [before + 1, before]);
    const seen = await desk.openAs("zoe");
    assert.deepEqual([seen.fault, seen.notes_fault, seen.notes.length], [null, null, 1]);
  });

  test("offers nobody whom the reporter left out, under whatever id", async () => {
    const again = await person("bo-two");
    const publish = ({ organisation, people }) => {
      const two = asHandler(again, { person: "bo" });
      const handlers = [...people.map((one) => asHandler(one)), two];
      organisation.publish(handlers, { issued_on: "2026-11-20" }, { cosigner: people[0] });
    };
    const desk = await Desk.of({ publish, leftOut: ["bo"] });
    await desk.begin("anna");
    const opened = await desk.openAs("anna");
    assert.deepEqual(opened.may_be_let_in, []);
    const asked = { add: ["bo-two"], reason: "colleague" };
    await refused(() => ask("reseal", asked), "FilingError", "left_out");
  });
});

describe("after a key is lost", () => {
  test("who is gone from the keyring is taken out by name of the reason alone", async () => {
    const desk = await Desk.of();
    await desk.begin("anna");
    const { organisation, people } = desk.made;
    const rest = people.filter(({ id }) => id !== "bo").map((one) => asHandler(one));
    organisation.publish(rest, { issued_on: TODAY });
    const opened = await desk.openAs("anna");
    assert.deepEqual(opened.leavers, ["bo"]);
    const posted = await desk.change("anna", { reason: "left" });
    assert.deepEqual([posted.removed, posted.gen], [["bo"], 2]);
    assert.deepEqual((await desk.openAs("cia")).leavers, []);
    assert.equal(stanzas(desk.caseAge), 5);
  });
});

describe("the recovery key", () => {
  const recovery = async (holder) => {
    const key = await privateKey();
    const holders = [{ person: holder, name: "Holder" }];
    return [key, { age: key.publicText, k: 1, holders }];
  };
  const published = (one) => (made) => {
    const handlers = made.people.map((each) => asHandler(each));
    const [cosigner] = made.people;
    made.organisation.publish(handlers, { issued_on: TODAY, recovery: one }, { cosigner });
  };

  test("is sealed to again where the report was, by today's keyring", async () => {
    const [first, one] = await recovery("gun");
    const desk = await Desk.of({ publish: published(one) });
    const [second, other] = await recovery("gun");
    published(other)(desk.made);
    await desk.change("anna", { reason: "rollover" });
    assert.equal(await opens(second.text, desk.caseAge), true);
    assert.equal(await opens(first.text, desk.caseAge), false);
  });

  test("is left out where its holder was taken out for a conflict, and no count tells", async () => {
    const [key, one] = await recovery("bo");
    const desk = await Desk.of({ publish: published(one) });
    const before = stanzas(desk.caseAge);
    assert.equal(await opens(key.text, desk.caseAge), true);
    await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    assert.equal(await opens(key.text, desk.caseAge), false);
    assert.equal(stanzas(desk.caseAge), before);
  });

  test("is never added to a report that was not sealed to it", async () => {
    const [key, one] = await recovery("gun");
    const desk = await Desk.of({ publish: published(one), leaveOutRecovery: true });
    await desk.change("anna", { reason: "rollover" });
    assert.equal(await opens(key.text, desk.caseAge), false);
  });
});

describe("a server", () => {
  const readersKeys = (desk, texts) => {
    const to = desk.made.people.map(({ age }) => age.publicText);
    return sealCaseKeys(texts, to, 6).then(b64u);
  };

  test("that puts its own key first in case.age gets nothing sealed to it", async () => {
    const desk = await Desk.of();
    const own = await privateKey();
    const texts = [own.text, ...desk.made.privateTexts];
    desk.caseAge = await readersKeys(desk, texts);
    await desk.write("anna");
    assert.equal(await opens(own.text, desk.made.records.at(-1).sealed), false);
    await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    const kept = await openCaseKeys(fromB64u(desk.caseAge), desk.key("anna"));
    assert.ok(!kept.includes(own.text));
    assert.equal(kept.length, 2);
  });

  test("that writes with a key of its own is found out", async () => {
    const desk = await Desk.of();
    const own = await privateKey();
    desk.caseAge = await readersKeys(desk, [own.text, ...desk.made.privateTexts]);
    const line = { kind: "late", author: { side: "system", id: "service" }, made: "server" };
    const body = { code: "late", params: { clock: 1 } };
    await desk.made.append(line, { body, to: [own.publicText] });
    assert.deepEqual((await desk.openAs("anna")).fault, { reason: "case_key", chain: "case", seq: 3 });
  });

  test("that shows an old case.age gets no new one", async () => {
    const desk = await Desk.of();
    const old = desk.caseAge;
    await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    await desk.openAs("cia", { case_age: old });
    await refused(() => ask("reseal", { reason: "rollover" }), "ThreadError", "cannot_open");
    await desk.write("cia");
    const opened = await desk.openAs("cia", { case_age: old });
    assert.deepEqual(opened.fault, { reason: "cannot_open", chain: "case", seq: 4 });
    const { made } = desk;
    assert.equal((await made.verify({ privateTexts: made.privateTexts })).fault.reason, "cannot_open");
  });

  test("that leaves out a change of access is found out by what follows", async () => {
    const desk = await Desk.of();
    await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    await desk.write("cia");
    const [report, received, , message] = desk.made.records;
    const gap = await desk.openAs("cia", { entries: [report, received, message] });
    assert.equal(gap.fault.reason, "gap");
    const moved = { ...message, seq: 3 };
    const differs = await desk.openAs("cia", { entries: [report, received, moved] });
    assert.equal(differs.fault.reason, "clear_differs");
  });

  test("that shows less than it has shown before is found out at once", async () => {
    const desk = await Desk.of();
    await desk.begin("anna");
    await desk.note("bo");
    await desk.write("anna");
    await desk.openAs("cia");
    const fewer = await desk.openAs("cia", { entries: desk.made.records.slice(0, 2) });
    assert.deepEqual(fewer.fault, { reason: "withheld", chain: "case", seq: 3 });
    await refused(
      () => ask("makeEntry", { kind: "message", body: { text: "m" } }),
      "ThreadError",
      "withheld",
    );
    for (const hidden of [{ notes: desk.notes.slice(0, 1) }, { notes: [], desk_age: null }]) {
      const opened = await desk.openAs("cia", hidden);
      assert.deepEqual([opened.notes_fault.reason, opened.needs_desk], ["withheld", false]);
    }
    assert.equal((await desk.openAs("cia")).fault, null);
  });

  test("that puts another entry in the place of one it has shown is found out", async () => {
    const desk = await Desk.of();
    await desk.write("anna");
    await desk.openAs("cia");
    desk.made.records.pop();
    await desk.made.append({ author: { side: "handler", id: "anna" } }, { body: { text: "other" } });
    const opened = await desk.openAs("cia");
    assert.deepEqual(opened.fault, { reason: "fork", chain: "case", seq: 3 });
  });

  test("that takes back the notes a change of access names is found out", async () => {
    const desk = await Desk.of();
    await desk.begin("anna");
    await desk.note("bo");
    await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    for (const notes of [[], desk.notes.slice(0, 1)]) {
      const opened = await desk.openAs("cia", { notes });
      assert.deepEqual([opened.notes_fault.reason, opened.needs_desk], ["gap", false]);
      await refused(() => ask("note", { body: { text: "n" } }), "ThreadError", "gap");
      await refused(() => ask("reseal", { reason: "rollover" }), "ThreadError", "gap");
    }
  });

  test("that brings its own reader with a made-up change of access is refused", async () => {
    const desk = await Desk.of();
    const own = await person("mallory");
    const head = {
      kind: "access",
      gen: 1,
      case_key: desk.made.filing.json.case_public_key,
      desk_key: null,
      desk_prev: desk.made.thread,
      added: [{ id: "mallory", sha256: b64u(H(own.age.publicBytes)) }],
      removed: [],
      reason: "colleague",
    };
    await desk.made.append(head, { key: own.signing });
    assert.equal((await desk.openAs("anna")).fault.reason, "forged");
    desk.made.records.pop();
    await desk.made.append(head);
    assert.equal((await desk.openAs("anna")).fault.reason, "access");
    desk.made.records.pop();
    const author = { side: "handler", id: "mallory" };
    await desk.made.append({ ...head, author }, { key: own.signing });
    assert.equal((await desk.openAs("anna")).fault.reason, "unknown_author");
  });

  test("that posts a message in the name of who was taken out is refused", async () => {
    const desk = await Desk.of();
    const posted = await desk.change("anna", { remove: ["bo"], reason: "conflict" });
    const to = [publicText(fromB64u(posted.case_key))];
    await desk.made.append({ author: { side: "handler", id: "bo" } }, { to });
    assert.equal((await desk.openAs("cia")).fault.reason, "not_reader");
  });
});
