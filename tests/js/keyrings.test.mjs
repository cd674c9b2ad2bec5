// Keyrings: who signed them, from which day they count, and who reads.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { b64u, randomBytes, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { parseKeyring, readers, state } from "../../whistle/web/static/js/sealing/keyring.js";
import { verifyChain } from "../../whistle/web/static/js/sealing/keyrings.js";
import { SigningKey } from "../../whistle/web/static/js/sealing/signing.js";
import { asHandler, CHANNEL, fiveHandlers, Organisation, person, publicLine } from "./support/organisation.mjs";
import { refused } from "./support/refused.mjs";

let people;
let newcomer;

before(async () => {
  ({ people } = await fiveHandlers());
  newcomer = await person("zoe");
});

const handlers = () => people.map((one) => asHandler(one));
const started = (changes) => {
  const organisation = new Organisation();
  organisation.publish(handlers(), changes);
  return organisation;
};
const verified = (organisation, given) => verifyChain(organisation.answer(), given);
const refusedChain = (organisation, reason, given) =>
  refused(() => verified(organisation, given), "KeyringError", reason);
const later = (issued_on) => ({ issued_on });
const withNewcomer = () => [...handlers(), asHandler(newcomer)];
const effective = (organisation, on) => verified(organisation).effective(on).serial;

describe("the chain", () => {
  test("serial 1 counts from its issue, and from no day before", async () => {
    const chain = verified(started());
    assert.equal(chain.effective("2026-11-01").serial, 1);
    await refused(() => chain.effective("2026-10-31"), "KeyringError", "not_yet");
  });
  test("another root", () => {
    const organisation = started();
    organisation.root = new SigningKey(randomBytes(32));
    return refusedChain(organisation, "signature");
  });
  test("another root than the page was given", async () => {
    const organisation = started();
    const pinned = publicLine(new SigningKey(randomBytes(32)));
    await refusedChain(organisation, "root", { pinned });
    assert.ok(verified(organisation, { pinned: publicLine(organisation.root) }));
  });
  test("what is no root", () =>
    refused(() => verifyChain({ ...started().answer(), root: "x" }), "KeyringError", "root"));
  test("no keyrings", () =>
    refused(() => verifyChain({ ...started().answer(), keyrings: [] }), "KeyringError", "empty"));
  test("a changed file", () => {
    const organisation = started();
    organisation.chain[0].bytes = utf8(new TextDecoder().decode(organisation.chain[0].bytes) + " ");
    return refusedChain(organisation, "signature");
  });
  test("a signature in another namespace", async () => {
    const organisation = started();
    const { sshSign } = await import("./support/organisation.mjs");
    const [link] = organisation.chain;
    link.signature = sshSign(organisation.root, "file", link.bytes);
    await refusedChain(organisation, "signature");
  });
  for (const [reason, changes] of [
    ["serial_twice", { serial: 1 }],
    ["previous", { previous: null }],
    ["previous", { previous: b64u(new Uint8Array(32)) }],
    ["dates", { issued_on: "2026-10-31" }],
    ["org", { org: "Another AB" }],
  ]) {
    test(`refuses ${reason} in a second file`, () => {
      const organisation = started();
      organisation.publish(handlers(), changes);
      return refusedChain(organisation, reason);
    });
  }
  test("a serial that falls", () => {
    const organisation = started({ serial: 5 });
    organisation.publish(handlers(), { serial: 4 });
    return refusedChain(organisation, "serial");
  });
  test("a first file that names one before", () =>
    refusedChain(started({ previous: b64u(new Uint8Array(32)) }), "previous"));
  test("the next root signs what follows its announcement, and the old one no more", async () => {
    const next = new SigningKey(randomBytes(32));
    const organisation = started({ next_root: b64u(next.public) });
    organisation.publish(handlers(), later("2026-11-02"));
    await refusedChain(organisation, "signature");
    organisation.chain.pop();
    organisation.publish(handlers(), later("2026-11-02"), { root: next });
    organisation.publish(handlers(), later("2026-11-03"), { root: next });
    assert.equal(effective(organisation, "2026-11-03"), 3);
  });
  test("what this browser saw before must still be there", async () => {
    const organisation = started();
    organisation.publish(handlers(), later("2026-11-02"));
    const { newest } = verified(organisation);
    const seen = { serial: 2, sha256: b64u(newest.sha256) };
    assert.ok(verified(organisation, { seen }));
    organisation.chain.pop();
    await refusedChain(organisation, "rollback", { seen });
    organisation.publish(handlers(), later("2026-11-03"));
    await refusedChain(organisation, "fork", { seen });
  });
});

