// Who can read a case, as the desk decides what to offer and how to say it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { changesFor, whyAgain } from "../../whistle/web/static/js/desk/readers.js";
import { sealingAgain } from "../../whistle/web/static/js/desk/reseals.js";
import { changeOf } from "../../whistle/web/static/js/desk/thread.js";

const reader = (id, role = "handler") => ({ id, role });

test("only what can be done is offered", () => {
  const both = [reader("anna"), reader("bo")];
  const free = [reader("cia")];
  const offered = (readers, may, me = "anna") => changesFor({ readers, may_be_let_in: may }, me);
  assert.deepEqual(offered(both, free), ["recused", "removal", "colleague"]);
  assert.deepEqual(offered(both, []), ["recused", "removal"]);
  assert.deepEqual(offered([reader("anna")], free), ["colleague"]);
  assert.deepEqual(offered([reader("anna")], []), []);
  assert.deepEqual(offered([reader("bo")], free), []);
  const investigator = [reader("anna", "investigator"), reader("bo")];
  assert.deepEqual(offered(investigator, free), ["recused"]);
});

test("why a case is sealed again decides how", () => {
  assert.equal(whyAgain({ leavers: ["bo"], old_key: true }), "left");
  assert.equal(whyAgain({ leavers: [], old_key: true }), "recused");
  assert.equal(whyAgain({ leavers: [], old_key: false }), null);
  assert.deepEqual(sealingAgain(["recused", "left"]), { reason: "left" });
  assert.deepEqual(sealingAgain(["recused"]), { reason: "rollover" });
  assert.deepEqual(sealingAgain(["rollover"]), { reason: "rollover" });
});

test("the thread says who came and went, and why", () => {
  const entry = (reason, added, removed) => ({ head: { reason }, changed: { added, removed } });
  assert.deepEqual(changeOf(entry("conflict", ["Cia"], ["Bo", "Dan"])), [
    ["access.removed", { names: "Bo, Dan" }],
    ["access.added", { names: "Cia" }],
    ["access.why.conflict"],
  ]);
  assert.deepEqual(changeOf(entry("recused", [], ["Bo"])), [["access.why.recused"]]);
  assert.deepEqual(changeOf(entry("rollover", [], [])), [["access.why.rollover"]]);
});
