// Ed25519 by the browser's own check where it is as strict as ours (signing.js): a list of cases
// verifies hundreds of signatures, each some milliseconds by the library. Libraries differ on three
// edges only, and on no others once the key was checked: so a browser is tried on them first, and one
// that takes what we refuse is not used. What it refuses the library looks at once more.

import { fromB64u } from "./bytes.js";
import { checkSignature, verify } from "./signing.js";

const KEY = fromB64u("9IGYmfANR1640Pk9meEwEW256WLqi48fl5J7pQwhA3A");
const MESSAGE = fromB64u("V2hpc3RsZQ");
const RIGHT =
  "HTchPt_0oMG3LOCICG5CCm00t_sBeZKzHZ4QJ6fBZ-JC_AGQmYiy7YrBGBrXa8IxDDJ2EM1gUTGrOIe_c6c3DA";
const WRONG = [
  // R has a part of small order: passes where the cofactor is multiplied in
  "TAmuC7FSzhkARksMkwcxbh92H4Cq8gImk28KpqC9SeRcGMc_y8bEPAU72e7wi7T7LEJGhjmazJalAMebv9b8Bg",
  // R is the neutral point, not written canonically
  "7v_______________________________________38BdrCQ4xV2ogOMCWGHHiKatht0p4IPWI5ruZZQOfjLDA",
];

async function builtIn(publicKey, signature, message) {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return subtle.verify("Ed25519", key, signature, message);
}

/** Whether a check says of the edges what ours says. */
export async function isStrict(check) {
  try {
    const said = [RIGHT, ...WRONG].map((one) => check(KEY, fromB64u(one), MESSAGE));
    return JSON.stringify(await Promise.all(said)) === "[true,false,false]";
  } catch {
    return false;
  }
}

let strict; // a promise: whether the browser's own may be used

/** As `verify` of signing.js: refuses unless `signature` over `message` verifies. */
export async function verifySoon(publicKey, signature, message, check = builtIn) {
  checkSignature(publicKey, signature);
  strict ??= isStrict(builtIn);
  const right = (await strict) && (await check(publicKey, signature, message).catch(() => false));
  if (!right) verify(publicKey, signature, message);
}