describe("nobody adds himself unseen", () => {
  test("an addition counts after seven days, and is announced meanwhile", () => {
    const organisation = started();
    organisation.publish(withNewcomer(), later("2026-11-10"));
    assert.equal(effective(organisation, "2026-11-16"), 1);
    assert.equal(effective(organisation, "2026-11-17"), 2);
    const { coming } = verified(organisation);
    assert.ok(coming);
    assert.equal(verified(organisation).coming("2026-11-16").effectiveOn, "2026-11-17");
    assert.equal(verified(organisation).coming("2026-11-17"), null);
  });
  test("a handler's second signature makes it count at once", () => {
    const organisation = started();
    organisation.publish(withNewcomer(), later("2026-11-10"), { cosigner: people[0] });
    assert.equal(effective(organisation, "2026-11-10"), 2);
  });
  test("a second signature by nobody who may is refused", () => {
    const organisation = started();
    organisation.publish(withNewcomer(), later("2026-11-10"), { cosigner: newcomer });
    return refusedChain(organisation, "cosignature");
  });
  test("a newcomer who waits cannot vouch for the next file", () => {
    const organisation = started();
    organisation.publish(withNewcomer(), later("2026-11-10"));
    organisation.publish(withNewcomer(), later("2026-11-11"), { cosigner: newcomer });
    assert.equal(effective(organisation, "2026-11-16"), 1);
    assert.equal(effective(organisation, "2026-11-17"), 3);
  });
  test("a file that adds nothing more does not let the one before in earlier", () => {
    const organisation = started();
    organisation.publish(withNewcomer(), later("2026-11-10"));
    organisation.publish(withNewcomer(), later("2026-11-12"));
    assert.equal(effective(organisation, "2026-11-16"), 1);
    assert.equal(effective(organisation, "2026-11-17"), 3);
  });
  test("removing, and ending a key earlier, counts at once", () => {
    const organisation = started();
    const fewer = handlers().slice(1).map((one) => ({ ...one, to: "2027-01-01", channels: {} }));
    organisation.publish(fewer, later("2026-11-10"));
    assert.equal(effective(organisation, "2026-11-10"), 2);
  });
  const changes = {
    name: { name: "Somebody Else" },
    role: { channels: { [CHANNEL]: "deputy" } },
    channel: { channels: { [CHANNEL]: "handler", other: "handler" } },
    validity: { from: "2026-10-01" },
  };
  for (const [name, change] of Object.entries(changes)) {
    test(`a changed ${name} waits`, () => {
      const organisation = started();
      const [first, ...rest] = handlers();
      organisation.publish([{ ...first, ...change }, ...rest], later("2026-11-10"));
      assert.equal(effective(organisation, "2026-11-16"), 1);
    });
  }
  test("a changed service key waits, and so does a recovery key", () => {
    const service = [{ sign: b64u(newcomer.signing.public), from: "2026-11-01", to: null }];
    const recovery = { age: newcomer.age.publicText, k: 1, holders: [{ person: "x", name: "X" }] };
    for (const change of [{ service }, { recovery }]) {
      const organisation = started();
      organisation.publish(handlers(), { ...later("2026-11-10"), ...change });
      assert.equal(effective(organisation, "2026-11-16"), 1);
    }
  });
});

