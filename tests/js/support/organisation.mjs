// A made-up organisation for tests: keys, signed keyrings, and answers as the server gives
// them. Runs in node and in a browser. Nothing here is used by Whistle itself.

import { privateKey } from "../../../whistle/web/static/js/sealing/age.js";
import { b64u, concat, H, randomBytes, u32, utf8 } from "../../../whistle/web/static/js/sealing/bytes.js";
import { handlerSigningKey, SigningKey } from "../../../whistle/web/static/js/sealing/signing.js";
import { sha512 } from "../../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";

export const TODAY = "2026-11-22";
export const CHANNEL = "main";

const string = (bytes) => concat(u32(bytes.length), bytes);
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** An OpenSSH signature, as ssh-keygen -Y sign writes it. */
export function sshSign(key, namespace, message) {
  const frame = concat(...["", "sha512"].map((part) => string(utf8(part))));
  const framed = concat(string(utf8(namespace)), frame);
  const publicKey = concat(string(utf8("ssh-ed25519")), string(key.public));
  const signature = key.sign(concat(utf8("SSHSIG"), framed, string(sha512(message))));
  const inner = concat(string(utf8("ssh-ed25519")), string(signature));
  const blob = concat(utf8("SSHSIG"), u32(1), string(publicKey), framed, string(inner));
  const lines = base64(blob).match(/.{1,70}/g).join("\n");
  return `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`;
}

export const publicLine = (key) =>
  `ssh-ed25519 ${base64(concat(string(utf8("ssh-ed25519")), string(key.public)))} test`;

/** A handler with keys of their own. */
export async function person(id, seed = randomBytes(32)) {
  return { id, seed, age: await privateKey(seed), signing: handlerSigningKey(seed) };
}

export const asHandler = ({ id, age, signing }, changes = {}) => ({
  id,
  person: id,
  name: `${id[0].toUpperCase()}${id.slice(1)} Ek`,
  role_text: "HR",
  age: age.publicText,
  sign: b64u(signing.public),
  from: "2026-11-01",
  to: null,
  channels: { [CHANNEL]: "handler" },
  ...changes,
});

/** One organisation: its root, its service key, and a chain of keyrings that can be added to. */
export class Organisation {
  constructor() {
    this.root = new SigningKey(randomBytes(32));
    this.service = new SigningKey(randomBytes(32));
    this.chain = [];
  }

  /** Signs and publishes a keyring; `changes` replaces fields of the file. */
  publish(handlers, changes = {}, { root = this.root, cosigner = null } = {}) {
    const last = this.chain.at(-1);
    const keyring = {
      v: 1,
      org: "Exempel AB",
      serial: this.chain.length + 1,
      previous: last ? b64u(H(last.bytes)) : null,
      issued_on: "2026-11-01",
      expires_on: "2027-11-01",
      next_root: null,
      service: [{ sign: b64u(this.service.public), from: "2026-11-01", to: null }],
      recovery: null,
      handlers,
      ...changes,
    };
    const bytes = utf8(JSON.stringify(keyring));
    this.add(bytes, root, cosigner);
    return keyring;
  }

  add(bytes, root = this.root, cosigner = null) {
    this.chain.push({
      bytes,
      signature: sshSign(root, "whistle-keyring-v1", bytes),
      cosignature: cosigner && sshSign(cosigner.signing, "whistle-keyring-cosign-v1", bytes),
    });
  }

  /** The answer of GET /api/v1/keyring. */
  answer(today = TODAY) {
    const keyrings = this.chain.map(({ bytes, signature, cosignature }) => ({
      file: b64u(bytes),
      signature,
      cosignature,
    }));
    return { root: publicLine(this.root), today, keyrings };
  }
}

/** An organisation with five handlers and one keyring. */
export async function fiveHandlers() {
  const organisation = new Organisation();
  const people = await Promise.all(["anna", "bo", "cia", "dan", "eva"].map((id) => person(id)));
  organisation.publish(people.map((one) => asHandler(one)));
  return { organisation, people };
}
