/**
 * The sentences of the page. They stand in the document, in its language, each under a code:
 *   <template data-words><p data-say="warn.lock">The page locks at {time}.</p></template>
 * A sentence that depends on a number stands there once for each form: "left.one", "left.other".
 * Scripts hold codes, never sentences.
 */

/** Reads all sentences below `root` into a map from code to sentence. */
export function readWords(root) {
  const found = new Map();
  for (const template of root.querySelectorAll("template[data-words]")) {
    for (const one of template.content.querySelectorAll("[data-say]")) {
      found.set(one.dataset.say, one.textContent.trim());
    }
  }
  return found;
}

/**
 * Returns `say(code, values)`. `values.n` chooses the form; a code that is unknown falls back to
 * its family ("fault.gap" to "fault"), so that a new reason is still said plainly.
 */
export function speaker(sentences, language) {
  const forms = new Intl.PluralRules(language);

  function find(code, n) {
    const form = n === undefined ? undefined : sentences.get(`${code}.${forms.select(n)}`);
    return form ?? sentences.get(code);
  }

  return function say(code, values = {}) {
    let sentence = find(code, values.n);
    for (let family = code; sentence === undefined && family.includes("."); ) {
      family = family.slice(0, family.lastIndexOf("."));
      sentence = find(family, values.n);
    }
    return fillIn(sentence ?? code, values);
  };
}

/** Puts values into the places written {name}; a place without a value stays as it is. */
export const fillIn = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/gu, (place, name) => String(values[name] ?? place));
