/** Ready texts: they stand in the page in each language; dates are put in, nothing else. */

import { inWords } from "./dates.js";
import { part } from "./dom.js";
import { fillSelect } from "./forms.js";
import { fillIn } from "./words.js";

/** Reads all ready texts below `root`: [{kind, field, label, texts: Map(language -> text)}]. */
export function readSnippets(root) {
  const template = root.querySelector("template[data-snippets]");
  return [...template.content.children].map((one) => ({
    kind: one.dataset.kind,
    field: one.dataset.fieldName,
    label: one.dataset.label,
    texts: new Map([...one.children].map((text) => [text.lang, text.textContent.trim()])),
  }));
}

/** A ready text in a language (the first one's when it has none), with the case's dates. Pure. */
export function snippetText(snippet, language, dates) {
  const spoken = snippet.texts.has(language) ? language : [...snippet.texts.keys()][0];
  const days = Object.entries(dates).filter(([, day]) => typeof day === "string");
  return fillIn(
    snippet.texts.get(spoken),
    Object.fromEntries(days.map(([name, day]) => [name, inWords(day, spoken)])),
  );
}

/** Offers the ready texts of a form in a list; "insert" puts one behind what is written. */
export function wireSnippets(desk, form, all, { language, dates }) {
  const box = part(form, "snippets");
  if (box === null) return;
  const own = all.filter(({ kind }) => kind === form.dataset.form);
  const select = box.querySelector("select");
  const options = own.map(({ label }, index) => ({ value: String(index), text: label }));
  fillSelect(select, options, desk.say("write.choose"));
  box.querySelector("[data-act='insert']").onclick = () => {
    const snippet = own[Number(select.value)];
    if (select.value === "" || !snippet) return;
    const area = form.elements.namedItem(snippet.field);
    const text = snippetText(snippet, language, dates);
    area.value = area.value.trim() === "" ? text : `${area.value.trimEnd()}\n\n${text}`;
    select.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
}
