// The reporter's Worker: holds the receipt code and what is derived from it, in memory only.
// Nothing here fetches, stores or logs.

import { b64u, fromB64u } from "../sealing/bytes.js";
import { verifyThread } from "../sealing/chain.js";
import { openCaseKeys } from "../sealing/case-keys.js";
import { Ends } from "../sealing/ends.js";
import { makeEntry } from "../sealing/entry.js";
import { refuse } from "../sealing/errors.js";
import { makeFiling } from "../sealing/filing.js";
import { checkPromised } from "../sealing/promised.js";
import { solve, subject } from "../sealing/puzzle.js";
import { derive, generate, parse, write } from "../sealing/receipt.js";
import { serve } from "./answer.js";
import { described, person, verified } from "./keyring.js";

const REPORTER_KINDS = ["message", "waiver", "meeting", "consent"];

let receipt = null; // what derive() gives
let thread = null; // what verifyThread() gives, with its channel and keyring

const ends = new Ends();

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const held = () => receipt ?? refuse("SealingError", "no_receipt");

async function prepareFiling(params) {
  const { channel, body, leftOut = [], waiveAck = false } = params;
  const { leaveOutRecovery = false, oneReaderConfirmed = false } = params;
  const { keyring, on, state } = inUse(params);
  if (state === "closed") refuse("KeyringError", "closed");
  receipt ??= await derive(generate());
  const filing = await makeFiling({
    receipt,
    keyring,
    channel,
    body,
    on,
    leftOut,
    waiveAck,
    leaveOutRecovery,
    oneReaderConfirmed,
    made: "browser",
  });
  return {
    filing: filing.bytes,
    receipt: receipt.written,
    mailboxId: b64u(receipt.mailboxId),
    thread: filing.json.thread,
    keyringSerial: keyring.serial,
    readers: filing.choice.chosen.map((one) => person(one, channel)),
    recovery: filing.choice.recovery,
    transfer: [filing.bytes.buffer],
  };
}

function inUse(params) {
  const found = verified(params.keyringAnswer, params);
  return { ...found, state: described(found).state };
}

async function openThread({ answer, ...params }, alive) {
  const { age, signing } = held();
  const found = verified(answer, params);
  const privateTexts = await openCaseKeys(fromB64u(answer.case_age), age);
  const opened = await verifyThread(answer.entries, {
    keyrings: found.chain,
    today: found.on,
    privateTexts,
    thread: answer.thread,
    reporter: b64u(signing.public),
    alive,
  });
  opened.fault = ends.check(opened) ?? checkPromised(answer.dates, opened.entries);
  thread = { ...opened, channel: answer.channel, keyring: found.keyring };
  return {
    thread: answer.thread,
    entries: opened.entries.map((entry) => ({ ...entry, mine: entry.side === "reporter" })),
    fault: opened.fault,
    next_seq: opened.next.seq,
    keyring: described(found),
  };
}

/** What a kind adds to the head; of a waiver the server must know it too. */
function addsOf({ kind, waive_ack, request, given }) {
  if (kind === "consent") return { request, given: given === true };
  return kind === "waiver" ? { waive_ack: waive_ack === true } : {};
}

async function made(params) {
  const { kind, body } = params;
  const { signing } = held();
  if (!thread) refuse("SealingError", "no_case");
  if (!REPORTER_KINDS.includes(kind)) refuse("SealingError", "bad_request");
  const author = { side: "reporter", id: "reporter", signing };
  const { channel, keyring } = thread;
  const adds = addsOf(params);
  const clear = kind === "waiver" ? adds : {};
  const asked = { channel, keyring, author, kind, body, made: "browser", adds };
  return { seq: thread.next.seq, kind, sealed: b64u(await makeEntry(thread, asked)), ...clear };
}

serve(self, {
  async newReceipt() {
    [receipt, thread] = [await derive(generate()), null];
    return { receipt: receipt.written };
  },
  checkReceipt: ({ code }) => ({ receipt: write(parse(String(code))) }),
  readKeyring: (params) => described(verified(params.keyringAnswer, params)),
  prepareFiling,
  async openMailbox({ code }) {
    [receipt, thread] = [await derive(parse(String(code))), null];
    return { token: b64u(receipt.token) };
  },
  /** What a report costs while many come in. */
  pay: ({ at, bits }, alive) => ({
    number: solve(subject("filing", hex(held().mailboxId)), { at, bits }, alive),
  }),
  openThread,
  makeEntry: made,
  forget() {
    [receipt, thread] = [null, null];
  },
});
