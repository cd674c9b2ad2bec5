// Prints a whole case as JSON, made by the browser's code: for Python to read.

import { b64u } from "../../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys } from "../../../whistle/web/static/js/sealing/case-keys.js";
import { verifyThread } from "../../../whistle/web/static/js/sealing/chain.js";
import { makeEntry } from "../../../whistle/web/static/js/sealing/entry.js";
import { makeDesk } from "../../../whistle/web/static/js/sealing/resealing.js";
import { signIn } from "../../../whistle/web/static/js/sealing/sign-in.js";
import { Case, record } from "./case.mjs";
import { CHANNEL, TODAY } from "./organisation.mjs";

const made = await Case.filed({ leftOut: ["bo"] });
const asked = (id) => ({
  channel: CHANNEL,
  keyring: made.keyring,
  chain: made.keyrings,
  on: TODAY,
  author: { side: "handler", id, signing: made.handler(id).signing },
  made: "browser",
});
const ENTRIES = [
  ["acknowledgement", { text: "Tack 🔑" }, {}],
  ["feedback", { measures: "m", reasons: "r" }, { final: false, next_on: "2027-01-01" }],
  ["closing", { text: "", grounds: "g" }, { outcome: "founded" }],
];
for (const [kind, body, adds] of ENTRIES) {
  const place = await made.verify();
  const sealed = await makeEntry(place, { ...asked("anna"), kind, body, adds });
  made.records.push(record(place.next.seq, kind, "anna", sealed));
}
const place = await made.verify();
const author = { side: "reporter", id: "reporter", signing: made.receipt.signing };
const message = { ...asked("anna"), author, kind: "message", body: { text: "Å\u2028Ä" } };
made.records.push(record(place.next.seq, "message", null, await makeEntry(place, message)));

const cases = await made.verify();
const desk = await makeDesk(cases, asked("cia"));
const notes = [record(1, "desk", "cia", desk.sealed, "desk")];
const privateTexts = await openCaseKeys(desk.deskAge, made.handler("cia").age.text);
const { keyrings } = made;
const chain = await verifyThread(notes, { keyrings, privateTexts, ...cases });
const note = { ...asked("anna"), kind: "note", body: { text: "a note" } };
notes.push(record(2, "note", "anna", await makeEntry(chain, note), "desk"));

const nonce = new Uint8Array(32).fill(9);
console.log(
  JSON.stringify({
    ...made.organisation.answer(),
    channel: CHANNEL,
    receipt: made.receipt.written,
    handlers: Object.fromEntries(made.people.map(({ id, age }) => [id, age.text])),
    filing: b64u(made.filing.bytes),
    entries: made.records,
    desk_age: b64u(desk.deskAge),
    notes,
    sign_in: b64u(signIn(made.handler("anna"), "https://desk.example", nonce)),
  }),
);
