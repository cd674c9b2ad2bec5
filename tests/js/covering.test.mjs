// Covering: whose name, number or address is listed stands nowhere in what goes, however it is written there.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { contactRule, cover, idRule, nameRule, phrase } from "../../whistle/web/static/js/sealing/covering.js";

const named = (name, text) => cover(text, [nameRule(name, "H")]);
const reached = (contact, text, told) => cover(text, [contactRule(contact, "H", told)]);

/** Numbers that look like chance and are the same at each run. */
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), one: (all) => all[Math.floor(next() * all.length)] };
}

const HIDDEN = ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u034f", "\ufe0f", "\u{e0041}", "\u0007"];
const BETWEEN = [" ", "  ", "\n", "\u00a0", "\u202f", "\u2003", "-", "\u2011", "\u2013", ".", "_", ", ", "/", " (", "", "\u00ad "];
const wide = (text) =>
  text.replace(/[A-Za-z]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

/** A word as somebody else would write it. */
function dressed({ below, one }, word, ends) {
  const hide = (text) => [...text].map((sign) => sign + (below(3) === 0 ? one(HIDDEN) : "")).join("");
  const ways = [
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.normalize("NFD"),
    (text) => text.toUpperCase().normalize("NFD"),
    (text) => text.normalize("NFD").replace(/\p{M}/gu, ""),
    hide,
    (text) => hide(text.normalize("NFD")),
    wide,
    (text) => `${text.slice(0, 2)}-\n${text.slice(2)}`,
  ];
  return below(12) === 0 ? [...word].join(one([" ", ".", "-"])) : one(ways)(word) + one(ends);
}

const ENDS = ["", "", "s", "S", "'s", "’s", ":s", "´s"];
const around = ["", " ", " (", "\"", "\u200b", ".", "\n", "@", "#", "/"];
const letters = (text) =>
  text.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase().replace(/[^\p{L}]/gu, "");

/** Every three letters that follow each other in a part of a name. */
function threesOf(parts) {
  return parts.flatMap((part) => {
    const said = letters(part);
    return Array.from({ length: Math.max(said.length - 2, 0) }, (_, at) => said.slice(at, at + 3));
  });
}

const NAMES = [
  ["Kalle", "Berg"],
  ["Karl", "Erik", "Ström"],
  ["Åsa", "Öberg", "Ångman"],
  ["Jürgen", "Strauß"],
  ["Søren", "Kjær"],
  ["Françoise", "Lefèvre"],
  ["Siobhán", "Brien"],
  ["Łukasz", "Nowak"],
  ["Юлия", "Петрова"],
  ["Ελένη", "Μουστάκας"],
  ["İbrahim", "Yıldırım"],
];

describe("a name", () => {
  test("leaves nothing of three letters, however it is listed and however it is written", () => {
    const chance = dice(7);
    for (let turn = 0; turn < 6000; turn += 1) {
      const parts = chance.one(NAMES);
      const listed = parts.map((part) => chance.one([part, part.normalize("NFD"), [...part].join(chance.one(HIDDEN))]));
      const name = listed.join(chance.one([" ", "-", "\u2011", ", ", " (", "\u00a0", "; ", "/", "\"", ". "]));
      const order = chance.one([parts, [...parts].reverse(), parts.slice(-1), parts.slice(0, 1)]);
      const gap = chance.one(BETWEEN.filter((one) => one !== "" || order.length < 3));
      const words = gap === "" ? [order.join("")] : order;
      const written = words.map((part) => dressed(chance, part, ENDS)).join(gap);
      const text = `Q${chance.one(around) || " "}${written}${chance.one([" ", ".", "!", ")", "\n"])}q x`;
      const shown = named(name, text);
      const left = threesOf(parts).filter((three) => letters(shown).includes(three));
      assert.deepEqual(left, [], JSON.stringify({ name, text, shown }));
    }
  });

  test("is found whole, in parts and in its genitive, not inside other words", () => {
    assert.equal(named("Bo Ek", "Bo Ek, Bos, bord, bo här, Ekonomi, Ek"), "H, H, bord, bo här, Ekonomi, H");
    assert.equal(named("Kalle Berg", "Bergen, kallelse, berget, Kalles, Berg's, BERGS"), "Bergen, kallelse, berget, H, H, H");
    assert.equal(named("Siv Alm", "Alm:s, Siv´s halm"), "H, H halm");
  });

  for (const [listed, text, shown] of [
    ["Berg, Kalle", "Kalle Berg took it. Berg laughed.", "H took it. H laughed."],
    ["Alm, Siv (nattskiftet)", "Jag heter Siv Alm. Alm har ringt.", "Jag heter H. H har ringt."],
    ["Karl\u2011Erik (Kalle) Str\u00adöm", "Karl-Erik Ström saw it, says Ström.", "H saw it, says H."],
    ["Kalle (Karl) Berg", "Karl Berg and Kalle.", "H and H."],
    ["Kalle Berg.", "Kalle Berg took it, said Berg", "H took it, said H"],
    ["Kal\u00adle Berg", "Kalle Berg", "H"],
    ["Kalle Berg/Siv Alm", "Kalle Berg and Siv Alm", "H and H"],
    ["Kalle Berg och Siv Alm", "Kalle Berg och jag, Alm och du", "H och jag, H och du"],
    ["Strauß", "STRAUSS, strauss, STRAUẞ", "H, H, H"],
    ["Anna-Lisa Ek", "Anna Lisa, Annalisa, lisa, Anna. Ek", "H, H, H, H. H"],
    ["Pat O'Brien", "O’Brien, OBrien, o brien's", "H, H, H"],
    ["Ström", "Strom, Stroem, STRO\u0308M", "H, H, H"],
    ["Kalle Berg", "KalleBerg, bergkalle, kalle_berg, #kalleberg", "H, H, H, #H"],
    ["Kalle Berg", "write kalle.berg@x.se or kberg@y.se", "write H or H"],
    ["Kalle Berg", "K. Berg; K.E. Berg; Berg, K.; I Berg", "H; H; H.; I H"],
    ["Per-Olof Lind", "PO Lind; P-O Lind; P.O. sade; PL och P. L. men inte på", "H; H; H. sade; H och H. men inte på"],
    ["Kalle Berg", "KB; BK:s; KBs; K.B. och kb", "H; H; H; H. och kb"],
    ["Kalle Berg", "Kalle. I går kom Berg. Kim", "H. I går kom H. Kim"],
    ["Bergström", "Bergströmarna, bergströmsfamiljen, bergstopp", "H, H, bergstopp"],
    ["Kalle", "en kallelse till Kalle", "en kallelse till H"],
    ["Carl von Berg", "von Berg, Carl. De von dem, de Berg", "H, H. De von dem, de H"],
    ["Mr. Bo Ek", "bo ek är här, bo kvar, EK", "H är här, bo kvar, H"],
    ["王伟", "我看见王伟拿了", "我看见H拿了"],
    ["김철수", "김철수가 했다", "H가 했다"],
    ["K", "K och k", "H och k"],
    ["😀", "a 😀 b", "a H b"],
    [" ", "a b", "a b"],
    ["", "a b", "a b"],
  ]) {
    test(`${JSON.stringify(listed)} is covered in ${JSON.stringify(text)}`, () => {
      assert.equal(named(listed, text), shown);
    });
  }

  test("of somebody is nothing of somebody else's", () => {
    const text = "Siv Alm saw that Kalle Berg took the money. Kalle laughed, and went to the harbour.";
    assert.equal(named("Rut Ek", text), text);
  });
});

describe("a contact", () => {
  test("a number is found by its digits, in whatever groups, with and without its country", () => {
    const chance = dice(11);
    const ways = ["0701234567", "701234567", "46701234567", "0046701234567"];
    for (let turn = 0; turn < 3000; turn += 1) {
      const spaced = (number) =>
        [...number].map((digit) => digit + chance.one(["", "", " ", "-", "\u2011", "\u00a0", "\u00ad", ") ", "/", "."])).join("");
      const written = chance.one(["", "+", "(", "tel", "tfn: "]) + spaced(chance.one(ways));
      const shown = reached(spaced(chance.one(ways)), `ring ${written} nu`);
      assert.doesNotMatch(shown, /\d{3}|(?:\d[^\d\p{L}]*){4}/u, JSON.stringify({ written, shown }));
      assert.match(shown, /^ring .* nu$/su);
    }
  });

  for (const [contact, text, shown] of [
    ["070-123 45 67", "Ring 0701234567 eller 070-1234567.", "Ring H eller H."],
    ["070-123 45 67", "rum 12 +46 (0)70-123 45 67, 123 45 67, ０７０１２３４５６７", "rum 12 H, H, H"],
    ["070-123 45 67", "0701234568, 2026-11-22, 070-12 34", "0701234568, 2026-11-22, 070-12 34"],
    ["+46 70 123 45 67 / 08-555 12 34", "0701234567 och 5551234", "H och H"],
    ["070-1234567 0709999999", "0709999999", "H"],
    ["Ring mig efter 17 på 070-1234567", "Ring mig efter 17, 070 123 45 67", "Ring mig efter 17, H"],
    ["rut.alm@example.org", "RUT.ALM@Example.org, Alm, rutalm@x.se, annan@x.se", "H, H, H, annan@x.se"],
    ["08-12 34 56", "123456, 12 34 56, 08 123456, +46 8 123456, 3456", "H, H, H, H, 3456"],
    ["555 12 34", "08-555 12 34, +46 8 5551234, 00468 5551234", "H, H, H"],
    ["ankn 4711", "ankn 4711, rum 4712", "H, rum 4712"],
    ["Signal 0701234567", "Signal och 0701234567", "Signal och H"],
    ["kb@example.org", "kb@example.org, KB@EXAMPLE.ORG, de@example.org", "H, H, de@example.org"],
    ["Storgatan 5 B, Umeå", "Storgatan 5 B i UMEÅ, hus 5", "H i H, hus 5"],
    ["@kalleb on Signal", "kalleb", "H"],
  ]) {
    test(`${JSON.stringify(contact)} is covered in ${JSON.stringify(text)}`, () => {
      assert.equal(reached(contact, text), shown);
    });
  }

  test("covers no name that may be told, though the address has it", () => {
    const text = "Rut Alm, rut.alm@example.org, 0701234567";
    assert.equal(reached("rut.alm@example.org 0701234567", text, "Alm, Rut"), "Rut Alm, H, H");
  });
});

describe("passages and ids", () => {
  test("a passage is found in any case and over any space", () => {
    assert.equal(cover("Den RÖDA  Bilen stod", [phrase("röda bilen", "X")]), "Den X stod");
    assert.equal(cover("den ro\u0308da\u200b\u202fbilen", [phrase(" röda\tbilen", "X")]), "den X");
    assert.equal(cover("Kalle\u2011Berg, Kalle (Berg)", [phrase("Kalle Berg", "X")]), "X, X)");
    assert.equal(cover("a b", [phrase(" ", "X"), phrase("", "X")]), "a b");
  });
  test("signs mean nothing but themselves, and what stands instead is not covered again", () => {
    assert.equal(cover("a.b (c) axb ***", [phrase("a.b (c)", "covered"), phrase("cover", "Y"), phrase("***", "Z")]), "covered axb Z");
  });
  test("an id is found as it is written", () => {
    assert.equal(cover("anna Anna annas hanna", [idRule("anna", "H")]), "H Anna H hanna");
  });
  test("where two are found in one place, nothing of either is left, and the longer is told", () => {
    const rules = [phrase("money of Kalle", "X"), nameRule("Kalle Berg", "Y")];
    assert.equal(cover("the money of Kalle Berg", rules), "the X");
  });
  test("a long text with many names is covered in a moment's work", () => {
    const text = "Kalle Berg såg att det var så. ".repeat(600);
    const rules = Array.from({ length: 40 }, (_, at) => nameRule(`Person${at} Berg Kalle`, "H"));
    assert.doesNotMatch(cover(text, rules), /Kalle|Berg/u);
    assert.equal(cover("x".repeat(20_000), rules).length, 20_000);
  });
});
