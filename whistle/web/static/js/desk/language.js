/** A guess at the language of a text, good enough for a warning. Pure. */

const COMMON = {
  en: ["the", "and", "you", "we", "that", "this", "with", "your", "have", "has", "is", "was", "of"],
  sv: ["och", "att", "det", "som", "vi", "har", "du", "inte", "för", "med", "din", "är", "den"],
};
const LEAST = 3; // common words found, and twice as many as of any other language

/** The language that a text looks like, or null when it is too short or mixed to tell. */
export function looksLike(text) {
  const found = new Set(text.toLowerCase().match(/\p{L}+/gu) ?? []);
  const scores = Object.entries(COMMON)
    .map(([language, words]) => [language, words.filter((word) => found.has(word)).length])
    .sort((one, other) => other[1] - one[1]);
  const [[best, score], [, next]] = scores;
  return score >= LEAST && score >= 2 * next ? best : null;
}
