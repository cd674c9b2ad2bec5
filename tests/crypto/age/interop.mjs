// Seals and opens with the browser's own age library, as told on standard input: a JSON list of
// jobs, answered by a JSON list. Bytes are written in base64; plaintexts are zeros.

import { Decrypter, Encrypter } from "../../../whistle/web/static/vendor/age-encryption@0.3.1/age.js";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

const actions = {
  async seal({ size, recipients, passphrase }) {
    const encrypter = new Encrypter();
    for (const recipient of recipients ?? []) encrypter.addRecipient(recipient);
    if (passphrase !== undefined) {
      encrypter.setScryptWorkFactor(4);
      encrypter.setPassphrase(passphrase);
    }
    return base64(await encrypter.encrypt(new Uint8Array(size)));
  },
  async open({ sealed, identity, passphrase }) {
    const decrypter = new Decrypter();
    if (identity !== undefined) decrypter.addIdentity(identity);
    if (passphrase !== undefined) decrypter.addPassphrase(passphrase);
    const opened = await decrypter.decrypt(Buffer.from(sealed, "base64"));
    return { size: opened.length, zeros: opened.every((byte) => byte === 0) };
  },
};

let text = "";
for await (const part of process.stdin) text += part;
const answers = [];
for (const { action, ...job } of JSON.parse(text)) answers.push(await actions[action](job));
process.stdout.write(JSON.stringify(answers));
