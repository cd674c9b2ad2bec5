// A strict JSON reader for signed bytes (protocol section 3). It refuses what parsers differ
// on: a key twice, half a surrogate pair, and any number that is not a whole one from 0 to
// 2^53 - 1 written plainly. JSON.parse would let the last of two equal keys win in silence.
//
// Reasons: json_size · utf8 · json (not an object, or nested too deep) · duplicate_key · number

import { text } from "./bytes.js";
import { refuse } from "./errors.js";

const DEPTH_MAX = 64;
const NUMBER = /-?(?:Infinity|NaN|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS = { true: true, false: false, null: null };

class Reader {
  constructor(source, family) {
    this.source = source;
    this.family = family;
    this.at = 0;
  }

  wrong(reason = "json") {
    return refuse(this.family, reason);
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  /** Skips space, and takes `mark` when it comes next. */
  mark(mark) {
    this.take(SPACE);
    if (this.source[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  value(depth) {
    if (depth > DEPTH_MAX) this.wrong();
    this.take(SPACE);
    const next = this.source[this.at];
    if (next === "{") return this.object(depth);
    if (next === "[") return this.array(depth);
    if (next === '"') return this.string();
    for (const [word, value] of Object.entries(WORDS)) {
      if (this.source.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  number() {
    const written = this.take(NUMBER) ?? this.wrong();
    if (/^0[0-9]/.test(written)) this.wrong();
    const plain = /^[0-9]{1,16}$/.test(written) && Number.isSafeInteger(Number(written));
    return plain ? Number(written) : this.wrong("number");
  }

  string() {
    const read = JSON.parse(this.take(STRING) ?? this.wrong());
    return /\p{Surrogate}/u.test(read) ? this.wrong("utf8") : read;
  }

  array(depth) {
    const items = [];
    this.at += 1;
    if (this.mark("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.mark(","));
    return this.mark("]") ? items : this.wrong();
  }

  object(depth) {
    const pairs = new Map();
    this.at += 1;
    if (this.mark("}")) return {};
    do {
      this.take(SPACE);
      const key = this.string();
      if (pairs.has(key)) this.wrong("duplicate_key");
      if (!this.mark(":")) this.wrong();
      pairs.set(key, this.value(depth + 1));
    } while (this.mark(","));
    return this.mark("}") ? Object.fromEntries(pairs) : this.wrong();
  }
}

/** The JSON object in `bytes`, at most `bytesMax` of them; raises `family` otherwise. */
export function parseJson(bytes, bytesMax, family) {
  if (bytes.length > bytesMax) refuse(family, "json_size");
  const source = text(bytes, family);
  const reader = new Reader(source, family);
  const value = reader.value(0);
  reader.take(SPACE);
  if (reader.at !== source.length) reader.wrong();
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject ? value : reader.wrong();
}
