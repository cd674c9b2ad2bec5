// Erasing early by two persons, as a handler's browser sees and signs it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { b64u, fromB64u, H } from "../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys } from "../../whistle/web/static/js/sealing/case-keys.js";
import { verifyThread } from "../../whistle/web/static/js/sealing/chain.js";
import { makeEntry } from "../../whistle/web/static/js/sealing/entry.js";
import { makeDesk } from "../../whistle/web/static/js/sealing/resealing.js";
import { canBeTwo } from "../../whistle/web/static/js/desk/steps.js";
import { namedIn } from "../../whistle/web/static/js/desk/proposals.js";
import { approval, byTwo, proposals } from "../../whistle/web/static/js/worker/erasing.js";
import { Case, record } from "./support/case.mjs";
import { CHANNEL, TODAY } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";

/** A case with a message, and a desk chain that can be written to by anybody. */
async function furnished(changes) {
  const made = await Case.filed(changes);
  await made.append({}, { body: { text: "beside the matter" } });
  const author = (id) => ({
    channel: CHANNEL,
    keyring: made.keyring,
    chain: made.keyrings,
    on: TODAY,
    author: { side: "handler", id, signing: made.handler(id).signing },
    made: "browser",
  });
  const desk = await makeDesk(await made.verify(), author("cia"));
  const notes = [record(1, "desk", "cia", desk.sealed, "desk")];
  const privateTexts = await openCaseKeys(desk.deskAge, made.handler("cia").age);
  const opened = async () => {
    const cases = await made.verify();
    const { keyrings } = made;
    const chain = await verifyThread(notes, { keyrings, privateTexts, ...cases });
    assert.equal(chain.fault, null);
    return { cases, notes: chain, chain: keyrings };
  };
  const write = async (id, kind, adds) => {
    const place = (await opened()).notes;
    const sealed = await makeEntry(place, { ...author(id), kind, body: {}, adds });
    notes.push(record(place.next.seq, kind, id, sealed, "desk"));
    return b64u(H(sealed));
  };
  return { made, author, notes, opened, write };
}

const named = ({ records }) => [{ seq: 3, sha256: b64u(H(fromB64u(records[2].sealed))) }];

test("a proposal stands until it is ended; whose it is decides who approves", async () => {
  const { made, write, opened } = await furnished();
  const adds = { erases: "entries", entries: named(made), reason: "irrelevant" };
  const proposal = await write("anna", "erasure_proposal", adds);
  const { notes, ...rest } = await opened();
  const [seen] = proposals(notes.entries, rest, "bo");
  assert.deepEqual([seen.proposal, seen.own, seen.reason], [proposal, false, "irrelevant"]);
  assert.ok(proposals(notes.entries, rest, "anna")[0].own);
  await write("bo", "erasure_withdrawal", { proposal });
  assert.deepEqual(proposals((await opened()).notes.entries, rest, "bo"), []);
});

test("an approval is signed with the entry that says what went, and both hold", async () => {
  const { made, author, notes, write, opened } = await furnished();
  const adds = { erases: "entries", entries: named(made), reason: "irrelevant" };
  const proposal = await write("anna", "erasure_proposal", adds);
  const asked = await approval(await opened(), proposal, author("bo"), "bo");
  assert.deepEqual([asked.seq, asked.removed.seq, asked.entries], [3, 4, named(made)]);
  notes.push(record(3, "erasure_approval", "bo", fromB64u(asked.sealed), "desk"));
  const removed = record(4, "removed", "bo", fromB64u(asked.removed.sealed));
  const gone = { ...made.records[2], sealed: "", sha256: named(made)[0].sha256 };
  made.records = [...made.records.slice(0, 2), gone, removed];
  const after = await opened();
  const last = after.cases.entries.at(-1);
  assert.ok(byTwo(last, after.notes.entries, after));
  assert.ok(!byTwo(last, after.notes.entries.slice(0, 2), after));
  assert.ok(!byTwo({ ...last, author_id: "cia" }, after.notes.entries, after));
  const other = { ...last, head: { ...last.head, entries: [{ seq: 5, sha256: "x" }] } };
  assert.ok(!byTwo(other, after.notes.entries, after));
});

test("notes go by the entry right after the approval", async () => {
  const { author, notes, write, opened } = await furnished();
  const note = await write("anna", "note", {});
  const entries = [{ seq: 2, sha256: note }];
  const adds = { erases: "notes", entries, reason: "irrelevant" };
  const proposal = await write("anna", "erasure_proposal", adds);
  const asked = await approval(await opened(), proposal, author("bo"), "bo");
  assert.deepEqual([asked.seq, asked.removed.seq], [4, 5]);
  notes.push(record(4, "erasure_approval", "bo", fromB64u(asked.sealed), "desk"));
  notes.push(record(5, "note_removed", "bo", fromB64u(asked.removed.sealed), "desk"));
  notes[1] = { ...notes[1], sealed: "", sha256: note };
  assert.equal((await opened()).notes.entries.at(-1).kind, "note_removed");
});

test("nobody signs an approval of their own, or of what is not there", async () => {
  const { made, author, write, opened } = await furnished();
  const adds = { erases: "entries", entries: named(made), reason: "irrelevant" };
  const proposal = await write("anna", "erasure_proposal", adds);
  const state = await opened();
  await refused(() => approval(state, proposal, author("anna"), "anna"), "FilingError", "same_person");
  await refused(() => approval(state, "x", author("bo"), "bo"), "FilingError", "proposal");
});

test("one person with two ids is one", () => {
  const one = { role: "handler", person: "p" };
  assert.ok(!canBeTwo({ readers: [one, { ...one }] }));
  assert.ok(!canBeTwo({ readers: [one, { role: "investigator", person: "q" }] }));
  assert.ok(canBeTwo({ readers: [one, { role: "deputy", person: "q" }] }));
});

test("what is named is shown only where number and hash are the verified entry's", () => {
  const entry = { seq: 3, sealed_sha256: "h" };
  const opened = { entries: [entry], notes: [] };
  const asked = (sha256, erases = "entries") => ({ erases, entries: [{ seq: 3, sha256 }] });
  assert.deepEqual(namedIn(asked("h"), opened), [entry]);
  assert.deepEqual(namedIn(asked("other"), opened), []);
  assert.deepEqual(namedIn(asked("h", "notes"), opened), []);
});
