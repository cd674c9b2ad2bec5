// Sizes that sealed things are padded to, so that a size tells little (protocol section 3).

import { refuse } from "./errors.js";

export const ENTRY_SIZES = [4, 16, 64, 256].map((kib) => kib * 1024);

/** The pad size of an entry whose container holds `used` bytes. */
export function entrySize(used) {
  return ENTRY_SIZES.find((size) => used <= size) ?? refuse("TooLargeError", "entry");
}

/** Padmé, with a floor of 4 KiB: at most 12 % more, log log of sizes told. Exact to 2^53. */
export function padme(size) {
  if (size <= 4096) return 4096;
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent -= 1; // log2 rounds up just under a power of two
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(size / step) * step;
}
