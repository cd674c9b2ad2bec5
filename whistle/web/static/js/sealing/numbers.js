// Telephone numbers, however they are written: by their digits, from the last one on, so that it does not
// matter whether a country's or an area's number stands before.

const ALIKE = 7; // digits at the end that make it the same number
const LOCAL = 5; // and so many if they are all of it without its area
const AREA = /^0\d{1,3}$/u;
const LONGEST = 20;
const INSIDE = /^[\s\p{Pd}()./]{0,4}$/u; // may stand between digits of one number

const digitsOf = (runs) => runs.map(({ forms }) => forms[0]).join("");

/** Whether a number begins here that is one by itself. */
const begins = (run, later) =>
  (run.forms[0].startsWith("0") || run.gap.includes("+")) && digitsOf(later).length >= ALIKE;

/** The numbers among the runs of a text, and the runs that are none: {numbers, rest}. */
export function takeNumbers(runs) {
  const [numbers, rest] = [[], []];
  for (let at = 0; at < runs.length; ) {
    let to = at;
    while (to < runs.length && runs[to].digits && (to === at || INSIDE.test(runs[to].gap))) to += 1;
    const later = runs.slice(at, to);
    const cut = later.findIndex((run, n) => digitsOf(later.slice(0, n)).length >= ALIKE && begins(run, later.slice(n)));
    const one = cut > 0 ? later.slice(0, cut) : later;
    if (digitsOf(one).length >= ALIKE) numbers.push(digitsOf(one));
    else rest.push(...(one.length > 0 ? one : [runs[at]]));
    at += Math.max(one.length, 1);
  }
  return { numbers, rest };
}

/** How many digits at the end are those of the number; 0 if they do not make it the same. */
function alike(digits, number) {
  let n = 0;
  while (n < Math.min(digits.length, number.length) && digits.at(-n - 1) === number.at(-n - 1)) n += 1;
  const isLocal = n >= LOCAL && n === digits.length && AREA.test(number.slice(0, -n));
  return n >= ALIKE || isLocal ? n : 0;
}

/** What may stand before the digits that are alike: an area, or a country with or without one. */
const isHead = (head, gap) =>
  /^0$|^00\d{1,6}$/u.test(head) || AREA.test(head) || (gap.endsWith("+") && /^\d{1,6}$/u.test(head));

/** The first run of a number that ends with a run, or -1. */
function firstOf(runs, to, numbers) {
  let [digits, best, first] = ["", 0, -1];
  for (let at = to; at >= 0 && runs[at].digits; at -= 1) {
    if (at < to && !INSIDE.test(runs[at + 1].gap)) break;
    digits = runs[at].forms[0] + digits;
    if (digits.length > LONGEST) break;
    const same = Math.max(0, ...numbers.map((number) => alike(digits, number)));
    const more = same > best || (best > 0 && isHead(digits.slice(0, -best), runs[at].gap));
    if (more) [best, first] = [Math.max(same, best), at];
  }
  return first;
}

/** Where one of the numbers stands in a text: [from, to], in signs. */
export function numberSpans(text, runs, numbers) {
  if (numbers.length === 0) return [];
  return runs.flatMap(({ end, digits }, to) => {
    const first = digits ? firstOf(runs, to, numbers) : -1;
    if (first < 0) return [];
    const before = /(?:[+(]\s?)+$/u.exec(text.slice(0, runs[first].start).slice(-4));
    return [[runs[first].start - (before?.[0].length ?? 0), end]];
  });
}
