// Reads answers of a server as the browsers do: standard input has a list of {answer, private, root,
// seen, reporter}; prints for each what was noticed, [family, reason] or null.

import { readFileSync } from "node:fs";

import { fromB64u } from "../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys } from "../../whistle/web/static/js/sealing/case-keys.js";
import { verifyThread } from "../../whistle/web/static/js/sealing/chain.js";
import { verified } from "../../whistle/web/static/js/worker/keyring.js";

async function noticed({ answer, private: key, root, seen, reporter }) {
  try {
    const { chain, on } = verified(answer, { root, seen, builtOn: "2026-11-01" });
    const { fault } = await verifyThread(answer.entries, {
      keyrings: chain,
      today: on,
      thread: answer.thread,
      reporter,
      privateTexts: await openCaseKeys(fromB64u(answer.case_age), key),
    });
    return fault && ["ThreadError", fault.reason];
  } catch (error) {
    if (!error.family) throw error;
    return [error.family, error.reason];
  }
}

const found = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) found.push(await noticed(one));
console.log(JSON.stringify(found));
