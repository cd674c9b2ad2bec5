// Covering words in what is handed over: names that somebody typed, and by itself whatever names the
// people inside. What was covered leaves no length behind.

/** Signs that mean something in a pattern. */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");

// Signs that nobody sees may stand inside a name: it is the same name.
const UNSEEN = "[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]*";

/** One letter, written in one piece or with its marks apart. */
function letter(sign) {
  const apart = sign.normalize("NFD");
  return apart === sign ? escaped(sign) : `(?:${escaped(sign)}|${escaped(apart)})`;
}

const literal = (word) => [...word.normalize("NFC")].map(letter).join(UNSEEN);
const spaced = (text) => text.trim().split(/\s+/u).map(literal).join("\\s+");

const BEFORE = "(^|[^\\p{L}\\p{N}])"; // no lookbehind: older Safari has none
const AFTER = "(?:['’]?s)?(?![\\p{L}\\p{N}])"; // a name's genitive too
const SHORT = 3; // a name shorter than this is also an ordinary word: only as it is written

/** A phrase wherever it stands, in small letters and large ones. */
export const phrase = (text, instead) => ({
  source: `()${spaced(text)}`,
  flags: "giu",
  length: text.length,
  instead,
});

/** A whole word, a name for instance. */
const word = (text, instead) => ({
  source: `${BEFORE}${spaced(text)}${AFTER}`,
  flags: [...text].length < SHORT ? "gu" : "giu",
  length: text.length + 1, // before a passage that says the same
  instead,
});

/** A person's name, whole and each part of it. */
export const nameRules = (name, instead) => [
  word(name, instead),
  ...name.split(/[\s-]+/u).filter((part) => /\p{L}/u.test(part) && part !== name).map((part) => word(part, instead)),
];

/** An internal id, exactly as it is written. */
export const idRule = (id, instead) => ({ ...word(id, instead), flags: "gu" });

/** A text in pieces, what is found replaced; the first group is what stands before it. */
function split(text, pattern, instead) {
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(pattern)) {
    const at = found.index + found[1].length;
    pieces.push({ text: text.slice(done, at), open: true }, { text: instead, open: false });
    done = found.index + found[0].length;
  }
  return [...pieces, { text: text.slice(done), open: true }];
}

/**
 * The text with everything covered that a rule finds; the longest rules first, and what was put
 * instead is not looked at again.
 */
export function cover(text, rules) {
  let pieces = [{ text, open: true }];
  const longest = [...rules].sort((one, other) => other.length - one.length);
  for (const { source, flags, instead } of longest) {
    pieces = pieces.flatMap((piece) =>
      piece.open ? split(piece.text, new RegExp(source, flags), instead) : [piece],
    );
  }
  return pieces.map((piece) => piece.text).join("");
}
