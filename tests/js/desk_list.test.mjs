// The list at the desk: what is opened of many cases, searched, filtered; marks and links.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { privateKey, seal } from "../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { packBytes } from "../../whistle/web/static/js/sealing/container.js";
import { marksIn } from "../../whistle/web/static/js/sealing/marks.js";
import { COUNTERS } from "../../whistle/web/static/js/desk/cases.js";
import { choices, NOBODY, passes } from "../../whistle/web/static/js/desk/find.js";
import { allRead, faultsOfMarks, labelsOf, linkable } from "../../whistle/web/static/js/desk/marks.js";
import { firstLine } from "../../whistle/web/static/js/worker/list.js";
import { Encrypter } from "../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { Case, record } from "./support/case.mjs";
import { refused } from "./support/refused.mjs";
import { load } from "./support/worker.mjs";

const PASSPHRASE = "six made up words for tests";
const builtOn = "2026-11-20";
const MARKS = { title: "Press 7", assignee: "bo", labels: ["Safety"], linked: ["0".repeat(32)], todos: [] };
const TODO = { id: "0".repeat(16), text: "Call the harbour", who: "bo", until: "2026-11-22", done: null };

async function keyFile({ age }) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(4);
  return b64u(await encrypter.encrypt(utf8(`${age.text}\n`)));
}

/** Marks as a handler's browser seals them, with whatever is wrong in `changes`. */
async function marked(made, { body = MARKS, key, head = {}, clear = {}, readers } = {}) {
  const deskKey = await privateKey();
  const to = readers ?? made.people.map(({ age }) => age.publicText);
  const full = made.head({ chain: "desk", kind: "marks", seq: 2, prev: made.thread, ...head });
  const bytes = utf8(JSON.stringify(body));
  const headBytes = utf8(JSON.stringify({ ...full, body_len: bytes.length }));
  const sealed = await seal(
    packBytes(headBytes, bytes, key ?? made.handler(full.author.id).signing),
    [deskKey.publicText],
  );
  const shown = record(full.seq, full.kind, full.author.id, sealed, "desk");
  return {
    desk_age: b64u(await seal(utf8(`${deskKey.text}\n`), to)),
    marks: { ...shown, ...clear },
  };
}

const piece = (made, id, changes = {}) => ({
  id,
  channel: "main",
  thread: made.thread,
  case_age: b64u(made.filing.caseAge),
  report: made.records[0],
  desk_age: null,
  marks: null,
  ...changes,
});

