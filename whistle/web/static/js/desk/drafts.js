/**
 * Unsent texts, by place. They live in this page's memory only: they outlast the lock and a look
 * at another case, and are gone when the tab is closed.
 */

export function keepDrafts() {
  const kept = new Map();

  /** Remembers what stands in the fields of `root` that have data-draft, under `place`. */
  function save(place, root) {
    const texts = new Map();
    for (const field of root.querySelectorAll("[data-draft]")) {
      const own = field.value.trim() !== "" && field.value !== field.dataset.ready;
      if (own) texts.set(field.dataset.draft, field.value);
    }
    if (texts.size > 0) kept.set(place, texts);
    else kept.delete(place);
  }

  /** Puts the remembered texts back; returns the names of the fields that got one. */
  function restore(place, root) {
    const texts = kept.get(place);
    if (!texts) return [];
    for (const field of root.querySelectorAll("[data-draft]")) {
      if (texts.has(field.dataset.draft)) field.value = texts.get(field.dataset.draft);
    }
    return [...texts.keys()];
  }

  return { save, restore, any: () => kept.size > 0, drop: (place) => kept.delete(place) };
}
