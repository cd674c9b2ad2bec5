/**
 * Opening what the list shows of each case: fetched sealed in bounded answers, opened in the
 * Worker a few at a time, what is in view first. The list can be used all the while.
 */

const FETCHED = 24; // cases in one answer
const FIRST = 8; // in the first: it is soon here
const AT_ONCE = 6; // in one request to the Worker, so that it is soon free for what somebody does

/**
 * @param onOpened  called with what was opened: [{id, title, first, assignee, labels, …}]
 * @param onEnd  called when nothing is left to open, or with the error that ended it
 * @returns {follow, first, known, left, clear}
 */
export function openList(desk, { onOpened, onEnd }) {
  const known = new Map(); // id -> what the Worker told, and `marks`, the number it was told for
  let waiting = []; // ids, the most urgent first
  let newest = new Map(); // id -> number of the newest marks, as the list has it
  let running = false;
  let turn = 0; // what belongs to an earlier one is dropped

  const isOld = (id) => !known.has(id) || known.get(id).marks !== newest.get(id);

  /** Takes over a new list; what is known and unchanged is not opened again. */
  async function follow({ cases }) {
    const ours = turn;
    newest = new Map(cases.map(({ id, marks }) => [id, marks]));
    for (const id of known.keys()) if (!newest.has(id)) known.delete(id);
    const ids = cases.map(({ id }) => id);
    await desk.sealing.ask("openList", { keyringAnswer: desk.keyrings, ids, seen: desk.seen });
    if (ours !== turn) return;
    waiting = ids.filter(isOld);
    if (!running) run();
  }

  /** Puts some cases before the others. */
  function first(ids) {
    const urgent = new Set(ids);
    waiting = [...waiting.filter((id) => urgent.has(id)), ...waiting.filter((id) => !urgent.has(id))];
  }

  const fetchNext = (most = FETCHED) => {
    const ids = waiting.slice(0, most);
    waiting = waiting.slice(most);
    const answer = ids.length > 0 ? desk.api.pieces(ids) : null;
    answer?.catch(() => {}); // told where it is waited for
    return answer;
  };

  async function run() {
    const ours = turn;
    running = true;
    let fault = null;
    try {
      let coming = fetchNext(FIRST);
      while (coming !== null && ours === turn) {
        const { pieces } = await coming;
        coming = fetchNext();
        await openAll(pieces, ours);
      }
    } catch (error) {
      fault = error;
    }
    if (ours !== turn) return;
    running = false;
    if (fault !== null) waiting = [];
    onEnd(fault);
  }

  async function openAll(pieces, ours) {
    for (let at = 0; at < pieces.length && ours === turn; at += AT_ONCE) {
      const some = pieces.slice(at, at + AT_ONCE);
      const { opened } = await desk.sealing.ask("openPieces", { pieces: some });
      if (ours !== turn) return;
      keep(opened);
    }
  }

  function keep(opened) {
    for (const one of opened) known.set(one.id, { ...one, marks: newest.get(one.id) ?? null });
    onOpened(opened);
  }

  return {
    follow,
    first,
    known,
    left: () => [...newest.keys()].filter((id) => !known.has(id)).length,
    /** Takes over a case that was opened whole, and verified whole. */
    keepWhole: (opened, marks) => {
      newest.set(opened.id, marks);
      keep([opened]);
    },
    forget: (id) => {
      known.delete(id);
      waiting = waiting.filter((one) => one !== id);
      return desk.sealing.ask("forget", { id }).catch(() => {});
    },
    /** Nothing of it stays in this page. */
    clear: () => {
      turn += 1;
      running = false;
      waiting = [];
      known.clear();
      newest.clear();
    },
  };
}
