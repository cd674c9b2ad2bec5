// Passphrases are generated, never chosen: six words of 7776, 77 bits.

import { randomBytes } from "./bytes.js";

export const WORDS = 6;

/** A number from 0 to `limit` - 1, each as likely (limits to 65 536). */
export function below(limit, random = randomBytes) {
  const fair = 65536 - (65536 % limit); // numbers from here on would make the first ones likelier
  for (;;) {
    const [high, low] = random(2);
    const number = high * 256 + low;
    if (number < fair) return number % limit;
  }
}

/** A new passphrase from a list, a space between the words. */
export const generate = (list, random = randomBytes) =>
  Array.from({ length: WORDS }, () => list[below(list.length, random)]).join(" ");

/** A passphrase as it was generated: lower case, one space between words. */
export const normalised = (typed) => String(typed).toLowerCase().trim().split(/\s+/).join(" ");