describe("opening for the list", () => {
  let ask;
  let made;

  before(async () => {
    made = await Case.filed({ leftOut: ["eva"] });
    ask = await load("desk");
    const file = await keyFile(made.handler("anna"));
    await ask("unlock", { keyFile: file, passphrase: PASSPHRASE, handler: "anna" });
    await ask("openList", { keyringAnswer: made.organisation.answer(), ids: ["c1"], builtOn });
  });

  const open = async (changes) => {
    const { opened } = await ask("openPieces", { pieces: [piece(made, "c1", changes)] });
    return opened[0];
  };
  const fault = async (changes) => (await open(changes)).fault;

  test("a report gives its first words; marks give title, person and labels", async () => {
    const plain = await open();
    assert.deepEqual([plain.fault, plain.title, plain.first], [null, "", "what happened"]);
    const whole = await open(await marked(made));
    assert.equal(whole.title, "Press 7");
    assert.deepEqual(whole.assignee, { id: "bo", name: "Bo Ek" });
    assert.deepEqual([whole.labels, whole.linked], [["Safety"], ["0".repeat(32)]]);
  });

  test("nothing is shown of a report that does not hold", async () => {
    const other = await Case.filed();
    const forged = fromB64u(made.records[0].sealed);
    forged[forged.length - 1] ^= 1;
    const broken = { ...made.records[0], sealed: b64u(forged) };
    assert.equal(await fault({ report: broken }), "damaged");
    assert.equal(await fault({ thread: other.thread }), "moved");
    assert.equal(await fault({ report: other.records[0] }), "cannot_open");
    assert.equal(await fault({ channel: "other" }), "clear_differs");
    assert.equal(await fault({ report: made.records[1] }), "gap");
    const foreign = await Case.filed({ leftOut: ["anna"] });
    assert.equal(await fault(piece(foreign, "c1")), "not_for_me");
  });

  test("nor of marks that a server, or somebody who must not, has made", async () => {
    const other = await Case.filed();
    const stranger = other.handler("bo").signing;
    assert.equal(await fault(await marked(made, { key: stranger })), "forged");
    assert.equal(await fault(await marked(made, { head: { thread: other.thread } })), "moved");
    const eva = { author: { side: "handler", id: "eva" } };
    assert.equal(await fault(await marked(made, { head: eva })), "not_reader");
    assert.equal(await fault(await marked(made, { head: { kind: "note" } })), "kind");
    assert.equal(await fault(await marked(made, { clear: { seq: 3 } })), "clear_differs");
    assert.equal(await fault(await marked(made, { clear: { handler: "cia" } })), "clear_differs");
    const { age } = made.handler("bo");
    assert.equal(await fault(await marked(made, { readers: [age.publicText] })), "not_for_me");
  });

  test("what is in the marks and has no right form is left out", async () => {
    const body = { title: 5, assignee: ["bo"], labels: ["", "ok", 7, "x".repeat(31)], linked: ["x"] };
    assert.deepEqual(marksIn(body), { title: "", assignee: null, labels: ["ok"], linked: [], todos: [] });
    assert.deepEqual(marksIn(null), { title: "", assignee: null, labels: [], linked: [], todos: [] });
    assert.equal(marksIn({ labels: Array.from({ length: 20 }, (_, at) => `${at}`) }).labels.length, 12);
  });

  test("what is to be done goes to the list by its day and person, while it is open; its text is found", async () => {
    const done = { ...TODO, id: "1".repeat(16), done: { by: "bo", on: "2026-11-22" } };
    const free = { ...TODO, id: "2".repeat(16), until: null };
    const whole = await open(await marked(made, { body: { ...MARKS, todos: [TODO, done, free] } }));
    assert.deepEqual(whole.todos, [{ who: "bo", until: "2026-11-22" }]);
    assert.deepEqual((await ask("search", { query: "harbour" })).ids, ["c1"]);
  });

  test("the search looks through titles, labels and reports, all words anywhere", async () => {
    await open(await marked(made));
    const found = async (query) => (await ask("search", { query })).ids;
    for (const query of ["press", "SAFETY", "happened 7", "  what "]) {
      assert.deepEqual(await found(query), ["c1"], query);
    }
    assert.deepEqual(await found("bicycle"), []);
    const { searched, whole } = await ask("search", { query: "press" });
    assert.deepEqual([searched, whole], [1, 0]);
  });

  test("a search does not wait for the cases that are being opened", async () => {
    const ended = [];
    const many = Array.from({ length: 6 }, (_, at) => piece(made, `c${at}`));
    const opening = ask("openPieces", { pieces: many }).then(() => ended.push("opened"));
    const searching = ask("search", { query: "happened" }).then(() => ended.push("found"));
    await Promise.all([opening, searching]);
    assert.deepEqual(ended, ["found", "opened"]);
    await ask("openList", { keyringAnswer: made.organisation.answer(), ids: ["c1"], builtOn });
  });

  test("cases that are opened together are told in the order asked, each with its own fault", async () => {
    const other = await Case.filed();
    const pieces = [piece(made, "c1"), piece(made, "c2", { thread: other.thread }), piece(made, "c3")];
    const { opened } = await ask("openPieces", { pieces });
    assert.deepEqual(
      opened.map(({ id, fault }) => [id, fault]),
      [["c1", null], ["c2", "moved"], ["c3", null]],
    );
    await ask("openList", { keyringAnswer: made.organisation.answer(), ids: ["c1"], builtOn });
  });

  test("messages and notes are found once a case was opened whole", async () => {
    await made.append({}, { body: { text: "A bicycle was seen" } });
    const answer = {
      ...made.organisation.answer(),
      ...piece(made, "c1"),
      entries: made.records,
      notes: [],
    };
    const { listed } = await ask("openCase", { answer, builtOn });
    assert.equal(listed.first, "what happened");
    const found = await ask("search", { query: "bicycle" });
    assert.deepEqual([found.ids, found.whole], [["c1"], 1]);
    await open(await marked(made)); // the list is opened anew: what was read is still found
    assert.deepEqual((await ask("search", { query: "bicycle press" })).ids, ["c1"]);
    made.records.pop();
  });

  test("what is not listed any more, or was left, is forgotten", async () => {
    await open();
    await ask("forget", { id: "c1" });
    assert.equal((await ask("search", { query: "" })).searched, 0);
    await open();
    await ask("openList", { keyringAnswer: made.organisation.answer(), ids: [], builtOn });
    assert.equal((await ask("search", { query: "" })).searched, 0);
  });

  test("locked, nothing is left and nothing is opened", async () => {
    await open();
    await ask("lock");
    await refused(() => ask("search", { query: "what" }), "SealingError", "locked");
    await refused(() => ask("openPieces", { pieces: [] }), "SealingError", "locked");
  });
});

