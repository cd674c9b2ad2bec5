// What a handler signs to sign in (protocol section 6): built here from the page's own
// origin, so that the server never chooses what is signed.

import { concat, H, label, utf8 } from "./bytes.js";
import { refuse } from "./errors.js";

/** The 64-byte signature of `handler` {id, signing} for `origin` and a 32-byte nonce. */
export function signIn({ id, signing }, origin, nonce) {
  const name = utf8(id);
  if (name.length === 0 || name.length > 255) refuse("SealingError", "bad_request");
  return signing.sign(
    concat(label("whistle/sign-in/v1"), H(utf8(origin)), Uint8Array.of(name.length), name, nonce),
  );
}
