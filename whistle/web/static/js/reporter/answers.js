/**
 * The answers of the report form, without the page: read from form data, checked, made into the
 * report's body. The server's twin is whistle/web/reporter/answers.py.
 */

export const TEXT_MAX = 20_000; // code points of all that is typed together (protocol section 3)

const clean = (value) => String(value ?? "").replaceAll("\r\n", "\n");

/** What was answered, as it was typed. `leftOut` holds persons of the keyring. */
export function fromForm(data) {
  const text = (name) => clean(data.get(name));
  const ticked = (name) => data.get(name) === "yes";
  return {
    channel: text("channel"),
    what: text("what"),
    when_where: text("when_where"),
    ongoing: text("ongoing"),
    topic: text("topic"),
    how_known: text("how_known"),
    leftOut: data.getAll("left_out").map(clean),
    noRecovery: ticked("no_recovery"),
    named: ticked("named"),
    name: text("name"),
    contact: text("contact"),
    language: text("answer_in"),
    meeting: ticked("meeting"),
    waiveAck: ticked("waive_ack"),
  };
}

/** The body of the report's entry; a name only when it was chosen to give one. */
export const bodyOf = (answers) => ({
  language: answers.language,
  answers: {
    what: answers.what.trim(),
    when_where: answers.when_where.trim(),
    ongoing: answers.ongoing,
    topic: answers.topic,
    how_known: answers.how_known.trim(),
  },
  reporter: answers.named
    ? { name: answers.name.trim(), contact: answers.contact.trim() }
    : null,
  wishes: { meeting: answers.meeting },
});

/** The code points of a text. */
export const codePoints = (text) => [...text].length;

/** The code points of all that was typed, as the body holds it; what was chosen from a list does not count. */
export function lengthOf(answers) {
  const { answers: given, reporter } = bodyOf(answers);
  const texts = [given.what, given.when_where, given.how_known, ...Object.values(reporter ?? {})];
  return texts.reduce((sum, text) => sum + codePoints(text), 0);
}

/** Whether anything was typed that would be lost. */
export const written = (answers) =>
  ["what", "when_where", "how_known", "name", "contact"].some((name) => answers[name].trim());

/** One row for each person: all keys of a person are left out together. */
export function persons(readers) {
  const found = new Map();
  for (const reader of readers) {
    if (!found.has(reader.person)) found.set(reader.person, { ...reader, ids: [] });
    found.get(reader.person).ids.push(reader.id);
  }
  return [...found.values()];
}

/** The ids of all keys of those left out. */
export const leftOutIds = (readers, leftOut) =>
  readers.filter(({ person }) => leftOut.includes(person)).map(({ id }) => id);

/** The persons who would read the report. */
export const remaining = (readers, leftOut) =>
  persons(readers).filter(({ person }) => !leftOut.includes(person));

const SEEN =
  /[^\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/u;

/** Whether nothing in a text can be seen; the server asks the same (visible.py). */
export const isBlank = (text) => !SEEN.test(text);

/** What must be mended, in the order of the page: `{field, code, values}`. */
export function problemsOf(answers, readers) {
  const found = [];
  const add = (field, code, values = {}) => found.push({ field, code, values });
  const count = lengthOf(answers);
  if (isBlank(answers.what)) add("what", "what_empty");
  else if (count > TEXT_MAX) add("what", "too_long", { count, limit: TEXT_MAX });
  if (readers && remaining(readers, answers.leftOut).length === 0) add("left_out", "no_readers");
  if (answers.named && isBlank(answers.name + answers.contact)) add("name", "name_empty");
  return found;
}
