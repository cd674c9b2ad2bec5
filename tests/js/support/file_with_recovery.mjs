// Files a report in several ways under the keyrings given on standard input (an answer of
// GET /api/v1/keyring), and prints each filing: for Python to open with the recovery key.

import { readFileSync } from "node:fs";

import { b64u } from "../../../whistle/web/static/js/sealing/bytes.js";
import { makeFiling } from "../../../whistle/web/static/js/sealing/filing.js";
import { verifyChain } from "../../../whistle/web/static/js/sealing/keyrings.js";
import { derive, generate } from "../../../whistle/web/static/js/sealing/receipt.js";

const answer = JSON.parse(readFileSync(0, "utf8"));
const keyring = verifyChain(answer).newest;
const receipt = await derive(generate());
const body = { language: "en", answers: { what: "x" } };
const asked = { receipt, keyring, channel: "main", body, on: answer.today, made: "browser" };
const WAYS = {
  plain: {},
  without: { leaveOutRecovery: true },
  holder: { leftOut: ["anna"] },
  other: { leftOut: ["bo"] },
};
const filings = {};
for (const [way, changes] of Object.entries(WAYS)) {
  filings[way] = b64u((await makeFiling({ ...asked, ...changes })).bytes);
}
console.log(JSON.stringify(filings));
