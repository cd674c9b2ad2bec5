// Prints a package of a case as JSON, made by the browser's code: for Python to check.

import { verifyThread } from "../../../whistle/web/static/js/sealing/chain.js";
import { makePackage } from "../../../whistle/web/static/js/worker/exporting.js";
import { Case } from "./case.mjs";
import { TODAY } from "./organisation.mjs";

const body = {
  language: "sv",
  answers: { what: "Rad ett\n<rad> två & 'tre'.", when_where: "Här" },
  reporter: null,
  wishes: { meeting: false },
};
const made = await Case.filed({ body });
await made.append({}, { body: { text: "Tack." } });
await made.append({}, { body: { text: "Kalle Berg har svarat." } });
await made.append({}, { body: { text: "Betalt \u202e000 1\u202c kr." } });
const { privateTexts, keyrings, thread } = made;
const cases = await verifyThread(made.records, { privateTexts, keyrings, thread });
const words = {
  language: "sv", title: "Material", about: "Om", verification: "Kontroll", how: "Hur",
  covered: "[x]", reporter: "Rapportören", system: "Systemet", handler: "Handläggare",
};
const frame = { heading: "Inlägg", day: "idag", line: "En rad.", labels: {}, coded: {} };
const ids = cases.entries.map(({ seq }) => `case:${seq}`);
const { page } = makePackage({ cases, notes: null, chain: keyrings, on: TODAY }, made.handler("anna"), {
  entries: ids, frames: Object.fromEntries(ids.map((id) => [id, frame])), phrases: ["Kalle Berg"],
  disclosure: null, signatures: true, number: "AB-CDEF", to: "court", words,
});
console.log(JSON.stringify({ page, ...made.organisation.answer() }));
