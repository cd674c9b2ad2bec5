// A price in work (protocol section 6): a number that takes long to find and one hash to check.
// What is tried stands in the subject, so one payment buys one try.

import { concat, H, label, utf8 } from "./bytes.js";

const GLANCE = 4096; // numbers between two looks at whether somebody waits

/** What is tried: a purpose and its parts. */
export const subject = (purpose, ...parts) =>
  concat(label(purpose), ...parts.map((one) => H(utf8(one))));

function bitsOf(digest) {
  const at = digest.findIndex((byte) => byte !== 0);
  return at < 0 ? 256 : at * 8 + Math.clz32(digest[at]) - 24;
}

/** A number that pays `bits` at second `at`; `alive` is called now and then. */
export function solve(tried, { at, bits }, alive = () => {}) {
  const block = new Uint8Array(40);
  const view = new DataView(block.buffer);
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(at));
  block.set(H(label("whistle/price/v1"), H(tried), time));
  for (let number = 0; ; number += 1) {
    view.setUint32(32, Math.floor(number / 2 ** 32));
    view.setUint32(36, number >>> 0);
    if (bitsOf(H(block)) >= bits) return number;
    if (number % GLANCE === 0) alive();
  }
}
