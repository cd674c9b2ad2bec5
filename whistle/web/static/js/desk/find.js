/**
 * Finding cases in the list: filters by what the server tells and by what was opened, and a search
 * that the Worker makes over what this browser has opened. Nothing of either is sent or kept.
 */

import { fill, part, show } from "./dom.js";
import { fillSelect } from "./forms.js";

const PAUSE = 120; // ms after the last letter
export const NOBODY = "-";

/** Whether a case passes the filters; what is not opened yet passes none that needs a key. Pure. */
export function passes(one, opened, { state, channel, assignee, label, found }) {
  if (state !== "" && one.state !== state) return false;
  if (channel !== "" && one.channel !== channel) return false;
  if (found !== null && !found.has(one.id)) return false;
  if (assignee === "" && label === "") return true;
  if (!opened || opened.fault !== null) return false;
  if (assignee !== "" && (opened.assignee?.id ?? NOBODY) !== assignee) return false;
  return label === "" || opened.labels.includes(label);
}

const different = (values) => [...new Set(values)].sort((one, other) => one.localeCompare(other));

/** What can be chosen: the states, channels, people and labels that the list has. Pure. */
export function choices(cases, known) {
  const opened = [...known.values()].filter(({ fault }) => fault === null);
  const people = new Map(opened.flatMap(({ assignee: a }) => (a ? [[a.id, a.name]] : [])));
  return {
    state: different(cases.map(({ state }) => state)),
    channel: different(cases.map(({ channel }) => channel)),
    assignee: [...people].sort(([, one], [, other]) => one.localeCompare(other)),
    label: different(opened.flatMap(({ labels }) => labels)),
  };
}

/**
 * Wires the form above the list.
 * @param onChange  called when other cases are to be shown
 * @returns {chosen, refresh, offer, clear, say}
 */
export function wireFind(desk, { known, onChange, onDown }) {
  const form = desk.view("cases").querySelector("form[data-form='find']");
  const { find, state, channel, assignee, label } = form.elements;
  const selects = { state, channel, assignee, label };
  const told = part(form, "found");
  let found = null; // {ids, searched, whole} of the search that stands
  let timer = null;
  let asked = 0;

  const chosen = () => ({
    ...Object.fromEntries(Object.entries(selects).map(([name, one]) => [name, one.value])),
    found: found && new Set(found.ids),
  });

  async function search() {
    const query = find.value.trim();
    const ours = (asked += 1);
    if (query === "") found = null;
    else {
      const answer = await desk.sealing.ask("search", { query }).catch(() => null);
      if (ours !== asked || answer === null) return;
      found = answer;
    }
    onChange();
  }

  /** More was opened: the search that stands goes on over it. */
  const refresh = () => (find.value.trim() === "" ? Promise.resolve() : search());

  function keepChoice(select, options, first) {
    const before = select.value;
    fillSelect(select, options, first);
    select.value = before;
    if (select.selectedIndex < 0) select.value = "";
  }

  /** Offers what can be chosen now; a choice that stands is kept. */
  function offer(cases) {
    const can = choices(cases, known);
    const all = desk.say("find.all");
    keepChoice(state, can.state.map((one) => ({ value: one, text: desk.say(`state.${one}`) })), all);
    const named = can.channel.map((one) => ({ value: one, text: desk.channels.get(one) ?? one }));
    keepChoice(channel, named, all);
    show(channel.closest(".field"), can.channel.length > 1);
    const people = can.assignee.map(([value, text]) => ({ value, text }));
    keepChoice(assignee, [{ value: NOBODY, text: desk.say("find.nobody") }, ...people], all);
    keepChoice(label, can.label.map((one) => ({ value: one, text: one })), all);
  }

  /** Says how many were found, among how many; `others` stand outside the chosen counter. */
  function say(shown, total, others) {
    const filtered = found !== null || Object.values(selects).some(({ value }) => value !== "");
    const lines = [
      filtered && desk.say("find.found", { n: shown }),
      others > 0 && desk.say("find.others", { n: others }),
      found && desk.say(found.searched < total ? "find.searching" : "find.searched", {
        n: found.searched, total,
      }),
      found && desk.say("find.whole", { n: found.whole }),
    ];
    fill(form, { others: others > 0 });
    const text = lines.filter(Boolean).join(" ");
    if (told.textContent !== text) told.textContent = text;
  }

  find.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  form.addEventListener("change", ({ target }) => {
    if (target !== find) onChange();
  });
  form.addEventListener("keydown", (event) => {
    if (event.target !== find) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      onDown();
    }
    if (event.key === "Escape" && find.value !== "") {
      event.preventDefault();
      find.value = "";
      search();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  return {
    chosen,
    refresh,
    offer,
    say,
    clear: () => {
      clearTimeout(timer);
      asked += 1;
      found = null;
      form.reset();
      told.textContent = "";
    },
  };
}
