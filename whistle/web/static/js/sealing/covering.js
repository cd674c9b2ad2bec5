// Covering words in what is handed over: passages that somebody typed, and by itself whatever names the
// people inside and the others who are listed. What was covered leaves no length behind.
//
// A text is read once, as runs of letters and digits (folding.js). A rule says which runs are to be covered, so that it
// does not matter how a name is dressed: what stands between its parts, case, marks, signs that nobody sees.

import { formsOf, plain, runsOf, seen, sizeOf, streamOf } from "./folding.js";
import { numberSpans, takeNumbers } from "./numbers.js";

const SHORT = 3; // a part with fewer letters is also an ordinary word
const LONG = 6; // and with so many it is the name also where a word goes on: Bergströmarna
const PAIRS_MAX = 12; // parts of a name; more is a text
// Words in names and contacts that say nothing by themselves.
const PARTICLES = new Set("af av von van der den de del della di da du la le el al bin ibn ben".split(" "));
const JOINING = new Set("och and und eller or samt".split(" "));
const SAYING = new Set(
  `${[...JOINING].join(" ")} ring mig min mitt pa i nar efter fore klockan vardagar helst bara inte med till fran
  hos via kan call text me my the after before when only with from not please mejl mejla mail email epost post telefon tel mobil
  mobile phone nummer number sms signal whatsapp telegram messenger facebook com net org www http https`.split(/\s+/u),
);