test("first words end between words", () => {
  assert.equal(firstLine("Used oil\n was poured"), "Used oil was poured");
  assert.equal(firstLine("one two three", 9), "one two …");
});

const one = { id: "c1", state: "received", channel: "main", unread: false };
const all = { state: "", channel: "", assignee: "", label: "", found: null };
const opened = { fault: null, assignee: { id: "bo", name: "Bo" }, labels: ["x"] };

test("filters take each other's word", () => {
  assert.ok(passes(one, undefined, all));
  assert.ok(passes(one, opened, { ...all, state: "received", channel: "main", label: "x" }));
  assert.ok(!passes(one, opened, { ...all, state: "closed" }));
  assert.ok(!passes(one, opened, { ...all, channel: "other" }));
  assert.ok(passes(one, opened, { ...all, assignee: "bo" }));
  assert.ok(!passes(one, opened, { ...all, assignee: NOBODY }));
  assert.ok(passes(one, { ...opened, assignee: null }, { ...all, assignee: NOBODY }));
  assert.ok(!passes(one, opened, { ...all, label: "y" }));
  assert.ok(!passes(one, opened, { ...all, found: new Set() }));
});

test("what is not opened, or not whole, passes no filter that needs a key", () => {
  assert.ok(!passes(one, undefined, { ...all, assignee: NOBODY }));
  assert.ok(!passes(one, { fault: "forged" }, { ...all, label: "x" }));
});

test("what can be chosen follows from the list", () => {
  const cases = [one, { ...one, state: "closed", channel: "b" }];
  const known = new Map([["c1", opened], ["c2", { fault: "gap" }]]);
  assert.deepEqual(choices(cases, known), {
    state: ["closed", "received"],
    channel: ["b", "main"],
    assignee: [["bo", "Bo"]],
    label: ["x"],
  });
});

test("all cases are counted, open and closed", () => assert.ok(COUNTERS.all({ state: "closed" })));

test("labels are read with commas between, each once", () => {
  assert.deepEqual(labelsOf(" a,b ,, a, c  d"), ["a", "b", "c d"]);
});

test("marks that are too long or too many are told", () => {
  const right = { title: "", labels: [], linked: [] };
  assert.deepEqual(faultsOfMarks(right), []);
  assert.equal(faultsOfMarks({ ...right, title: "x".repeat(121) })[0].code, "title.too_long");
  assert.equal(faultsOfMarks({ ...right, labels: ["x".repeat(31)] })[0].code, "labels.too_long");
  const many = Array.from({ length: 13 }, (_, at) => `${at}`);
  assert.equal(faultsOfMarks({ ...right, labels: many })[0].code, "labels.too_many");
  assert.equal(faultsOfMarks({ ...right, linked: many })[0].code, "link.too_many");
});

test("a case is linked only where everybody knows of it, and only when it is read", () => {
  const readers = [{ id: "anna" }, { id: "bo" }];
  assert.ok(allRead(readers, ["bo", "anna", "cia"]));
  assert.ok(!allRead(readers, ["anna", "cia"]));
  const cases = [{ id: "a" }, { id: "b", unread: true }, { id: "c" }, { id: "d" }];
  assert.deepEqual(linkable(cases, "a", ["c"]).map(({ id }) => id), ["d"]);
});
