// Text as names in it are compared: runs of letters and of digits, whatever stands between them, without
// signs that nobody sees, without case and marks. One word written in two ways has one form.

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu;
// Scripts that set no space between words: each of their signs stands for itself.
const DENSE =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}" +
  "\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const OTHER = `${DENSE}\\p{Default_Ignorable_Code_Point}`;
const LARGE = `(?:(?![${OTHER}])[\\p{Lu}\\p{Lt}])`;
const SMALL = `(?:(?![${OTHER}\\p{Lu}\\p{Lt}])[\\p{Alphabetic}\\p{M}])`;
const RUN = new RegExp(`\\p{Nd}+|[${DENSE}]|${LARGE}*${SMALL}+|${LARGE}+`, "gu"); // KalleBerg is two
const IS_DENSE = new RegExp(`^[${DENSE}]`, "u");

const MARKS = /[\u0300-\u036f\u0591-\u05bd\u064b-\u0652\u1dc0-\u1dff\u20d0-\u20ff]/gu;
const PLAIN = { æ: "a", œ: "o", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ς: "σ" };
const SPELLED = { å: "aa", ä: "ae", æ: "ae", ö: "oe", ø: "oe", œ: "oe", ü: "ue" };

/** A text as it is seen. */
export const seen = (text) => text.replace(UNSEEN, "");

const anyCase = (text) =>
  seen(text).normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFC"); // ẞ, ß, ss

const unmarked = (text) =>
  text.replace(/[æœøđðłþς]/gu, (sign) => PLAIN[sign]).normalize("NFD").replace(MARKS, "");

/** The two ways to write a word without marks: Ström as strom, and as stroem. */
export function formsOf(word) {
  const small = anyCase(word);
  return [unmarked(small), unmarked(small.replace(/[åäæöøœü]/gu, (sign) => SPELLED[sign]))];
}

/** Words in one form, for passages that are looked for as they stand: dashes, quotes and spaces are alike. */
export const plain = (text) =>
  unmarked(anyCase(text.replace(/[‘’ʼ´`]/gu, "'").replace(/[“”„«»]/gu, '"')))
    .replace(/\p{Pd}/gu, "-")
    .replace(/\s+/gu, " ");

/** How many letters a form has. */
export const sizeOf = (form) => [...form.normalize("NFC")].length;

/**
 * The runs of letters and of digits of a text: [{start, end, gap, forms, digits, large, capitals, single,
 * dense}]; `gap` is what is seen between it and the one before, `large` whether it begins with a capital letter,
 * `capitals` whether all are but a genitive, `single` whether it is one letter.
 */
export function runsOf(text) {
  let done = 0;
  return [...text.matchAll(RUN)].map(({ 0: run, index: start }) => {
    const gap = seen(text.slice(done, start));
    done = start + run.length;
    return {
      start,
      end: done,
      gap,
      forms: formsOf(run),
      digits: /^\p{Nd}/u.test(run),
      large: /^[\p{Lu}\p{Lt}]/u.test(run.normalize("NFKC")),
      capitals: /^(?:[\p{Lu}\p{M}]+|[\p{Lu}\p{M}]{2,}s)$/u.test(seen(run).normalize("NFKC")),
      single: sizeOf(seen(run)) === 1,
      dense: IS_DENSE.test(run),
    };
  });
}

/** A text's plain form: {stream, places}, `places` telling where in the text each sign of the stream was. */
export function streamOf(text) {
  const places = [];
  let stream = "";
  for (const { 0: sign, index } of text.matchAll(/\s+|[^]\p{M}*/gu)) {
    const said = stream.endsWith(" ") ? plain(sign).replace(/^ /u, "") : plain(sign);
    for (let n = 0; n < said.length; n += 1) places.push([index, index + sign.length]);
    stream += said;
  }
  return { stream, places };
}
