// What a handler's old key signs when a new one is given (protocol section 6): nobody else can put a
// key there.

import { concat, H, label, utf8 } from "./bytes.js";

/**
 * The 64-byte signature of `handler` {id, signing}, whose key is still the old one.
 * @param made  in this order: the new public keys (1216 and 32 bytes), the new key file, and the old
 *   private key sealed to the new one
 */
export function signNewKey({ id, signing }, made) {
  const name = utf8(id);
  const hashes = made.map((one) => H(one));
  return signing.sign(concat(label("whistle/new-key/v1"), Uint8Array.of(name.length), name, ...hashes));
}