describe("one file", () => {
  const file = (changes, written = (text) => text) => {
    const organisation = started(changes);
    const text = new TextDecoder().decode(organisation.chain[0].bytes);
    return utf8(written(text));
  };
  const refusedFile = (reason, changes, written) =>
    refused(() => parseKeyring(file(changes, written)), "KeyringError", reason);
  const first = (change) => ({ handlers: [{ ...asHandler(people[0]), ...change }] });

  test("an unknown key", () => refusedFile("unknown_key", { more: 1 }));
  test("a duplicate key", () =>
    refusedFile("duplicate_key", {}, (text) => text.replace("{", '{"v":1,')));
  test("a missing key", () =>
    refusedFile("missing_key", {}, (text) => text.replace('"next_root":null,', "")));
  test("another version", () => refusedFile("version", { v: 2 }));
  test("more than 400 days", () => refusedFile("dates", { expires_on: "2027-12-07" }));
  test("an end before its beginning", () => refusedFile("dates", first({ to: "2026-10-31" })));
  test("a date that does not exist", () => refusedFile("value", { issued_on: "2026-02-30" }));
  test("a classic age key", () => refusedFile("public_key", first({ age: "age1xyz" })));
  test("a signing key of small order", () =>
    refusedFile("key", first({ sign: b64u(Uint8Array.of(1, ...new Uint8Array(31))) })));
  test("one id twice", () =>
    refusedFile("duplicate", {
      handlers: [asHandler(people[0]), { ...asHandler(people[1]), id: "anna" }],
    }));
  test("one key for two", () =>
    refusedFile("duplicate", {
      handlers: [asHandler(people[0]), { ...asHandler(people[1]), age: people[0].age.publicText }],
    }));
  test("an id that means a side", () => refusedFile("value", first({ id: "service" })));
  test("a role that is none", () => refusedFile("value", first({ channels: { main: "boss" } })));
  test("a name with a control character", () => refusedFile("value", first({ name: "A\nB" })));
  test("a name over 200 characters", () => refusedFile("value", first({ name: "x".repeat(201) })));
  test("a name of 200 characters beyond the first plane", () =>
    assert.ok(parseKeyring(file(first({ name: "😀".repeat(200) })))));
  test("a recovery that nobody could restore", () =>
    refusedFile("value", { recovery: { age: newcomer.age.publicText, k: 2, holders: [] } }));
});

test("readers are handlers and deputies with a valid key, investigators not", () => {
  const organisation = new Organisation();
  const [anna, bo, cia, dan, eva] = people;
  organisation.publish([
    asHandler(anna),
    asHandler(bo, { channels: { [CHANNEL]: "deputy" } }),
    asHandler(cia, { channels: { [CHANNEL]: "investigator" } }),
    asHandler(dan, { to: "2026-11-21" }),
    asHandler(eva, { channels: { other: "handler" } }),
  ]);
  const keyring = verified(organisation).newest;
  const ids = (on) => readers(keyring, CHANNEL, on).map(({ id }) => id);
  assert.deepEqual(ids("2026-11-21"), ["anna", "bo", "dan"]);
  assert.deepEqual(ids("2026-11-22"), ["anna", "bo"]);
  assert.deepEqual(readers(keyring, "constructor", "2026-11-22"), []);
});

test("a keyring expires, is still used for 60 days, then closes the form", () => {
  const life = { expires_on: "2027-11-01" };
  for (const [on, expected] of [
    ["2027-09-02", "good"],
    ["2027-09-03", "expiring"],
    ["2027-11-01", "expiring"],
    ["2027-11-02", "expired"],
    ["2027-12-31", "expired"],
    ["2028-01-01", "closed"],
  ]) {
    assert.equal(state(life, on), expected, on);
  }
});
