/** The receipt code on the page, and the ways to keep it. */

import { all, one } from "./dom.js";
import { tell } from "./problems.js";
import { say } from "./words.js";

const FILE = "notes.txt"; // a name that tells nothing
const REVOKE_AFTER = 60_000; // ms; some browsers read the file only after the click

/** Writes the code into the page's receipt. */
export function showCode(page, code) {
  const groups = code.split("-");
  all(".receipt span", page).forEach((span, index) => {
    span.textContent = groups[index];
  });
}

function save(code) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${code}\n`], { type: "text/plain" }));
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER);
}

async function copy(code, status) {
  try {
    await navigator.clipboard.writeText(code);
    tell(status, say("copied"));
  } catch {
    tell(status, say("not_copied"));
  }
}

/** Makes the buttons of a page work; `code` gives the code, `status` is the id of its status line. */
export function letKeep(page, code, status) {
  const ways = { print: () => print(), copy: () => copy(code(), status), save: () => save(code()) };
  for (const [name, keep] of Object.entries(ways)) {
    one(`[data-keep=${name}]`, page).addEventListener("click", keep);
  }
}

/** The code as it is written properly, or null; a wrong one names the sentence. */
export async function properly(sealing, typed) {
  try {
    const { receipt } = await sealing.ask("checkReceipt", { code: typed });
    return { receipt };
  } catch (error) {
    return { code: error.family === "ReceiptError" ? "code_wrong" : "cannot_seal" };
  }
}

const LENGTH = 25;

/** Tells a typing error as soon as the whole code is there, and never while it is being typed. */
export function checkWhileTyping(input, check) {
  const symbols = () => input.value.replace(/[^0-9a-z]/giu, "").length;
  input.addEventListener("input", () => symbols() >= LENGTH && check());
  input.addEventListener("change", () => input.value.trim() && check());
}
