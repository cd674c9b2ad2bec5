// How far each chain went when it was last verified here, in memory: a server that showed an entry
// and then shows less, or another in its place, is noticed at the next reading. Across visits nothing
// is kept, so there only the other side's next entry shows it (protocol section 4).

export class Ends {
  constructor() {
    this.known = new Map(); // thread and chain -> {seq, sha256}
  }

  /** Whether a chain of this thread has been verified here. */
  knows(thread, chain) {
    return this.known.has(`${thread} ${chain}`);
  }

  /** The fault of a chain that verifyThread found whole, or null; remembers its end. */
  check({ entries, fault, next, thread }) {
    if (fault !== null) return fault;
    const { chain } = next;
    const key = `${thread} ${chain}`;
    const seen = this.known.get(key);
    if (seen) {
      if (next.seq <= seen.seq) return { reason: "withheld", chain, seq: next.seq };
      const same = entries.find(({ seq }) => seq === seen.seq);
      if (same && same.sealed_sha256 !== seen.sha256) {
        return { reason: "fork", chain, seq: seen.seq };
      }
    }
    this.known.set(key, { seq: next.seq - 1, sha256: next.prev });
    return null;
  }
}