// As long as an address may be: without an end, the work on a text without spaces would grow as its square.
const ADDRESS = /[^\s<>()[\]{}"“”,;:@＠]{1,64}[@＠][^\s<>()[\]{}"“”,;:@＠]{0,253}[\p{L}\p{N}]/gu;
const GENITIVE = /^['’‘ʼ´`:]?$/u;

/** Whether two runs are one word: cut by a hyphen, or letters set apart. */
const close = (one, next) =>
  next.gap === "" ||
  /^\p{Pd}\s*$/u.test(next.gap) ||
  (one.single && next.single && /^[^\n]{1,2}$/u.test(next.gap));
/** Whether they stand side by side. */
const near = (one, next) => close(one, next) || /^(?:\s{0,3}|[\p{Pd}_.'’])$/u.test(next.gap);
const anyhow = () => true;

/** What to look for: some runs of a name as if they were one word, and how they may stand apart. */
function wanted(runs, joins, may = anyhow) {
  const forms = [0, 1].map((n) => runs.map((run) => run.forms[n]).join(""));
  const stems = joins === anyhow ? [] : forms.filter((form) => sizeOf(form) >= LONG && !/\d/u.test(form));
  return { forms: [...new Set([...forms, ...forms.map((form) => `${form}s`)])], stems, joins, may };
}

/** The run after the last one that says what is wanted, from a place on; 0 where it does not stand. */
function reach(runs, from, { forms, stems, joins, may }) {
  let said = ["", ""];
  for (let at = from; at < runs.length; at += 1) {
    if (at > from && !joins(runs[at - 1], runs[at])) return 0;
    said = said.map((text, n) => text + runs[at].forms[n]);
    const [, spelled] = said;
    const isIt = (text) => forms.includes(text) || stems.some((stem) => text.startsWith(stem));
    if (isIt(said[0]) || isIt(spelled)) return may(runs[from]) ? withGenitive(runs, at + 1) : 0;
    if (!forms.some((form) => said.some((text) => form.startsWith(text)))) return 0;
  }
  return 0;
}

const withGenitive = (runs, to) =>
  runs[to]?.forms[0] === "s" && GENITIVE.test(runs[to].gap) ? to + 1 : to;

/** Where something stands that is wanted: [from, to], in runs. */
const found = (runs, wants) =>
  runs.flatMap((_, from) => {
    const to = Math.max(0, ...wants.map((one) => reach(runs, from, one)));
    return to > 0 ? [[from, to]] : [];
  });

/** Spans in order, those that touch made one. */
function joined(spans, touches) {
  const all = [];
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    const last = all.at(-1);
    if (last && touches(last[1], from)) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

/** A name's parts: those that are covered wherever they stand, and those that are only beside them. */
function partsOf(runs, ordinary) {
  const isSmall = ({ forms: [form] }) => PARTICLES.has(form) || ordinary.has(form);
  const isShort = ({ forms: [form], digits }) => sizeOf(form) < (digits ? SHORT + 1 : SHORT);
  const own = runs.filter((run) => !isSmall(run));
  return {
    own,
    strong: own.filter((run) => !isShort(run)),
    short: own.filter((run) => isShort(run)),
    beside: runs.filter((run) => PARTICLES.has(run.forms[0]) || (!isSmall(run) && isShort(run))),
  };
}

const lettersOf = (runs) => sizeOf(runs.map(({ forms }) => forms[0]).join(""));
const enough = (runs) => lettersOf(runs) >= SHORT || (runs.length > 1 && runs.every(({ dense }) => dense));

/** Runs that were written as one word. */
function groupsOf(runs) {
  const groups = [];
  for (const run of runs) {
    if (groups.length > 0 && run.gap === "") groups.at(-1).push(run);
    else groups.push([run]);
  }
  return groups.filter((group) => group.length > 1 && enough(group));
}

const pairsOf = (own) =>
  own.length > PAIRS_MAX
    ? []
    : own.flatMap((one) => own.filter((other) => other !== one).map((other) => [one, other])).filter(enough);

/** Two parts by their first letters, as KB or K.B.: only in capitals. */
const initialsOf = (pair) => {
  const firsts = pair.map(({ forms }) => ({ forms: forms.map((form) => form.slice(0, 1)) }));
  return wanted(firsts, close, ({ capitals }) => capitals);
};

/** Everything that is looked for by itself. A short part has a capital letter, unless it is the whole name. */
function wantsOf(runs, { own, strong, short }) {
  const isWhole = runs.length === 1;
  const alone = short.filter((run) => isWhole || (!run.digits && lettersOf([run]) > 1));
  return [
    ...strong.map((run) => wanted([run], close)),
    ...alone.map((run) => wanted([run], close, isWhole && !run.large ? anyhow : ({ large }) => large)),
    ...groupsOf(runs).map((group) => wanted(group, close)),
    ...pairsOf(own).map((pair) => wanted(pair, near)),
    ...pairsOf(own.filter(({ large }) => large)).map(initialsOf),
    ...(!isWhole && own.length > 0 ? [wanted(runs, anyhow)] : []),
  ];
}

/** Takes in what stands beside a part and is the name's only there: particles, initials, a house's number. */
function widened(runs, [from, to], beside, initials) {
  const isInitial = ({ capitals, single, forms: [form] }, dotted) =>
    capitals && ((single && dotted) || (form.length < SHORT && [...form].every((sign) => initials.has(sign))));
  const isPart = (run, gap) =>
    (beside.has(run.forms[0]) && /^[\s\p{Pd}'’]{0,3}$/u.test(gap)) ||
    (isInitial(run, false) && (run.single ? /^[\s,\p{Pd}'’]{0,3}$/u : /^\s{1,3}$/u).test(gap));
  let [first, after] = [from, to];
  while (
    first > 0 &&
    (isPart(runs[first - 1], runs[first].gap) ||
      (/^\.[\s\p{Pd}]{0,2}$/u.test(runs[first].gap) && isInitial(runs[first - 1], true)))
  ) {
    first -= 1;
  }
  while (after < runs.length && isPart(runs[after], runs[after].gap)) after += 1;
  return [first, after];
}

const sameAddress = (one, other) => plain(one) === plain(other);
const localOf = (address) => address.split(/[@＠]/u)[0];

/** Addresses that are listed, or in whose first half a part of the name stands. */
function addressSpans(text, addresses, strong) {
  return [...text.matchAll(ADDRESS)]
    .filter(({ 0: address }) => {
      const local = formsOf(localOf(address).replace(/[^\p{Alphabetic}\p{N}\p{M}]/gu, ""));
      const named = strong.some(({ forms }) => forms.some((form) => local.some((one) => one.includes(form))));
      return named || addresses.some((one) => sameAddress(one, address));
    })
    .map(({ 0: address, index }) => [index, index + address.length]);
}

/** Somebody, by what is written of them: each part, and the whole; telephone numbers and addresses in it. */
function somebody(written, instead, ordinary, told = "") {
  const listed = seen(written).normalize("NFC");
  const open = new Set(runsOf(told).map(({ forms }) => forms[0]));
  const addresses = [...listed.matchAll(ADDRESS)].map(([address]) => address);
  const { numbers, rest } = takeNumbers(runsOf(listed.replace(ADDRESS, localOf)));
  const runs = rest.filter(({ forms }) => !open.has(forms[0]));
  const parts = partsOf(runs, ordinary);
  const wants = wantsOf(runs, parts);
  const beside = new Set(parts.beside.map(({ forms }) => forms[0]));
  const initials = new Set(parts.own.map(({ forms }) => forms[0][0]));
  const find = ({ text, runs: all }) => {
    const places = found(all, wants).map((place) => widened(all, place, beside, initials));
    const touches = (end, from) => from < end || (from === end && /^(?:[^\S\n]|\p{Pd})?$/u.test(all[from].gap));
    const spans = joined(places, touches).map(([from, to]) => [all[from].start, all[to - 1].end]);
    return [...spans, ...numberSpans(text, all, numbers), ...addressSpans(text, addresses, parts.strong)];
  };
  const hasWords = runs.length + numbers.length + addresses.length > 0 || told !== "";
  return hasWords ? { find, instead } : phrase(written, instead);
}

/** A person's name, whole and in each of its parts. */
export const nameRule = (name, instead) => somebody(name, instead, JOINING);

/** How somebody can be reached; `told` is what may be said of them. */
export const contactRule = (contact, instead, told) => somebody(contact, instead, SAYING, told);

/** A passage wherever it stands, in small letters and large ones; its words also with other signs between them. */
export function phrase(words, instead) {
  const form = plain(words).trim();
  const runs = runsOf(words);
  const find = ({ runs: all, stream, places }) => {
    const spans = runs.length > 1 ? found(all, [wanted(runs, anyhow)]) : [];
    return [...passages(stream, places, form), ...spans.map(([from, to]) => [all[from].start, all[to - 1].end])];
  };
  return { find, instead };
}

/** Where a passage stands in a text. */
function passages(stream, places, form) {
  const spans = [];
  for (let at = form === "" ? -1 : stream.indexOf(form); at >= 0; at = stream.indexOf(form, at + form.length)) {
    spans.push([places[at][0], places[at + form.length - 1][1]]);
  }
  return spans;
}

/** An internal id, exactly as it is written. */
export function idRule(id, instead) {
  const exact = (text, one, last) => [id, `${id}s`].includes(seen(text.slice(one.start, last.end)));
  const { length } = runsOf(id);
  const find = ({ text, runs: all }) =>
    all.flatMap((one, at) => {
      const last = all[at + length - 1];
      return last && exact(text, one, last) ? [[one.start, last.end]] : [];
    });
  return { find, instead };
}

/** The text with everything covered that a rule finds; where rules meet, the longest says what stands instead. */
export function cover(text, rules) {
  const read = { text, runs: runsOf(text), ...streamOf(text) };
  const all = rules.flatMap(({ find, instead }) => find(read).map(([from, to]) => ({ from, to, instead })));
  const longest = all.sort((one, other) => other.to - other.from - (one.to - one.from));
  let [shown, done] = ["", 0];
  for (const [from, to] of joined(all.map((one) => [one.from, one.to]), (end, next) => next < end)) {
    const { instead } = longest.find((one) => one.from < to && one.to > from);
    shown += text.slice(done, from) + instead;
    done = to;
  }
  return shown + text.slice(done);
}
