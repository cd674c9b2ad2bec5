// Runs in Chromium under the strict policy: files a report, reads it at the desk, answers,
// reads the answer with the receipt code; with the built bundles, as pages do.

import { Encrypter } from "../../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";
import { openSealing } from "../../../whistle/web/static/js/sealing-client.js";
import { b64u, fromB64u, readU32, text, utf8 } from "../../../whistle/web/static/js/sealing/bytes.js";
import { addDays, addMonths } from "../../../whistle/web/static/js/sealing/dates.js";
import { pack } from "../../../whistle/web/static/js/sealing/container.js";
import { seal } from "../../../whistle/web/static/js/sealing/age.js";
import { CHANNEL, fiveHandlers, TODAY } from "../support/organisation.mjs";

const DIST = "/whistle/web/static/dist";
const PASSPHRASE = "six made up words for tests";
const times = {};

async function timed(name, task) {
  const from = performance.now();
  const result = await task();
  (times[name] ??= []).push(Math.round(performance.now() - from));
  return result;
}

async function keyFile({ age }) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(10);
  return b64u(await encrypter.encrypt(utf8(`# a comment\n${age.text}\n`)));
}

/** Takes a filing apart as the server does, and adds its own second entry. */
async function received(organisation, filing, keyring) {
  const start = 10 + 4;
  const end = start + readU32(filing, 10);
  const json = JSON.parse(text(filing.subarray(start, end)));
  const [caseAge, entry1] = [
    filing.subarray(end, end + json.sizes[0]),
    filing.subarray(end + json.sizes[0]),
  ];
  const hash = b64u(new Uint8Array(await digest(entry1)));
  const params = { received_on: TODAY, entry1_sha256: hash };
  const head = {
    v: 1,
    channel: CHANNEL,
    thread: json.thread,
    chain: "case",
    seq: 2,
    prev: hash,
    kind: "received",
    author: { side: "system", id: "service" },
    keyring: { serial: keyring.serial, sha256: keyring.sha256 },
    made: "server",
    body_type: "application/json",
  };
  const body = utf8(JSON.stringify({ code: "received", params }));
  const { publicText } = await import("../../../whistle/web/static/js/sealing/age.js");
  const key = publicText(fromB64u(json.case_public_key));
  const entry2 = await seal(pack(head, body, organisation.service), [key]);
  const record = (seq, kind, sealed) => ({
    chain: "case",
    seq,
    kind,
    handler: null,
    on: TODAY,
    sealed: b64u(sealed),
  });
  return {
    ...organisation.answer(),
    id: "case1",
    thread: json.thread,
    channel: CHANNEL,
    received_on: TODAY,
    dates: {
      received_on: TODAY,
      acknowledge_due_on: addDays(TODAY, 7),
      feedback_due_on: addMonths(addDays(TODAY, 7), 3),
    },
    case_age: b64u(caseAge),
    desk_age: null,
    entries: [record(1, "report", entry1), record(2, "received", entry2)],
    notes: [],
  };
}

async function digest(bytes) {
  const { sha256 } = await import("../../../whistle/web/static/vendor/age-encryption@0.3.1/age.js");
  return sha256(bytes);
}

async function run() {
  const manifest = await (await fetch(`${DIST}/manifest.json`)).json();
  const builtOn = TODAY;
  const worker = (name) => openSealing({ worker: `${DIST}/${manifest[name]}`, builtOn });
  const [reporter, desk] = [worker("reporter-worker.js"), worker("desk-worker.js")];
  const { organisation, people } = await fiveHandlers();
  const keyringAnswer = organisation.answer();

  await timed("worker starts", () => reporter.start());
  const { receipt } = await reporter.ask("newReceipt");
  const keyring = await reporter.ask("readKeyring", { keyringAnswer });
  const body = { language: "sv", answers: { what: "å".repeat(2048) } };
  const asked = { channel: CHANNEL, keyringAnswer, body, leftOut: ["bo"], waiveAck: false };
  let filed;
  for (let turn = 0; turn < 5; turn += 1) {
    filed = await timed("seal 4 KiB to 5 handlers", () => reporter.ask("prepareFiling", asked));
  }
  const answer = await received(organisation, filed.filing, keyring);

  const params = { keyFile: await keyFile(people[0]), passphrase: PASSPHRASE, handler: "anna" };
  await desk.ask("unlock", params);
  const { signature } = await desk.ask("signIn", { nonce: b64u(new Uint8Array(32)) });
  await desk.ask("openCase", { answer });
  const made = await desk.ask("makeDesk");
  answer.desk_age = made.desk_age;
  answer.notes.push({ ...made.entry, handler: "anna", on: TODAY });
  await desk.ask("openCase", { answer });
  const note = await desk.ask("note", { body: { text: "a note" } });
  answer.notes.push({ ...note, handler: "anna", on: TODAY });
  for (let turn = 0; turn < 8; turn += 1) {
    const opened = await desk.ask("openCase", { answer });
    if (opened.fault || opened.notes_fault) return { opened };
    const entry = await desk.ask("makeEntry", { kind: "message", body: { text: `no. ${turn}` } });
    answer.entries.push({ ...entry, handler: "anna", on: TODAY });
  }
  const opened = await desk.ask("openCase", { answer });

  let thread;
  for (let turn = 0; turn < 5; turn += 1) {
    thread = await timed("derive keys and open 10 entries", async () => {
      await reporter.ask("openMailbox", { code: receipt.toLowerCase() });
      return reporter.ask("openThread", { answer });
    });
  }
  const excluded = { keyFile: await keyFile(people[1]), passphrase: PASSPHRASE, handler: "bo" };
  await desk.ask("unlock", excluded);
  const refusal = await desk.ask("openCase", { answer }).catch((error) => error);
  const unknown = await reporter.ask("noSuchThing").catch((error) => error);
  return {
    subtle: typeof crypto.subtle,
    readers: filed.readers.map(({ id }) => id),
    deskEntries: opened.entries.length,
    deskNotes: opened.notes.map(({ kind }) => kind),
    deskReaders: opened.readers.map(({ id }) => id),
    reporterEntries: thread.entries.map(({ kind }) => kind),
    said: thread.entries.at(-1).body.text,
    author: thread.entries.at(-1).author_name,
    fault: thread.fault,
    signature: fromB64u(signature).length,
    refusal: [refusal.family, refusal.reason],
    unknown: [unknown.family, unknown.reason],
    times,
  };
}

const violations = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
globalThis.result = run()
  .catch((error) => ({ error: `${error.name} ${error.family} ${error.reason} ${error.stack}` }))
  .then((result) => ({ ...result, violations }));
